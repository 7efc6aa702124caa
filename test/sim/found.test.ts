/** What the simulation has found, each as the smallest plan that showed it. */
import { expect, test } from "vitest";
import type { Plan } from "../../lib/sim/plan.ts";
import { CALM } from "../../lib/sim/weather.ts";
import { deployPlan, runPlan } from "./run-plan.ts";

const INC = { type: "task", name: "inc", resourceArn: "acs:fc:::services/sim/functions/inc" };

function flow(...steps: readonly object[]): string {
  return JSON.stringify({ version: "v1", type: "flow", steps });
}

function plan({
  weather = {},
  ...rest
}: Partial<Omit<Plan, "weather">> & { weather?: Partial<Plan["weather"]> }): Plan {
  const executions = [{ flow: "main", name: "run", input: {}, startMs: 0 }];
  return { seed: 1, mode: "hop", flows: {}, executions, faults: [], ...rest, weather: { ...CALM, ...weather } };
}

async function ran(of: Plan) {
  return runPlan(of, await deployPlan(of));
}

test("an execution that is stopped by a clock behind the one that started it does not end before it began", async () => {
  const flows = { main: flow({ type: "wait", name: "idle", duration: 1_000 }) };
  const executions = [{ flow: "main", name: "run", input: {}, startMs: 0, stopMs: 100 }];
  expect((await ran(plan({ flows, executions, weather: { skewMs: [-2_000, 0] } }))).wrong).toEqual([]);
});

test("the sync child of an attempt that timed out does not run on when its parent has ended", async () => {
  const call = { type: "task", name: "call", resourceArn: "acs:fnf:::flow/kid", pattern: "sync", timeoutSeconds: 200 };
  const flows = { main: flow(call), kid: flow({ type: "wait", name: "long", duration: 1_000_000 }) };
  expect((await ran(plan({ flows }))).wrong).toEqual([]);
});

const LOSABLE = {
  type: "task",
  name: "call",
  resourceArn: "acs:fnf:::flow/kid",
  pattern: "sync",
  onLost: "fail",
};

/** Its worker freezes when it has started the child. */
const FROZEN = { kind: "stall", when: "after", of: "journal.putHeader", at: 2 } as const;

test("the sync child that a lost task had started is stopped with it", async () => {
  const call = { ...LOSABLE, catch: [{ errors: ["FnF.TaskLost"], goto: "rest" }] };
  const flows = {
    main: flow(call, { type: "pass", name: "rest" }),
    kid: flow({ type: "wait", name: "long", duration: 7_000_000 }),
  };
  const faults = [{ ...FROZEN, ms: 5_000_000 }];
  expect((await ran(plan({ flows, faults, weather: { batch: 1 } }))).wrong).toEqual([]);
});

test("a lost task whose worker comes back in the very moment does not end as the child that was stopped", async () => {
  const ask = { type: "task", name: "ask", resourceArn: "acs:fc:::services/sim/functions/ask" };
  const token = { target: "token", source: "$context.task.token" };
  const inputMappings = [token, { target: "how", source: "late" }];
  const flows = {
    main: flow({ type: "wait", name: "before", duration: 7_000_000 }, LOSABLE),
    kid: flow({ ...ask, pattern: "waitForCallback", timeoutSeconds: 600, inputMappings }),
  };
  const faults = [{ ...FROZEN, ms: 57_000 }];
  const weather = { latencyMs: 20, batch: 2, timersTwice: true };
  expect((await ran(plan({ seed: 2147483638, flows, faults, weather }))).wrong).toEqual([]);
});

test("a timer's message that dies in a bad build is sent back, however long ago the timer was set", async () => {
  const flows = { main: flow({ type: "wait", name: "long", duration: 5_000_000 }, INC) };
  const faults = [{ kind: "badDeploy", atMs: 4_999_000_000, ms: 3_600_000 }] as const;
  expect((await ran(plan({ flows, faults }))).wrong).toEqual([]);
});

test.each(["hop", "fused"] as const)("duplicates do not multiply from one fork to the next, %s", async (mode) => {
  const wait = { type: "wait", name: "wait", duration: 901 };
  const each = (name: string) => ({
    type: "foreach",
    name,
    inputMappings: [{ target: "items", source: [1, 2, 3] }],
    iterationMapping: { collection: "$.items", item: "item" },
    steps: [wait],
  });
  const flows = { main: flow(...["a", "b", "c", "d", "e"].map(each)) };
  const weather = { timersTwice: true, copiedPercent: 100, copies: 1, copyMs: 0 };
  const { wrong, calls, transitions } = await ran(plan({ flows, mode, weather }));
  expect(wrong).toEqual([]);
  // An undisturbed run makes about seven calls a transition. It was 30,000 calls after the third fork, and no end.
  expect(calls / transitions).toBeLessThan(50);
});
