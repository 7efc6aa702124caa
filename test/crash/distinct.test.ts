import { describe, expect, test } from "vitest";
import { type Crash, caseText, MODES, type Mode } from "./case.ts";
import { deployFlows } from "./deployed.ts";
import { crashClasses } from "./distinct.ts";
import { seconds } from "./exhaustive.ts";
import { crashes, isRead, type Point, pointOf } from "./points.ts";
import { runCase } from "./run-case.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { type Dealing, walk } from "./walk.ts";

/** The machine may be busy with other tests. */
const TIMEOUT_MS = 180_000;

const deployment = await deployFlows();

const point = (at: number, name: string, more: Partial<Point> = {}): Point => ({
  at,
  name,
  worker: true,
  process: "worker-1",
  time: 0,
  ...more,
});
const texts = (some: readonly Crash[]): readonly string[] => some.map(({ when, at }) => `${when} ${at}`);
/** Which crashes are tried of a run with those calls, each answered at once unless told. */
function tried(
  points: readonly Point[],
  dealings: readonly Dealing[] = [],
  answers: Readonly<Record<number, number>> = {},
): readonly string[] {
  const answered = new Map(points.map(({ at }) => [at, answers[at] ?? at]));
  return texts(crashClasses({ points, dealings, answered }).map(({ crash }) => crash));
}

describe("a worker that dies", () => {
  test("between two changes dies before the second", () => {
    const points = [point(1, "journal.append"), point(2, "journal.readHeader"), point(3, "queue.send")];
    expect(tried(points)).toEqual(["before 1", "before 3", "after 3"]);
  });

  test("while a task runs dies before its next change", () => {
    const points = [point(1, "functions.invoke"), point(2, "journal.append")];
    expect(tried(points)).toEqual(["before 1", "before 2", "after 2"]);
  });

  test("dies at the answer to a call as well when it changed something else before that came", () => {
    const points = [point(1, "functions.invoke"), point(2, "delivery.extend"), point(3, "queue.send")];
    expect(tried(points, [], { 1: 2 })).toEqual(["before 1", "after 1", "before 2", "before 3", "after 3"]);
  });

  test("dies at every moment between two changes when a delivery may have come into its hands meanwhile", () => {
    const names = ["journal.append", "queue.send", "journal.readHeader", "delivery.consume"];
    const points = names.map((name, index) => point(index + 1, name));
    const arrival = { kind: "takes", process: "worker-1", time: 0 } as const;
    const all = ["before 1", "after 1", "before 2", "after 2", "before 3", "before 4", "after 4"];
    expect(tried(points, [{ ...arrival, calls: 2 }])).toEqual(all);
    expect(tried(points, [{ ...arrival, calls: 4 }])).toEqual(all);
    const fewer = ["before 1", "before 2", "before 4", "after 4"];
    expect(tried(points, [{ ...arrival, calls: 4, time: 100 }])).toEqual(fewer);
    expect(tried(points, [{ ...arrival, calls: 2, process: "worker-2" }])).toEqual(fewer);
  });

  test("dies at every moment of the window in which it asks for the next delivery", () => {
    const names = ["journal.append", "queue.send", "journal.readHeader", "delivery.consume"];
    const points = names.map((name, index) => point(index + 1, name));
    expect(tried(points, [{ kind: "asks", process: "worker-1", time: 0, calls: 1 }])).toEqual([
      "before 1",
      "after 1",
      "before 2",
      "before 4",
      "after 4",
    ]);
  });

  test("leaves the same whatever a caller does meanwhile", () => {
    const api = { worker: false, process: "start-1" };
    const points = [point(1, "journal.append"), point(2, "journal.putInput", api), point(3, "queue.send")];
    expect(tried(points)).toEqual(["before 1", "before 2", "after 2", "before 3", "after 3"]);
  });
});

test("a caller of the API dies at every moment", () => {
  const api = { worker: false, process: "start-1" };
  const names = ["journal.readHeader", "journal.putInput", "journal.readHeader"];
  const points = names.map((name, index) => point(index + 1, name, api));
  expect(tried(points)).toEqual(["before 1", "before 2", "after 2", "before 3"]);
});

/** Flows with one branch, a task that takes longer than a lease, forks, callbacks, sub-flows and waits. */
const FLOWS = ["task", "slow-task", "parallel", "foreach", "callback-twice", "heartbeat", "sub-sync", "wait-loop"];

describe("crashes of one class leave the same world", () => {
  test.each(namedIn(FLOWS))(
    "$name, $mode",
    async ({ scenario, mode }) => {
      const walked = await walk(deployment, scenario, { mode, queue: "honest", disturbances: [] });
      const classes = crashClasses(walked);
      const all = classes.flatMap(({ same }) => same);
      expect(texts(all).toSorted()).toEqual(texts(crashes(walked.points)).toSorted());
      expect(classes.length).toBeLessThan(all.length);
      for (const { crash, same } of classes) {
        const after = await traceAfter(scenario, mode, [crash]);
        for (const each of same) expect(await traceAfter(scenario, mode, [each])).toEqual(after);
      }
    },
    TIMEOUT_MS,
  );
});

describe("the pairs of crashes that are tried come to all that all pairs come to", () => {
  test.each(namedIn(["pass", "task", "callback"]))(
    "$name, $mode",
    async ({ scenario, mode }) => {
      const walked = await walk(deployment, scenario, { mode, queue: "honest", disturbances: [] });
      const ends = new Set<string>();
      for (const { crash } of crashClasses(walked)) {
        const again = await walk(deployment, scenario, { mode, queue: "honest", disturbances: [crash] });
        for (const second of seconds(again, crash))
          ends.add((await traceAfter(scenario, mode, [crash, second])).join("\n"));
      }
      const missing: string[] = [];
      let more = 0;
      for (const crash of crashes(walked.points)) {
        const again = await walk(deployment, scenario, { mode, queue: "honest", disturbances: [crash] });
        const dead = walked.points[crash.at - 1]?.process;
        for (const second of crashes(again.points.filter(({ at, process }) => at > crash.at && process !== dead))) {
          more += 1;
          if (!ends.has((await traceAfter(scenario, mode, [crash, second])).join("\n")))
            missing.push(caseText({ mode, queue: "honest", disturbances: [crash, second] }));
        }
      }
      expect(missing).toEqual([]);
      expect(more).toBeGreaterThan(ends.size);
    },
    TIMEOUT_MS,
  );
});

function namedIn(names: readonly string[]): readonly { name: string; scenario: Scenario; mode: Mode }[] {
  return SCENARIOS.filter(({ name }) => names.includes(name)).flatMap((scenario) =>
    MODES.map((mode) => ({ name: scenario.name, scenario, mode })),
  );
}

/**
 * What came of a run: how each execution ended, its history with times, and what everybody called when. Left out are the
 * reads of those who died: how far they came with them is all in which crashes of one class differ.
 */
async function traceAfter(scenario: Scenario, mode: Mode, disturbances: readonly Crash[]): Promise<readonly string[]> {
  const points: Point[] = [];
  const one = { mode, queue: "honest", disturbances } as const;
  const ran = await runCase(deployment, scenario, one, { onCall: (call) => points.push(pointOf(call)) });
  const dead = new Set(disturbances.map(({ at }) => points[at - 1]?.process));
  const refused = new Set(disturbances.filter(({ when }) => when === "before").map(({ at }) => at));
  return [
    ...ran.wrong,
    ...[...ran.outcome].map(([name, { text, events }]) =>
      [name, text, ...events.map(({ type, step, time }) => `${time} ${type} ${step}`)].join(),
    ),
    ...points
      .filter(({ at, name, process }) => !dead.has(process) || !(refused.has(at) || isRead(name)))
      .map(({ name, time, process }) => `${time} ${process} ${name}`),
  ];
}
