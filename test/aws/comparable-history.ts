/**
 * Histories of the same flow, once played by the core in the test's process and once run by a deployment, with what differs
 * by chance taken out: ids are told apart by the order in which they are first seen; tokens, stacks and the words of a crash are
 * left out.
 */
import { isObject, type Json, type JsonObject } from "../../lib/fdl/json.ts";

export interface HistoryEvent {
  readonly EventId: number;
  readonly ScheduleEventId?: number;
  readonly Type: string;
  readonly StepName: string;
  readonly Time: string;
  /** JSON text, or what it says. */
  readonly EventDetail: Json;
}

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;
/** Where an error was thrown, by the names of Lambda and of the local runner. */
const STACKS = new Set(["trace", "stackTrace"]);
/** What the examples hand a task's token over as. */
const TOKENS = new Set(["taskToken", "task_token"]);

/** All but the times of the events, and the output, in a form that another run's can equal. */
export function comparable(events: readonly HistoryEvent[], output: JsonObject = {}): readonly object[] {
  const ids = new Map<string, string>();

  function named(id: string): string {
    const name = ids.get(id) ?? `id ${ids.size}`;
    ids.set(id, name);
    return name;
  }

  function textOf(text: string): Json {
    const parsed = parse(text);
    return parsed === undefined ? text.replace(UUID, named) : { json: comparableValue(parsed) };
  }

  function comparableValue(value: Json): Json {
    if (typeof value === "string") return textOf(value);
    if (Array.isArray(value)) return value.map(comparableValue);
    if (!isObject(value)) return value;
    // In one order, so that ids are met in one order.
    const keys = Object.keys(value).filter((key) => !STACKS.has(key));
    return Object.fromEntries(keys.toSorted().map((key) => [key, memberOf(key, value[key] ?? null)]));
  }

  function memberOf(key: string, value: Json): Json {
    if (TOKENS.has(key)) return "token";
    // Of a message with a token in it.
    if (key === "MessageBodyMD5") return "hash";
    // Each place has its own words for a process that ended.
    if (typeof value === "string" && /^\{.*"errorMessage":.*exited/.test(value)) return "the function's process ended";
    return comparableValue(value);
  }

  const compared = events.map(({ EventId, ScheduleEventId, Type, StepName, EventDetail }) => ({
    EventId,
    ScheduleEventId,
    Type,
    StepName,
    EventDetail: comparableValue(typeof EventDetail === "string" ? (parse(EventDetail) ?? {}) : EventDetail),
  }));
  return [...compared, { output: comparableValue(output) }];
}

/** Since the first event, of each event, seconds. */
export function secondsOf(events: readonly HistoryEvent[]): readonly number[] {
  const times = events.map(({ Time }) => Date.parse(Time) / 1000);
  return times.map((time) => time - (times[0] ?? 0));
}

/** An object or array that a text is. */
function parse(text: string): Json | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
