import { expect, test } from "vitest";
import { deployment } from "./deployment.ts";
import type { Fault } from "./faults.ts";
import { BEGINNING, simulatedWorld, type World } from "./world.ts";

const FLOW = `
version: v1
type: flow
steps:
  - type: task
    name: greet
    resourceArn: acs:fc:::services/sim/functions/greet
  - type: wait
    name: pause
    duration: 3600
`;

const deployed = await deployment({ greeting: FLOW }, BEGINNING);

function worldWith(faults: readonly Fault[] = [], trace?: (line: string) => void): World {
  return simulatedWorld({
    deployment: deployed,
    scripts: ({ clock }) => ({
      async "sim/greet"() {
        await clock.sleep(100);
        return { greeting: "hello" };
      },
    }),
    settings: { mode: "hop" },
    faults,
    trace,
  });
}

/** Runs the flow in the world; how it ended, and after how many seconds. */
async function ended(world: World): Promise<string> {
  void world.callers.start({ flow: "greeting", name: "run" });
  const rest = await world.run(1_000);
  const [header] = world.witness.headers.values();
  return `${rest}: ${header?.status} after ${((header?.endedAt ?? 0) - BEGINNING) / 1000} s`;
}

test("an undisturbed world comes to rest when its executions have ended", async () => {
  const world = worldWith();
  expect(await ended(world)).toBe("at rest: Succeeded after 3600.1 s");
  expect(world.witness.violations).toEqual([]);
});

test("a worker that dies in the task is replaced, and the message comes back after its visibility", async () => {
  const calls: string[] = [];
  const world = worldWith([], (line) => calls.push(line));
  await ended(world);
  const invoke = Number(/ (\d+) \S+ functions\.invoke/.exec(calls.join("\n"))?.[1]);
  const disturbed = worldWith([{ at: invoke, when: "during", blow: { kind: "crash" } }]);
  expect(await ended(disturbed)).toBe("at rest: Succeeded after 3660.1 s");
  expect([...disturbed.witness.calls.values()].map(({ owners }) => owners.length)).toEqual([2]);
  expect(disturbed.witness.violations).toEqual([]);
});

test("a caller that dies asks again", async () => {
  const world = worldWith([{ at: 1, when: "before", blow: { kind: "crash" } }]);
  void world.run(1_000);
  expect(await world.callers.start({ flow: "greeting", name: "run" })).toEqual({ code: "ok", repeated: true });
});

test("a caller is told the error's code", async () => {
  const world = worldWith();
  expect(await world.callers.stop({ flow: "greeting", name: "nobody" })).toEqual({
    code: "ExecutionNotExists",
    repeated: false,
  });
});

test("the same options give the same run, call by call", async () => {
  const runs: string[][] = [];
  for (let run = 0; run < 2; run++) {
    const lines: string[] = [];
    await ended(worldWith([{ at: 9, when: "after", blow: { kind: "stall", ms: 60_050 } }], (line) => lines.push(line)));
    runs.push(lines);
  }
  expect(runs[0]).toEqual(runs[1]);
  expect(runs[0]?.length).toBeGreaterThan(40);
});
