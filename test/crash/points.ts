/** The points of a run at which something may go wrong, and the cases that come of them. */
import type { Call } from "../../lib/sim/faults.ts";
import type { Crash, Disturbance } from "./case.ts";
import type { Scenario } from "./scenario.ts";

/** A call of the undisturbed run. */
export interface Point {
  readonly at: number;
  readonly name: string;
  /** Of a worker, not of a caller of the API. */
  readonly worker: boolean;
  readonly process: string;
  /** When, as its process's clock has it, ms since the epoch. */
  readonly time: number;
}

export function pointOf({ number, name, process }: Call): Point {
  const worker = process.name.startsWith("worker");
  return { at: number, name, worker, process: process.name, time: process.clock.now() };
}

/** Frozen for so long: until after the lease, but before the message comes back; into the midst of what its successor does; for good. */
const STALLS_MS = { short: 57_000, midst: 60_050, long: 200_000 } as const;

/** Calls that an operation of the API makes, at most. */
const LONGEST_OPERATION = 8;

/** A crash at each point. */
export function crashes(points: readonly Point[]): readonly Crash[] {
  return points.flatMap(momentsOf);
}

/** The crashes at a call: before it, after its effect, and when it takes its time in between. */
export function momentsOf({ at, name }: Pick<Point, "at" | "name">): readonly Crash[] {
  return [
    { kind: "crash", when: "before", at },
    ...(takesTime(name) ? [{ kind: "crash", when: "during", at } as const] : []),
    // A read changes nothing: before it is the same as after it.
    ...(isRead(name) ? [] : [{ kind: "crash", when: "after", at } as const]),
  ];
}

/** A port that fails though it did what it was asked, or before it did. */
export function failures(points: readonly Point[]): readonly Disturbance[] {
  return points.flatMap(({ at, name }): Disturbance[] => [
    { kind: "fail", when: "before", at },
    ...(isRead(name) ? [] : [{ kind: "fail", when: "after", at } as const]),
  ]);
}

/** A worker that freezes at each point while another takes over, and then goes on. (A caller that freezes is only late.) */
export function stalls(points: readonly Point[]): readonly Disturbance[] {
  return points
    .filter(({ worker }) => worker)
    .flatMap(({ at }) =>
      (["before", "after"] as const).flatMap((when) =>
        Object.values(STALLS_MS).map((ms): Disturbance => ({ kind: "stall", when, at, ms })),
      ),
    );
}

/** What others do, before each point. */
export function interferences(points: readonly Point[], { meanwhile }: Scenario): readonly Disturbance[] {
  return meanwhile.flatMap((kind) => points.map(({ at }): Disturbance => ({ kind, at })));
}

/** What others do, while whoever does it dies over it, and does it again. */
export function brokenInterferences(points: readonly Point[], scenario: Scenario): readonly (readonly Disturbance[])[] {
  return interferences(points, scenario).flatMap((interference) =>
    Array.from({ length: LONGEST_OPERATION }, (_, index): readonly Disturbance[] => [
      interference,
      { kind: "crash", when: "before", at: interference.at + index + 1 },
    ]),
  );
}

/** Each message lost in turn. */
export function losses(messages: number): readonly Disturbance[] {
  return Array.from({ length: messages }, (_, index): Disturbance => ({ kind: "lose", at: index + 1 }));
}

/** A worker freezes, and then, once it or its successor has gone on, one of them crashes. */
export function pairs(points: readonly Point[], horizon: number): readonly (readonly Disturbance[])[] {
  const last = (points.at(-1)?.at ?? 0) + horizon;
  return points
    .filter(({ worker }) => worker)
    .flatMap(({ at }) =>
      Array.from({ length: last - at }, (_, index): readonly Disturbance[] => [
        { kind: "stall", when: "after", at, ms: STALLS_MS.midst },
        { kind: "crash", when: "before", at: at + index + 1 },
      ]),
    );
}

/** A call that changes nothing. */
export function isRead(name: string): boolean {
  return /^journal\.(read|list)|^blobs\.get/.test(name);
}

function takesTime(name: string): boolean {
  return /^functions\.(invoke|submit)/.test(name);
}
