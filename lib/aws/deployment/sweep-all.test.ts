import { expect, test } from "vitest";
import { type World, world } from "../../runtime/testing/world.ts";
import type { Deployment } from "./ports.ts";
import { sweepAll } from "./sweep-all.ts";

/** A deployment with three pages of running executions; `looked` has the cursors that were asked for, `again` the events of new invocations. */
function sweeping({ runtime }: World) {
  const looked: (string | undefined)[] = [];
  const again: object[] = [];
  const journal = {
    ...runtime.ports.journal,
    listRunning: async (cursor?: string) => {
      looked.push(cursor);
      const next = Number(cursor ?? 0) + 1;
      return next < 3 ? { items: [], cursor: String(next) } : { items: [] };
    },
  };
  const deployment: Deployment = {
    runtime: { ...runtime, ports: { ...runtime.ports, journal } },
    submissions: { remember: async () => {}, tokenOf: async () => undefined },
    inHand: new Set(),
    settling: () => {
      throw new Error("a sweeper takes no messages");
    },
    invokeAgain: async (event) => void again.push(event),
  };
  return { deployment, looked, again };
}

const invocation = (...remaining: number[]) => ({ getRemainingTimeInMillis: () => remaining.shift() ?? 0 });

test("all pages are looked at while there is time", async () => {
  const { deployment, looked, again } = sweeping(await world({ flows: {} }));
  await sweepAll(deployment, {}, invocation(900_000, 800_000, 700_000));
  expect(looked).toEqual([undefined, "1", "2"]);
  expect(again).toEqual([]);
});

test("when the time is up another invocation goes on, and from there", async () => {
  const { deployment, looked, again } = sweeping(await world({ flows: {} }));
  await sweepAll(deployment, {}, invocation(900_000, 59_000));
  expect(looked).toEqual([undefined, "1"]);
  expect(again).toEqual([{ cursor: "2" }]);
  await sweepAll(deployment, { cursor: "2" }, invocation(900_000));
  expect(looked).toEqual([undefined, "1", "2"]);
  expect(again).toHaveLength(1);
});
