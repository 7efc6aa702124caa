/**
 * Faults, most of them near each other: what finds errors is a crash and then a stall of the one who takes over. They
 * stand at distances from one common place, so that to leave one out moves no other.
 */
import * as fc from "fast-check";
import type { PlannedFault } from "../../../lib/sim/plan.ts";
import { pick } from "./pick.ts";

/** Around a lease (55 s) and a message's visibility (60 s). */
const stalled = pick<number>([2, 57_000], [2, 60_050], [2, 200_000], [1, 1_000], [1, 5_000_000]);

type Blow =
  | Pick<Extract<PlannedFault, { kind: "crash" }>, "kind" | "when">
  | Pick<Extract<PlannedFault, { kind: "fail" }>, "kind" | "when">
  | Pick<Extract<PlannedFault, { kind: "repeat" }>, "kind">
  | Pick<Extract<PlannedFault, { kind: "stall" }>, "kind" | "when" | "ms">;

const before = pick<"before" | "after">([1, "before"], [1, "after"]);

const blows: fc.Arbitrary<Blow> = fc.oneof(
  { withCrossShrink: true },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant("crash"),
      when: pick<"before" | "during" | "after">([2, "before"], [1, "during"], [3, "after"]),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("stall"), when: before, ms: stalled }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("fail"), when: before }) },
  { weight: 2, arbitrary: fc.constant({ kind: "repeat" }) },
);

const hour = 3_600_000;

/** A fault at a call of a certain name: what few calls do would else be struck too seldom. */
interface AimedSketch {
  readonly kind: "aimed";
  readonly of: string;
  readonly at: number;
  readonly blow: Blow;
}

/** A fault, or where it strikes at a call: how many calls behind the common place. */
export type FaultSketch =
  | AimedSketch
  | { readonly kind: "blow"; readonly behind: number; readonly blow: Blow }
  | { readonly kind: "other"; readonly fault: PlannedFault };

const blowSketches: fc.Arbitrary<FaultSketch> = fc.record({
  kind: fc.constant("blow"),
  behind: fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: fc.nat({ max: 8 }) },
    { weight: 2, arbitrary: fc.nat({ max: 40 }) },
    { weight: 1, arbitrary: fc.nat({ max: 400 }) },
  ),
  blow: blows,
});

const aimedSketches: fc.Arbitrary<FaultSketch> = fc.record({
  kind: fc.constant("aimed"),
  of: pick(
    [2, "journal.putHeader"],
    [2, "journal.putFailure"],
    [2, "journal.addDone"],
    [2, "journal.putVerdict"],
    [4, "journal.endHeader"],
    [1, "journal.putInput"],
    [1, "journal.putResult"],
    [1, "journal.putOutput"],
    [1, "journal.replaceLease"],
    [1, "journal.settle"],
    [1, "journal.moveDue"],
    [1, "timers.schedule"],
    [1, "blobs.put"],
    [1, "functions.invoke"],
    [1, "functions.submit"],
  ),
  at: fc.oneof({ withCrossShrink: true }, fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 8 })),
  blow: blows,
});

const moment = fc.oneof(fc.nat({ max: 2_000 }), fc.nat({ max: 60_000 }), fc.nat({ max: 2 * hour }));

const others: fc.Arbitrary<FaultSketch> = fc
  .oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("lose" as const), at: fc.integer({ min: 1, max: 30 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("purge" as const), atMs: moment }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("badDeploy" as const),
        atMs: moment,
        ms: pick<number>([1, 30_000], [1, 600_000], [1, 3 * hour]),
      }),
    },
  )
  .map((fault): FaultSketch => ({ kind: "other", fault }));

const sketches = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: blowSketches },
  { weight: 3, arbitrary: aimedSketches },
  { weight: 1, arbitrary: others },
);

const NONE: readonly FaultSketch[] = [];

/** Faults of a run, before it is known how long it is. */
export interface FaultsSketch {
  /** The common place: number of a call. */
  readonly from: number;
  readonly faults: readonly FaultSketch[];
}

export const faultsSketches: fc.Arbitrary<FaultsSketch> = fc.record({
  from: fc.oneof(
    { withCrossShrink: true },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 100 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 500 }) },
  ),
  faults: fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.constant(NONE) },
    { weight: 13, arbitrary: fc.array(sketches, { minLength: 1, maxLength: 3, size: "max" }) },
    { weight: 3, arbitrary: fc.array(sketches, { minLength: 2, maxLength: 8, size: "max" }) },
  ),
});

/** The faults in a run of about so many calls: those that would come after its end come round again. No two strike at one call. */
export function writeFaults({ from, faults }: FaultsSketch, calls: number): readonly PlannedFault[] {
  const taken = new Set<number | string>();
  return faults.map((sketch): PlannedFault => {
    if (sketch.kind === "other") return lostWithin(sketch.fault, calls);
    if (sketch.kind === "aimed") return aimed(sketch, taken);
    let at = 1 + ((from - 1 + sketch.behind) % calls);
    while (taken.has(at)) at++;
    taken.add(at);
    return { ...sketch.blow, at };
  });
}

function aimed({ blow, of, ...sketch }: AimedSketch, taken: Set<number | string>): PlannedFault {
  let { at } = sketch;
  while (taken.has(`${of} ${at}`)) at++;
  taken.add(`${of} ${at}`);
  return { ...blow, at, of };
}

/** A run sends about one message in five calls. */
function lostWithin(fault: PlannedFault, calls: number): PlannedFault {
  return fault.kind === "lose" ? { ...fault, at: 1 + ((fault.at - 1) % Math.ceil(calls / 5)) } : fault;
}

/** Faults of a run of about `calls` calls. */
export function faults(calls: number): fc.Arbitrary<readonly PlannedFault[]> {
  return faultsSketches.map((sketch) => writeFaults(sketch, calls));
}
