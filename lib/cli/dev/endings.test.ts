import { expect, test } from "vitest";
import type { ExecutionRef, Header } from "../../runtime/ports/journal.ts";
import { endings } from "./endings.ts";

function ended({ name }: ExecutionRef, startId: string): Header {
  const ref = { flowId: "f", name };
  const times = { startedAt: 0, deadline: 0, endedAt: 0 };
  return { ref, startId, flow: "order", revision: 1, core: 1, keyId: "k", status: "Succeeded", ...times };
}

test("an end is told once, though cut-off branches have transitions after it", async () => {
  const told: string[] = [];
  const ends = endings(
    async (ref, startId) => ended(ref, startId),
    (header) => told.push(header.startId),
  );
  const ref = { flowId: "f", name: "a" };
  ends.follow(ref, "one");
  ends.follow(ref, "one");
  await new Promise(setImmediate);
  ends.follow(ref, "one");
  ends.follow(ref, "two");
  await new Promise(setImmediate);
  expect(told).toEqual(["one", "two"]);
});

test("once closed it tells of no end, and a store that fails is no unhandled error", async () => {
  const waiting = [Promise.withResolvers<Header>(), Promise.withResolvers<Header>()] as const;
  const ends = endings(
    (_ref: ExecutionRef, startId: string) => waiting[startId === "one" ? 0 : 1].promise,
    () => {
      throw new Error("nobody wants to know");
    },
  );
  ends.follow({ flowId: "f", name: "a" }, "one");
  ends.follow({ flowId: "f", name: "b" }, "two");
  ends.close();
  waiting[0].resolve({} as Header);
  waiting[1].reject(new Error("the store has failed"));
  await new Promise(setImmediate);
});
