import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { turn, virtualClock } from "../../sim/clock.ts";
import { groupCommits } from "./commits.ts";
import type { Pushed } from "./envelope.ts";
import { pushTable } from "./push-table.ts";
import { type Delivery, startPushes } from "./pushes.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const PUSHED: Pushed = {
  kind: "notification",
  topicArn: "arn:aws:sns:us-east-1:000000000000:news",
  messageId: "m-1",
  message: "a",
  attributes: {},
  timestamp: "2026-01-01T00:00:00.000Z",
};
const failed: Delivery = { kind: "failed", reason: "it answered 500" };

/** Pushes of a table in memory on a clock that jumps; `answer` says how a try went. */
function pushing(answer: (tries: number) => Delivery) {
  const database = new DatabaseSync(":memory:");
  const clock = virtualClock(START);
  const table = pushTable(database);
  const commits = groupCommits(database, () => {});
  const lines: string[] = [];
  /** Seconds after the start. */
  const tries: number[] = [];
  table.add("subscription-1", PUSHED, START);
  const pushes = startPushes({
    table,
    commits,
    clock,
    log: (line) => void lines.push(line),
    async deliver(push) {
      tries.push((clock.now() - START) / 1000);
      return answer(push.tries);
    },
  });
  /** Lets the time pass until nothing is left to push. */
  async function finish(): Promise<void> {
    for (;;) {
      await turn();
      await commits.settled();
      await turn();
      if (table.subscriptions().length === 0) return;
      clock.advance();
    }
  }
  return { pushes, table, lines, tries, finish };
}

test("what fails is tried again later and later, until it is delivered", async () => {
  const { pushes, tries, lines, finish } = pushing((count) => (count < 10 ? failed : { kind: "delivered" }));
  await finish();
  expect(tries).toEqual([0, 0, 0, 0, 1, 3, 7, 15, 31, 51, 71]);
  expect(lines).toEqual(["message m-1 of news could not be pushed, and will be tried again: it answered 500"]);
  await pushes.close();
});

test("after an hour it is given up, and that is told", async () => {
  const { pushes, tries, lines, finish } = pushing(() => failed);
  await finish();
  expect(tries.at(-1)).toBeGreaterThan(3_570);
  expect(tries.at(-1)).toBeLessThanOrEqual(3_600);
  expect(lines.at(-1)).toBe("message m-1 of news could not be pushed, and will not be tried again: it answered 500");
  await pushes.close();
});

test("what nobody wants any more is dropped without a word", async () => {
  const { pushes, tries, lines, finish } = pushing(() => ({ kind: "dropped" }));
  await finish();
  expect([tries, lines]).toEqual([[0], []]);
  await pushes.close();
});

test("a try that is called off at the close does not count", async () => {
  const { pushes, table } = pushing(() => failed);
  // The first try has not begun: it waits for what is to be on disk before.
  await pushes.close();
  expect(table.due("subscription-1", START, 10)).toMatchObject([{ tries: 0, due: START }]);
});
