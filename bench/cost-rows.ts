/**
 * The rows of architecture §10: how each comes out of the pieces of work that are counted, and what it may cost. An execution
 * of n tasks is the fixed part and n + 1 transitions.
 */
import { TEN, type WorkName } from "../test/aws/counted-work.ts";
import { minus, times, type Usage } from "./cost-usage.ts";

export interface Row {
  readonly name: string;
  /** Dollars a million, at most. */
  readonly target: number;
  usage(of: (work: WorkName) => Usage): Usage;
}

type Of = (work: WorkName) => Usage;

/** What a piece of work takes more than an execution that does nothing. */
const beyondEmpty = (of: Of, work: WorkName) => minus(of(work), of("empty"));
const hop = (of: Of) => times(beyondEmpty(of, "chain"), 1 / TEN);

/** Architecture §10. */
const [HOP, HOP_IN_BATCHES, FUSED, FIXED, CALLBACK] = [2.75, 1.1, 0.9, 7, 8];
/** An output item and a place in the join's set. */
const JOINED = 1.25;

export const ROWS: readonly Row[] = [
  { name: "task transition, hop, unbatched", target: HOP, usage: hop },
  {
    name: "task transition, hop, batches of ten",
    target: HOP_IN_BATCHES,
    usage: (of) => ({
      ...times(minus(of("chainsInBatches"), of("emptyInBatches")), 1 / TEN ** 2),
      // The records of a batch are handled beside each other, each as it would be alone.
      roundTrips: hop(of).roundTrips / TEN,
    }),
  },
  { name: "transition, fused", target: FUSED, usage: (of) => times(beyondEmpty(of, "chainFused"), 1 / TEN) },
  { name: "pure step", target: 0, usage: (of) => times(beyondEmpty(of, "passes"), 1 / TEN) },
  { name: "execution, fixed part", target: FIXED, usage: (of) => minus(of("empty"), hop(of)) },
  { name: "execution of ten tasks, all of it", target: FIXED + (TEN + 1) * HOP, usage: (of) => of("chain") },
  { name: "callback task", target: CALLBACK, usage: (of) => beyondEmpty(of, "callback") },
  // With the message of its time-out, which comes when the attempt has its outcome, is read and dropped.
  {
    name: "callback task with a time-out",
    target: CALLBACK,
    usage: (of) => minus(beyondEmpty(of, "callbackWithTimeout"), hop(of)),
  },
  // A transition.
  { name: "wait, up to 900 s", target: HOP, usage: (of) => beyondEmpty(of, "waitShort") },
  // A transition, a schedule with the message it sends, and that message's way back to the queue.
  { name: "wait, longer", target: 5.75, usage: (of) => beyondEmpty(of, "waitLong") },
  // Two transitions a branch and one for the join, which reads its fork, the set and the outputs.
  { name: "parallel of three", target: 7 * HOP + 3 * JOINED + 1, usage: (of) => beyondEmpty(of, "parallel") },
  // Two transitions an item; fork and join are shared by all.
  {
    name: "foreach of ten, an item",
    target: 2 * HOP + JOINED + 0.25,
    usage: (of) => times(beyondEmpty(of, "foreach"), 1 / TEN),
  },
  { name: "start", target: 4, usage: (of) => of("start") },
  { name: "stop", target: 6, usage: (of) => of("stop") },
];
