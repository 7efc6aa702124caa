import { describe, expect, test } from "vitest";
import { turn, virtualClock } from "./clock.ts";
import { type Blow, type Fault, PortFailure, portGate } from "./faults.ts";
import { type Process, simulatedProcess } from "./process.ts";

/** A port that counts its effects, behind a gate with one fault. */
function counterWith(
  fault: Fault | undefined,
  limit = 100,
): {
  readonly process: Process;
  readonly effects: () => number;
  readonly add: () => Promise<number>;
  readonly pass: (ms: number) => Promise<void>;
} {
  const clock = virtualClock(0);
  const process = simulatedProcess("worker", clock);
  let effects = 0;
  const port = {
    async add() {
      effects += 1;
      return effects;
    },
  };
  const gate = portGate({ faults: fault ? [fault] : [], limit });
  const guarded = gate.guard(process, "worker", "counter", port);
  return { process, effects: () => effects, add: () => guarded.add(), pass: (ms) => clock.pass(ms) };
}

async function standing<T>(promise: Promise<T>): Promise<T | "waiting"> {
  await turn();
  return Promise.race([promise, turn().then((): "waiting" => "waiting")]);
}

const CRASH: Blow = { kind: "crash" };

describe("a fault", () => {
  test.each([
    { when: "before", effects: 1 },
    { when: "during", effects: 2 },
    { when: "after", effects: 2 },
  ] as const)("crashes the caller $when its call number 2", async ({ when, effects }) => {
    const counter = counterWith({ at: 2, when, blow: CRASH });
    expect(await counter.add()).toBe(1);
    expect(await standing(counter.add())).toBe("waiting");
    expect(counter.effects()).toBe(effects);
    expect(counter.process.alive()).toBe(false);
    expect(await standing(counter.add())).toBe("waiting");
    expect(counter.effects()).toBe(effects);
  });

  test.each([
    { when: "before", effects: 0 },
    { when: "after", effects: 1 },
  ] as const)("lets the port fail $when the effect, and the caller lives", async ({ when, effects }) => {
    const counter = counterWith({ at: 1, when, blow: { kind: "fail" } });
    await expect(counter.add()).rejects.toThrow(PortFailure);
    expect(counter.effects()).toBe(effects);
    expect(await counter.add()).toBe(effects + 1);
  });

  test("freezes the caller, whose other calls wait as well", async () => {
    const counter = counterWith({ at: 1, when: "before", blow: { kind: "stall", ms: 60_000 } });
    const [first, second] = [counter.add(), counter.add()];
    expect(await standing(Promise.race([first, second]))).toBe("waiting");
    expect(counter.effects()).toBe(0);
    await counter.pass(60_000);
    expect((await Promise.all([first, second])).sort()).toEqual([1, 2]);
  });

  test("lets somebody else act before the call", async () => {
    const seen: number[] = [];
    const counter = counterWith({
      at: 2,
      when: "before",
      blow: { kind: "meanwhile", act: async () => void seen.push(counter.effects()) },
    });
    await counter.add();
    expect(await counter.add()).toBe(2);
    expect(seen).toEqual([1]);
  });
});

test("past the limit nobody is answered", async () => {
  const counter = counterWith(undefined, 2);
  expect([await counter.add(), await counter.add()]).toEqual([1, 2]);
  expect(await standing(counter.add())).toBe("waiting");
});

test("two faults at one call are a mistake", () => {
  const fault: Fault = { at: 1, when: "before", blow: CRASH };
  expect(() => portGate({ faults: [fault, fault], limit: 10 })).toThrow("two faults at one call");
});
