/** Smaller sketches of flows: fewer steps, steps out of what is around them, and simpler ones. */
import type { JsonObject } from "../../../lib/fdl/json.ts";
import { INC } from "./calls.ts";
import { NO_HANDLING } from "./handling.ts";
import {
  type ChoiceSketch,
  type EntrySketch,
  type Errors,
  type FlowSketch,
  type ForeachSketch,
  type Handling,
  type ListSketch,
  listsIn,
  type ParallelSketch,
  type StepSketch,
  type TaskSketch,
} from "./sketch.ts";
import { absent, fields, firstly, items, number, optional, type Smaller, towards } from "./smaller.ts";

const SIMPLEST: StepSketch = { kind: "pass", output: undefined };

const handling: Smaller<Handling> = firstly(
  towards(NO_HANDLING),
  fields<Handling>({
    retry: optional(towards<JsonObject>({ intervalSeconds: 1, maxAttempts: 1 })),
    caught: optional(towards<Errors>("all")),
    retried: towards<Errors>("all"),
    output: absent,
    onLost: towards(false),
    jump: number(),
  }),
);

const fork = { input: absent, output: absent, handling };

const task: Smaller<TaskSketch> = fields<TaskSketch>({
  call: towards(INC),
  input: absent,
  output: number(),
  handling,
});

const listOrNone: Smaller<ListSketch | undefined> = optional((list) => smallerList(list));

const entry = { list: listOrNone, jump: optional(number()) };

const choice: Smaller<ChoiceSketch> = fields<ChoiceSketch>({
  entries: items(0, fields<EntrySketch>({ ...entry, condition: towards("true") })),
  otherwise: optional(fields<Omit<EntrySketch, "condition">>(entry)),
  input: absent,
  output: absent,
});

const parallel: Smaller<ParallelSketch> = fields<ParallelSketch>({
  branches: items<ListSketch>(1, (list) => smallerList(list)),
  failsAfter: optional(number()),
  ...fork,
});

const foreach: Smaller<ForeachSketch> = fields<ForeachSketch>({
  list: (list) => smallerList(list),
  over: towards<ForeachSketch["over"]>("two"),
  concurrency: optional(number(1)),
  ...fork,
});

function* smallerStep(step: StepSketch): Iterable<StepSketch> {
  if (step.kind !== "pass") yield SIMPLEST;
  switch (step.kind) {
    case "pass":
      return yield* towards<StepSketch>(SIMPLEST)(step);
    case "wait":
      return yield* towards<StepSketch>({ kind: "wait", until: { duration: 1 } })(step);
    case "leave":
      return yield* towards<StepSketch>({ kind: "leave", how: "succeed" })(step);
    case "task":
      return yield* task(step);
    case "choice":
      return yield* choice(step);
    case "parallel":
      return yield* parallel(step);
    case "foreach":
      return yield* foreach(step);
    default:
      return step satisfies never;
  }
}

/** The list without what is around it, or without what is around some of its steps. */
function* hoisted(list: ListSketch): Iterable<ListSketch> {
  for (const step of list.steps) yield* listsIn(step);
  for (const [at, step] of list.steps.entries()) {
    const lists = listsIn(step);
    if (lists.length > 1) yield { ...list, steps: list.steps.toSpliced(at, 1, ...lists.flatMap(({ steps }) => steps)) };
    for (const { steps } of lists) yield { ...list, steps: list.steps.toSpliced(at, 1, ...steps) };
  }
}

const steps = items<StepSketch>(1, smallerStep);

const smallerList: Smaller<ListSketch> = firstly(
  hoisted,
  fields<ListSketch>({
    rounds: number(1),
    check: towards<ListSketch["check"]>("end"),
    tail: towards<ListSketch["tail"]>("none"),
    steps,
  }),
);

/** Smaller flows; at least one is left. */
export const smallerFlows: Smaller<readonly FlowSketch[]> = items(
  1,
  fields<FlowSketch>({ more: towards({}), list: smallerList }),
);
