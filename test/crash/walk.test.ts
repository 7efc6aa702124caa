import { expect, test } from "vitest";
import { deployFlows } from "./deployed.ts";
import { SCENARIOS } from "./scenarios.ts";
import { walk } from "./walk.ts";

const deployment = await deployFlows();

async function walked(name: string, ...crashes: readonly { readonly when: "before" | "after"; readonly at: number }[]) {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario: ${name}`);
  const disturbances = crashes.map((each) => ({ kind: "crash", ...each }) as const);
  return walk(deployment, scenario, { mode: "hop", queue: "honest", disturbances });
}

test("calls are numbered in their order, and each is answered before the next instant", async () => {
  const { points, answered } = await walked("chain");
  expect(points.map(({ at }) => at)).toEqual(points.map((_, index) => index + 1));
  for (const { at, name, time } of points) {
    const calls = answered.get(at) ?? 0;
    expect(calls).toBeGreaterThanOrEqual(at);
    if (!/^functions/.test(name)) expect(points[calls - 1]?.time).toBe(time);
  }
});

test("each message that is sent comes into a worker's hands, in the instant in which it is sent", async () => {
  const { points, dealings, messages } = await walked("chain");
  const arrivals = dealings.filter(({ kind }) => kind === "takes");
  const sent = points.filter(({ name }) => name === "queue.send");
  expect(sent).toHaveLength(messages);
  expect(arrivals.map(({ time }) => time)).toEqual(sent.map(({ time }) => time));
  expect(new Set(arrivals.map(({ process }) => process))).toEqual(new Set(["worker-1"]));
});

test("who dies has no answer, and a successor takes what it had", async () => {
  const undisturbed = await walked("task");
  const at = undisturbed.points.findIndex(({ name }) => name === "functions.invoke") + 1;
  const { points, dealings, answered } = await walked("task", { when: "after", at });
  expect(answered.has(at)).toBe(false);
  expect(points.slice(at).every(({ process }) => process === "worker-2")).toBe(true);
  const arrivals = dealings.filter(({ kind }) => kind === "takes");
  const successor = arrivals.filter(({ process }) => process === "worker-2");
  expect(successor.length).toBe(2);
  expect(arrivals.length).toBe(3);
});

test("a worker asks before each delivery that comes into its hands, and again at once", async () => {
  const { dealings } = await walked("chain");
  const arrivals = dealings.filter(({ kind }) => kind === "takes").length;
  expect(arrivals).toBeGreaterThan(1);
  expect(dealings.map(({ kind }) => kind)).toEqual(
    [...Array.from({ length: arrivals }, () => ["asks", "takes"]), "asks"].flat(),
  );
  for (const [index, { kind, time }] of dealings.entries())
    if (kind === "takes") expect(dealings[index + 1]).toMatchObject({ kind: "asks", time });
});
