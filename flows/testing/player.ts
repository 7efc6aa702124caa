/**
 * Plays an example on the core with the functions of its own functions.ts. They run in this process, so what would end
 * a function process is turned into the error that it is for the flow (fdl.md §6.2), and their clock is the flow's.
 */
import { types } from "node:util";
import { vi } from "vitest";
import { type Answer, type Played, play, TaskError, type World } from "../../lib/engine/testing/play.ts";
import type { Flow } from "../../lib/fdl/definition.ts";
import { isObject, type Json, type JsonObject, own } from "../../lib/fdl/json.ts";
import { failureOf } from "../../lib/local/functions/failure.ts";
import { findFunction } from "../../lib/local/functions/names.ts";

/** The default export of a functions.ts. */
export type ExampleFunctions = Readonly<Record<string, (event: never, context: never) => unknown>>;

/** One attempt of a task that calls a function. */
export interface FunctionCall {
  readonly step: string;
  /** Virtual time since the start, seconds. */
  readonly at: number;
  readonly input: Json;
  /** Absent when the attempt failed. */
  readonly result?: unknown;
}

export interface PlayedExample extends Played {
  /** In the order of their time. */
  readonly calls: readonly FunctionCall[];
}

/** Plays a flow whose tasks stand in its outermost list. The world's own functions are not used. */
export function playExample(flow: Flow, functions: ExampleFunctions, world: World = {}): PlayedExample {
  const calls: FunctionCall[] = [];
  const realExit = vi.spyOn(process, "exit").mockImplementation(() => {
    throw new Exited();
  });
  const silence = vi.spyOn(console, "log").mockImplementation(() => {});
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    return { ...play(flow, { ...world, functions: answersOf(flow, functions, world.startedAt ?? 0, calls) }), calls };
  } finally {
    vi.useRealTimers();
    silence.mockRestore();
    realExit.mockRestore();
  }
}

/** Thrown where a function would have ended its process. */
class Exited extends Error {}

/** The function of each task, by the task's resource name. */
function answersOf(flow: Flow, functions: ExampleFunctions, startedAt: number, calls: FunctionCall[]) {
  const names = new Set(Object.keys(functions));
  const answers: Record<string, Answer<Json>> = {};
  for (const task of flow.steps) {
    if (task.type !== "task" || task.resource.kind !== "fc") continue;
    const run = functions[findFunction(names, task.resource) ?? ""];
    if (run === undefined) throw new Error(`functions.ts has nothing for ${task.resourceArn}.`);
    answers[task.resourceArn] = (input, { step, retryCount, time }) => {
      vi.setSystemTime(time);
      const call = { step, at: (time - startedAt) / 1000, input };
      try {
        const result = resultOf(run(...callOf(input, retryCount)));
        calls.push({ ...call, result });
        return result;
      } catch (thrown) {
        calls.push(call);
        throw taskError(thrown);
      }
    };
  }
  return answers;
}

/** What a function is called with; it declares the shapes that it expects. */
function callOf(input: Json, retryCount: number): [never, never] {
  return [input as never, { clientContext: { custom: { retryCount } } } as never];
}

/** A result as it arrives: through JSON. The only promise of the examples is one that is kept too late. */
function resultOf(result: unknown): Json {
  if (types.isPromise(result)) throw new TaskError("FnF.TaskTimeout", "The task attempt did not end in time.");
  return JSON.parse(JSON.stringify(result));
}

function taskError(thrown: unknown): TaskError {
  if (thrown instanceof TaskError) return thrown;
  if (thrown instanceof Exited) {
    return new TaskError("FC.Unknown", '{"errorMessage":"Process exited unexpectedly before completing request"}');
  }
  const { error, cause } = failureOf(thrown);
  return new TaskError(error, cause);
}

/** The details of the events of one type and step, in order. */
export function details({ history }: Played, type: string, step: string): readonly JsonObject[] {
  return history
    .filter((event) => event.Type === type && event.StepName === step)
    .map(({ EventDetail }) => EventDetail);
}

/** The token that the history shows for a step that waited for a report. */
export function shownToken(played: Played, step: string): string {
  const output = details(played, "TaskSubmitted", step)[0]?.output;
  const token = isObject(output) ? own(output, "taskToken") : undefined;
  if (typeof token !== "string") throw new Error(`The history shows no token of ${step}.`);
  return token;
}

/** Names of the steps in the order they were entered. */
export function path({ history }: Played): readonly string[] {
  return history.filter(({ Type }) => Type === "StepEntered").map(({ StepName }) => StepName);
}
