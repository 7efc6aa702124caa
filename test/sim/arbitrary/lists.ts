/** Sketches of steps and lists, each level of nesting smaller than the one around it. */
import * as fc from "fast-check";
import type { JsonObject } from "../../../lib/fdl/json.ts";
import { BIG, calls } from "./calls.ts";
import { choiceOutputs, conditions, forkOutputs, listInputs, passOutputs, taskInputs } from "./data.ts";
import { forkHandlings, NO_HANDLING, taskHandlings } from "./handling.ts";
import { pick, seldom } from "./pick.ts";
import type { Collection, ListSketch, StepSketch, TaskSketch } from "./sketch.ts";

const passes: fc.Arbitrary<StepSketch> = fc.record({ kind: fc.constant("pass"), output: passOutputs });

const leaves: fc.Arbitrary<StepSketch> = fc.record({
  kind: fc.constant("leave"),
  how: pick<"end" | "succeed" | "fail">([2, "end"], [2, "succeed"], [1, "fail"]),
});

/** Around the ends of a lease (55 s), of a message's visibility (60 s) and of what a queue delays (900 s), and for months. */
const waits: fc.Arbitrary<StepSketch> = fc.record({
  kind: fc.constant("wait"),
  until: pick<JsonObject>(
    [4, { duration: 1 }],
    [1, { duration: 0 }],
    [1, { duration: -5 }],
    [1, { duration: 0.25 }],
    [1, { duration: "$.n" }],
    [1, { duration: "$.missing" }],
    [1, { duration: 20 }],
    [1, { duration: 56 }],
    [1, { duration: 61 }],
    [1, { duration: 200 }],
    [1, { duration: 899 }],
    [1, { duration: 901 }],
    [2, { duration: 1_000 }],
    [1, { duration: 86_400 }],
    [2, { duration: 7_000_000 }],
    [1, { timestamp: "2020-05-01T00:00:00Z" }],
    [1, { timestamp: "2030-01-01T00:01:00.5Z" }],
    [1, { timestamp: "2030-03-01T12:00:00+02:00" }],
  ),
});

const tasks: fc.Arbitrary<TaskSketch> = fc.record({
  kind: fc.constant("task"),
  call: calls,
  input: taskInputs,
  output: fc.nat({ max: 15 }),
  handling: taskHandlings,
});

const collections = pick<Collection>(
  [6, "items"],
  [3, "two"],
  [3, "five"],
  [1, "odd"],
  [1, "empty"],
  [1, "many"],
  [1, "collected"],
);

const jumps = pick<number | undefined>([4, undefined], [2, 0], [1, 1], [1, 2]);

/** An iteration with so large a local that its lane hands it over before it goes on. */
const large: fc.Arbitrary<ListSketch> = fc.constant({
  steps: [{ kind: "task", call: BIG, input: [["n", "$.i"]], output: 0, handling: NO_HANDLING }],
  rounds: 1,
  check: "end",
  tail: "none",
});

/** Steps that hold lists. */
function nests(inner: fc.Arbitrary<ListSketch>): readonly fc.WeightedArbitrary<StepSketch>[] {
  const list = seldom(70, inner);
  const fork = { input: listInputs, output: forkOutputs, handling: forkHandlings };
  const choice: fc.Arbitrary<StepSketch> = fc.record({
    kind: fc.constant("choice"),
    entries: fc.array(fc.record({ condition: conditions, list, jump: jumps }), { maxLength: 2, size: "max" }),
    otherwise: seldom(50, fc.record({ list, jump: jumps })),
    input: listInputs,
    output: choiceOutputs,
  });
  const parallel: fc.Arbitrary<StepSketch> = fc.record({
    kind: fc.constant("parallel"),
    branches: fc.array(inner, { minLength: 1, maxLength: 3, size: "max" }),
    failsAfter: pick<number | undefined>([6, undefined], [1, 0], [1, 1], [1, 58], [1, 300]),
    ...fork,
  });
  const foreach: fc.Arbitrary<StepSketch> = fc.record({
    kind: fc.constant("foreach"),
    over: collections,
    concurrency: pick<number | undefined>([2, undefined], [3, 1], [4, 2], [2, 3], [1, 100]),
    list: fc.oneof({ withCrossShrink: true }, { weight: 7, arbitrary: inner }, { weight: 1, arbitrary: large }),
    ...fork,
  });
  return [
    { weight: 3, arbitrary: choice },
    { weight: 3, arbitrary: parallel },
    { weight: 4, arbitrary: foreach },
  ];
}

function steps(nested: readonly fc.WeightedArbitrary<StepSketch>[]): fc.Arbitrary<StepSketch> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: passes },
    { weight: 16, arbitrary: tasks },
    { weight: 3, arbitrary: waits },
    { weight: 1, arbitrary: leaves },
    ...nested,
  );
}

function lists(step: fc.Arbitrary<StepSketch>, maxLength: number): fc.Arbitrary<ListSketch> {
  return fc.record({
    steps: fc.array(step, { minLength: 1, maxLength, size: "max" }),
    rounds: pick([7, 1], [1, 2], [1, 3]),
    check: pick<"end" | "head">([1, "end"], [1, "head"]),
    tail: pick<ListSketch["tail"]>([5, "none"], [2, "pass"], [1, "fail"], [1, "task"]),
  });
}

const flat = steps([]);
const innermost = lists(flat, 2);
const inner = lists(steps(nests(innermost)), 2);
const nestedSteps = steps(nests(innermost));
const deepSteps = steps(nests(inner));

/** The list of a flow: mostly short. */
export const rootLists: fc.Arbitrary<ListSketch> = fc.oneof(
  { withCrossShrink: true },
  { weight: 12, arbitrary: lists(nestedSteps, 3) },
  { weight: 6, arbitrary: lists(deepSteps, 3) },
  { weight: 1, arbitrary: lists(deepSteps, 12) },
);

/** The list of a flow that others call: it may be run many times. */
export const childLists: fc.Arbitrary<ListSketch> = lists(steps(nests(innermost)), 3);
