/** Executions: mostly one; their inputs, who stops them, and who starts the same name. */
import * as fc from "fast-check";
import type { Json, JsonObject } from "../../../lib/fdl/json.ts";
import type { PlannedExecution } from "../../../lib/sim/plan.ts";
import { pick, seldom } from "./pick.ts";

const items = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fc.array<Json>(fc.nat({ max: 9 }), { maxLength: 5, size: "max" }) },
  {
    weight: 1,
    arbitrary: fc.array(pick<Json>([2, 3], [1, "x"], [1, { n: 3 }], [1, null], [1, []]), { maxLength: 5, size: "max" }),
  },
);

/** Now and then without any items at all. */
const inputs: fc.Arbitrary<JsonObject> = fc
  .record({
    n: fc.nat({ max: 4 }),
    items: fc.option(items, { freq: 40, nil: undefined }),
    more: pick<JsonObject>(
      [3, {}],
      [2, { go: true }],
      [1, { go: false, a: 1 }],
      [1, { b: "text" }],
      [1, { a: 3, b: "sometext" }],
    ),
  })
  .map(({ n, items, more }) => ({ n, ...(items && { items }), ...more }));

/** When something happens: at once, within a few calls, when callbacks come, past leases, past far timers. */
const moments = fc.oneof(
  { weight: 3, arbitrary: fc.nat({ max: 300 }) },
  { weight: 3, arbitrary: fc.nat({ max: 3_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 19_900, max: 20_500 }) },
  { weight: 1, arbitrary: fc.integer({ min: 50_000, max: 80_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 100_000, max: 1_500_000 }) },
);

/** An execution before its flow is known. */
export interface ExecutionSketch {
  readonly flow: number;
  readonly input: JsonObject;
  readonly startMs: number;
  readonly stopAfterMs: number | undefined;
  readonly rival: { readonly afterMs: number; readonly input: JsonObject | undefined } | undefined;
}

const sketches: fc.Arbitrary<ExecutionSketch> = fc.record({
  flow: pick<number>([2, 0], [2, 1], [2, 2]),
  input: inputs,
  startMs: fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: moments },
  ),
  stopAfterMs: seldom(25, moments),
  rival: seldom(8, fc.record({ afterMs: moments, input: seldom(50, inputs) })),
});

/** The first execution is one of the first flow. */
export const executionSketches: fc.Arbitrary<readonly ExecutionSketch[]> = fc.oneof(
  { withCrossShrink: true },
  { weight: 2, arbitrary: fc.array(sketches, { minLength: 1, maxLength: 1 }) },
  { weight: 3, arbitrary: fc.array(sketches, { minLength: 2, maxLength: 6, size: "max" }) },
);

/** Executions that nobody stops and nobody else starts. */
export const calmExecutionSketches: fc.Arbitrary<readonly ExecutionSketch[]> = executionSketches.map((all) =>
  all.map((sketch) => ({ ...sketch, stopAfterMs: undefined, rival: undefined })),
);

/** The executions, of flows by their names. Those of one flow have different names; other flows' have the same. */
export function writeExecutions(
  sketches: readonly ExecutionSketch[],
  flows: readonly string[],
): readonly PlannedExecution[] {
  const counts = new Map<string, number>();
  return sketches.map(({ flow: number, input, startMs, stopAfterMs, rival }, index) => {
    const flow = flows[index === 0 ? 0 : number % flows.length] ?? "main";
    const count = counts.get(flow) ?? 0;
    counts.set(flow, count + 1);
    return {
      flow,
      name: count === 0 ? "run" : `run${count + 1}`,
      input,
      startMs,
      ...(stopAfterMs !== undefined && { stopMs: startMs + stopAfterMs }),
      ...(rival && { rival: { startMs: startMs + rival.afterMs, input: rival.input ?? input } }),
    };
  });
}
