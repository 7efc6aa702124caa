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

test("once closed it waits for no end, and a store that fails is no unhandled error", async () => {
  let aborted = false;
  const wait = (_ref: ExecutionRef, _startId: string, signal: AbortSignal) =>
    new Promise<Header>((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted = true;
        reject(new Error("closed"));
      });
    });
  const ends = endings(wait, () => {
    throw new Error("nothing has ended");
  });
  ends.follow({ flowId: "f", name: "a" }, "one");
  ends.close();
  await new Promise(setImmediate);
  expect(aborted).toBe(true);
});
