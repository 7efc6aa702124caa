import { expect, test } from "vitest";
import { memoryJournal } from "../../memory/journal.ts";
import type { Header } from "../../runtime/ports/journal.ts";
import { virtualClock } from "../../sim/clock.ts";
import { awaitEnd } from "./await-end.ts";

const header: Header = {
  ref: { flowId: "flow-1", name: "run-1" },
  startId: "start-1",
  flow: "orders",
  revision: 1,
  core: 1,
  keyId: "k1",
  status: "Running",
  startedAt: 0,
  deadline: 1e12,
};
const signal = () => new AbortController().signal;

/** A running execution and a clock that counts the reads of its header. */
async function world() {
  const memory = memoryJournal();
  await memory.putHeader(header);
  const clock = virtualClock(0);
  const reads: number[] = [];
  const journal: typeof memory = {
    ...memory,
    readHeader(ref) {
      reads.push(clock.now());
      return memory.readHeader(ref);
    },
  };
  return { ports: { journal, clock }, clock, reads, memory };
}

/** Lets time pass until `ms`. */
async function passTo(clock: ReturnType<typeof virtualClock>, ms: number): Promise<void> {
  while (clock.now() < ms) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!clock.advance()) throw new Error("nobody waits");
  }
  await new Promise((resolve) => setImmediate(resolve));
}

test("an execution that has ended is not waited for", async () => {
  const { ports, memory, reads } = await world();
  await memory.endHeader(header.ref, header.startId, { status: "Succeeded", endedAt: 5 });
  expect(await awaitEnd(ports, header.ref, header.startId, signal())).toMatchObject({
    status: "Succeeded",
    endedAt: 5,
  });
  expect(reads).toHaveLength(1);
});

test("the header is read often at first, then once a second, until it has ended", async () => {
  const { ports, clock, memory, reads } = await world();
  const ended = awaitEnd(ports, header.ref, header.startId, signal());
  await passTo(clock, 30_000);
  await memory.endHeader(header.ref, header.startId, { status: "Failed", endedAt: 30_000 });
  await passTo(clock, clock.now() + 1);
  expect(await ended).toMatchObject({ status: "Failed" });
  expect(reads.slice(0, 3)).toEqual([0, 50, 125]);
  const [late, later] = reads.slice(-2);
  expect((later ?? 0) - (late ?? 0)).toBe(1_000);
  expect(reads.length).toBeLessThan(45);
});

test("who goes away waits no longer", async () => {
  const { ports } = await world();
  const caller = new AbortController();
  const ended = awaitEnd(ports, header.ref, header.startId, caller.signal);
  caller.abort("gone");
  await expect(ended).rejects.toBe("gone");
});

test("an execution that is another one by now is not there", async () => {
  const { ports } = await world();
  await expect(awaitEnd(ports, header.ref, "start-0", signal())).rejects.toMatchObject({ code: "ExecutionNotExists" });
});
