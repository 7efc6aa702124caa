/** History as the suite looks at it. */
import { expect } from "vitest";
import type { JsonObject } from "../../lib/fdl/json.ts";

/** An event; `EventDetail` is read. */
export interface HistoryLine {
  readonly id: number;
  /** ScheduleEventId. */
  readonly cause: number;
  readonly type: string;
  readonly step: string;
  /** ms. */
  readonly time: number;
  readonly detail: JsonObject;
}

/** Step names of all events of a type, in order. */
export function trace(events: readonly HistoryLine[], type: string): readonly string[] {
  return events.filter((event) => event.type === type).map((event) => event.step);
}

/** Details of all events of a type, of all steps or of one, in order. */
export function details(events: readonly HistoryLine[], type: string, step?: string): readonly JsonObject[] {
  return events
    .filter((event) => event.type === type && (step === undefined || event.step === step))
    .map((event) => event.detail);
}

/** The detail of the only event of a type and step. */
export function detail(events: readonly HistoryLine[], type: string, step: string): JsonObject {
  const found = details(events, type, step);
  expect(found).toHaveLength(1);
  return found[0]!;
}
