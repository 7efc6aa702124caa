import { describe, expect, test } from "vitest";
import { turn, virtualClock } from "./clock.ts";
import { simulatedProcess } from "./process.ts";

/** Where a promise stands once all that can happen has happened. */
async function standing<T>(promise: Promise<T>): Promise<T | "waiting"> {
  const waiting = turn().then((): "waiting" => "waiting");
  return Promise.race([promise, waiting]);
}

describe("a dead process", () => {
  test("never gets an answer, not even one that was on its way", async () => {
    const process = simulatedProcess("worker", virtualClock(0));
    const before = process.take(turn().then(() => "answer"));
    process.kill();
    const after = process.take(Promise.resolve("answer"));
    await turn();
    await turn();
    expect(await standing(before)).toBe("waiting");
    expect(await standing(after)).toBe("waiting");
    expect(await standing(process.awake())).toBe("waiting");
  });

  test("never gets an error either", async () => {
    const process = simulatedProcess("worker", virtualClock(0));
    process.kill();
    expect(await standing(process.take(Promise.reject(new Error("refused"))))).toBe("waiting");
  });

  test("never wakes from a sleep, and its sleeps no longer hold up the time", async () => {
    const clock = virtualClock(0);
    const process = simulatedProcess("worker", clock);
    const sleep = process.clock.sleep(1_000);
    process.kill();
    await turn();
    expect(clock.pending()).toBe(0);
    expect(await standing(sleep)).toBe("waiting");
    expect(await standing(process.clock.sleep(0))).toBe("waiting");
  });

  test("tells of its death once", async () => {
    let gone = 0;
    const process = simulatedProcess("worker", virtualClock(0), () => {
      gone += 1;
    });
    process.kill();
    process.kill();
    await process.death;
    expect(gone).toBe(1);
    expect(process.alive()).toBe(false);
  });
});

describe("a stalled process", () => {
  test("gets its answers when it goes on", async () => {
    const clock = virtualClock(0);
    const process = simulatedProcess("worker", clock);
    process.stall(60_000);
    const answer = process.take(Promise.resolve("answer"));
    expect(process.running()).toBe(false);
    expect(await standing(answer)).toBe("waiting");
    clock.advance();
    await turn();
    expect(clock.now()).toBe(60_000);
    expect(await standing(answer)).toBe("answer");
    expect(process.running()).toBe(true);
  });

  test("wakes late from a sleep that ended meanwhile", async () => {
    const clock = virtualClock(0);
    const process = simulatedProcess("worker", clock);
    const sleep = process.clock.sleep(1_000).then(() => clock.now());
    process.stall(60_000);
    await clock.pass(70_000);
    expect(await sleep).toBe(60_000);
  });

  test("may die while it is stalled", async () => {
    const clock = virtualClock(0);
    const process = simulatedProcess("worker", clock);
    process.stall(60_000);
    const answer = process.take(Promise.resolve("answer"));
    process.kill();
    await clock.pass(70_000);
    expect(await standing(answer)).toBe("waiting");
  });

  test("interrupts what it was waiting in", () => {
    const process = simulatedProcess("worker", virtualClock(0));
    let interrupted = 0;
    process.whenInterrupted(() => {
      interrupted += 1;
    });
    process.stall(1);
    process.kill();
    expect(interrupted).toBe(1);
  });
});

test("a living process sleeps as the clock does, and its signal wakes it", async () => {
  const clock = virtualClock(0);
  const process = simulatedProcess("worker", clock);
  const stop = new AbortController();
  const sleep = process.clock.sleep(5_000, stop.signal);
  stop.abort();
  await sleep;
  expect(clock.now()).toBe(0);
  await process.clock.sleep(5_000, stop.signal);
  expect(clock.pending()).toBe(0);
});
