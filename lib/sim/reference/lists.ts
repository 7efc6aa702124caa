/** Lists of steps: frames, the life of a step in its frame, jumps (fdl.md §2.1, §2.2, §3, §5). */
import type { Mapping, Step } from "../../fdl/definition.ts";
import type { Json, JsonObject } from "../../fdl/json.ts";
import { parseTimestamp } from "../../fdl/timestamp.ts";
import { holds } from "./condition.ts";
import { caughtBy, type Handling, retried } from "./errors.ts";
import { type ListDone, together } from "./forks.ts";
import { mapped, parameter, type Roots, union } from "./mappings.ts";
import { counted, type Failure, failure, type Names, type Run } from "./run.ts";
import { attempt } from "./task.ts";
import { UNSPECIFIED } from "./unspecified.ts";
import { follow, isList, isMap } from "./value.ts";

/** What a list of steps runs in. */
export interface Frame {
  readonly names: Names;
  readonly input: JsonObject;
  readonly local: JsonObject;
}

/** A step that is done: what goes into the frame's local, and where the list goes on. */
interface StepDone {
  readonly kind: "done";
  readonly output: JsonObject;
  readonly goto?: string | undefined;
  readonly at: number;
}

/** A year, ms: no wait may be longer (WAIT-08). */
const YEAR_MS = 31_536_000_000;

type Control<T extends Step["type"]> = Extract<Step, { type: T }>;

/** Runs a list in its frame from `at` (ms) on. One that nothing will ever end, ends at infinity. */
export function runList(run: Run, steps: readonly Step[], frame: Frame, at: number): ListDone | Failure {
  let { local } = frame;
  let now = at;
  let step = steps[0];
  while (step !== undefined && now < Number.POSITIVE_INFINITY) {
    counted(run);
    const done = runStep(run, step, { ...frame, local }, now);
    if (done.kind === "failed") return done;
    local = union(local, done.output);
    now = done.at;
    step = nextOf(steps, step, done.goto);
  }
  return { kind: "done", local, at: now };
}

/** Where a list goes on behind a step that is done; undefined: it is at its end. */
function nextOf(steps: readonly Step[], step: Step, goto: string | undefined): Step | undefined {
  if (goto !== undefined) return steps.find(({ name }) => name === goto);
  const ends = step.type === "succeed" || (step.type !== "fail" && step.end);
  return ends ? undefined : steps[steps.indexOf(step) + 1];
}

function runStep(run: Run, step: Step, frame: Frame, at: number): StepDone | Failure {
  if (step.type === "fail") return failure(step.error, step.cause, at);
  if (step.type === "task") {
    const inputOf = (token: string) => inputIn(step, frame, token);
    const end = retried(step, at, (retryCount, begin) => attempt(run, step, inputOf, retryCount, begin));
    if (end.kind === "failed") return caught(step, frame, inputIn(step, frame, UNSPECIFIED), end);
    return { kind: "done", output: outputOf(step, frame, end.input, end.local), at: end.at };
  }
  const input = inputIn(step, frame);
  switch (step.type) {
    case "pass":
    case "succeed":
      return { kind: "done", output: outputOf(step, frame, input, {}), at };
    case "wait": {
      const until = waited(step, run, input, at);
      if (until === undefined) return failure("FnF.InvalidInput", UNSPECIFIED, at);
      return { kind: "done", output: outputOf(step, frame, input, {}), at: until };
    }
    case "choice": {
      const taken = step.choices.find(({ condition }) => holds(condition, input)) ?? step.default;
      const end = runList(run, taken?.steps ?? [], { ...frame, input, local: {} }, at);
      if (end.kind === "failed") return end;
      return { kind: "done", output: outputOf(step, frame, input, end.local), goto: taken?.goto, at: end.at };
    }
    case "parallel":
    case "foreach": {
      const end = retried(step, at, (_, begin) =>
        step.type === "parallel" ? parallel(run, step, frame, input, begin) : foreach(run, step, frame, input, begin),
      );
      if (end.kind === "failed") return caught(step, frame, input, end);
      const output = step.outputMappings === undefined ? {} : outputOf(step, frame, input, end.local);
      return { kind: "done", output, at: end.at };
    }
    default:
      return step satisfies never;
  }
}

/** DATA-03, DATA-04; the token only in the input of a task (CTX-04). */
function inputIn(step: Step, frame: Frame, token?: string): JsonObject {
  const { inputMappings } = step;
  if (inputMappings === undefined) return union(frame.input, frame.local);
  return mapped(inputMappings, { ...rootsOf(step, frame, token), input: frame.input, local: frame.local });
}

/** DATA-06, DATA-07 */
function outputOf(step: Step, frame: Frame, input: JsonObject, local: Json): JsonObject {
  if (step.outputMappings === undefined) return isMap(local) ? local : {};
  return mapped(step.outputMappings, { ...rootsOf(step, frame), input, local });
}

function rootsOf({ name }: Step, { names, input }: Frame, token?: string): Roots {
  return { input, context: contextOf(names, name, token) };
}

function contextOf({ flow, execution }: Names, step: string, token: string | undefined): JsonObject {
  return {
    flow: { name: flow },
    execution: { name: execution },
    step: { name: step, eventId: UNSPECIFIED },
    ...(token !== undefined && { task: { token } }),
  };
}

/** CATCH-03 to CATCH-07 */
function caught(step: Handling, frame: Frame, input: JsonObject, failed: Failure): StepDone | Failure {
  const goto = caughtBy(step, failed);
  if (goto === undefined) return failed;
  const { error, cause, at } = failed;
  if (step.errorMappings !== undefined) {
    const roots = { ...rootsOf(step, frame), input, local: { error, cause } };
    return { kind: "done", output: mapped(step.errorMappings.map(namedError), roots), goto, at };
  }
  return { kind: "done", output: step.type === "task" && step.action === true ? { error, cause } : {}, goto, at };
}

/** `$local.code` is another name of `$local.error` (CATCH-03, fdl.md §10 row 7). */
function namedError(mapping: Mapping): Mapping {
  const { target, source } = mapping;
  if (source.kind !== "path" || source.root !== "local") return mapping;
  const [first, ...rest] = source.path;
  if (first?.kind !== "key" || first.key !== "code") return mapping;
  return { target, source: { ...source, path: [{ kind: "key", key: "error" }, ...rest] } };
}

/** When the wait is over, ms; undefined: its value is unusable (WAIT-07, WAIT-08). */
function waited({ duration, timestamp }: Control<"wait">, run: Run, input: JsonObject, at: number): number | undefined {
  const param = duration ?? timestamp;
  const value = param === undefined ? undefined : parameter(param, input);
  if (value === undefined) return at;
  const ms = duration === undefined ? untilTime(value, (run.world.startedMs ?? 0) + at) : durationOf(value);
  return ms === undefined || ms > YEAR_MS ? undefined : at + Math.max(0, ms);
}

function durationOf(value: Json): number | undefined {
  const isNumber =
    typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value));
  return isNumber ? Math.round(Number(value) * 1000) : undefined;
}

function untilTime(value: Json, now: number): number | undefined {
  const time = typeof value === "string" ? parseTimestamp(value) : undefined;
  return time === undefined ? undefined : time - now;
}

function parallel(run: Run, { branches }: Control<"parallel">, frame: Frame, input: JsonObject, at: number) {
  const runs = branches.map(
    ({ steps }) =>
      (begin: number) =>
        runList(run, steps, { ...frame, input, local: {} }, begin),
  );
  return together(run, runs, Number.POSITIVE_INFINITY, at);
}

function foreach(run: Run, step: Control<"foreach">, frame: Frame, input: JsonObject, at: number) {
  const { collection, item, index } = step.iterationMapping;
  const elements = follow(input, collection.path);
  if (!isList(elements)) return failure("FnF.InvalidInput", UNSPECIFIED, at);
  const runs = elements.map((element, number) => {
    const own = Object.fromEntries<Json>([[item, element], ...(index === undefined ? [] : [[index, number] as const])]);
    return (begin: number) => runList(run, step.steps, { ...frame, input: union(input, own), local: {} }, begin);
  });
  return together(run, runs, step.concurrency, at);
}
