import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classOf, type Effect, type State, transition } from "./index.ts";
import { type Step, tokenOf } from "./testing/drive.ts";
import { flowOf } from "./testing/flow.ts";
import { type Played, play } from "./testing/play.ts";
import { randomFlow, randomWorld } from "./testing/random-flow.ts";

const RUNS = 100;

/** Plays random flows in random worlds. */
function each(check: (played: Played, text: string, maxDataBytes: number) => void): void {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const text = JSON.stringify(randomFlow(draw));
      const world = randomWorld(draw);
      check(play(flowOf(text), world), text, world.maxDataBytes ?? 0);
    }),
    { numRuns: RUNS },
  );
}

/** Steps of each branch, in order. */
function branches(steps: readonly Step[]): readonly (readonly Step[])[] {
  return [...Map.groupBy(steps, ({ branch }) => branch).values()].map((all) => all.toSorted((a, b) => a.seq - b.seq));
}

describe("any flow in any world", () => {
  it("ends, the root once and each branch that was begun", () => {
    each(({ status, steps }) => {
      expect(["Succeeded", "Failed"]).toContain(status);
      for (const all of branches(steps)) {
        expect(all.map(({ after }) => classOf(after.effect) === "closing")).toEqual(
          all.map((_, index) => index === all.length - 1),
        );
      }
    });
  });

  it("does the same again from states and events that were stored and read back", () => {
    each(({ steps }, text, maxDataBytes) => {
      const flow = flowOf(text);
      for (const { branch, seq, before, event, after } of steps) {
        const env = { token: () => tokenOf(branch, seq), maxDataBytes };
        const again = transition(flow, stored(before), stored(event), env);
        expect(stored(again)).toEqual(stored(after));
        expect(again.state).toEqual(stored(again.state));
      }
    });
  });

  it("waits for what its effect brings about", () => {
    const waits: Record<Effect["kind"], readonly State["waiting"]["kind"][]> = {
      invoke: ["call"],
      submit: ["submit"],
      awaitVerdict: ["verdict"],
      timer: ["wait", "retry"],
      fork: ["fork"],
      continue: ["yielded", "retry"],
      branchDone: ["ended"],
      branchFailed: ["ended"],
      succeeded: ["ended"],
      failed: ["ended"],
    };
    each(({ steps }) => {
      for (const { after } of steps) expect(waits[after.effect.kind]).toContain(after.state.waiting.kind);
    });
  });

  it("numbers each branch's events without gaps but for those of the branches that it joined", () => {
    each(({ steps }) => {
      for (const all of branches(steps)) {
        for (const { before, event, after } of all) {
          const first = before.events + (event.kind === "joined" ? event.events : 0);
          expect(after.history.map(({ id }) => id)).toEqual(after.history.map((_, index) => first + index + 1));
          expect(after.state.events).toBe(first + after.history.length);
        }
      }
    });
  });

  it("counts exactly as many events as its history has, unless branches were cut off", () => {
    each(({ steps, history }) => {
      const last = branches(steps)
        .find(([step]) => step?.branch === "")
        ?.at(-1);
      if (!steps.some(({ event }) => event.kind === "branchFailed"))
        expect(last?.after.state.events).toBe(history.length);
    });
  });

  it("causes come before effects, in order and in time", () => {
    each(({ history }) => {
      expect(history.map(({ EventId }) => EventId)).toEqual(history.map((_, index) => index + 1));
      for (const { EventId, ScheduleEventId, Time } of history) {
        expect(ScheduleEventId).toBeLessThan(EventId);
        const cause = history[ScheduleEventId - 1];
        if (cause) expect(Date.parse(cause.Time)).toBeLessThanOrEqual(Date.parse(Time));
        else expect(EventId).toBe(1);
      }
    });
  });

  it("leaves each step that it enters, and leaves by failing only what fails", () => {
    each(({ history, status, steps }) => {
      const count = (type: string) => history.filter(({ Type }) => Type === type).length;
      const failed = steps.some(({ event }) => event.kind === "branchFailed");
      if (!failed) expect(count("StepEntered")).toBe(count("StepExited") + count("StepFailed"));
      if (!failed && status === "Succeeded") expect(count("StepFailed")).toBe(0);
      expect(count("ExecutionSucceeded")).toBe(status === "Succeeded" ? 1 : 0);
      expect(count("ExecutionFailed")).toBe(status === "Failed" ? 1 : 0);
    });
  });
});

function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
