/** Walks through a run: what each process calls, when it has its answers, and which deliveries come into its hands. */
import type { Deployment } from "../../lib/sim/deployment.ts";
import { BEGINNING } from "../../lib/sim/world.ts";
import type { Case } from "./case.ts";
import { type Point, pointOf } from "./points.ts";
import { runCase } from "./run-case.ts";
import type { Scenario } from "./scenario.ts";

/** A delivery that came into a worker's hands. */
export interface Arrival {
  readonly process: string;
  /** So many calls had been made by anybody. */
  readonly calls: number;
  readonly time: number;
}

export interface Walk {
  /** The calls in their order: number n is at n - 1. */
  readonly points: readonly Point[];
  readonly arrivals: readonly Arrival[];
  /** How many calls had been made when the call with that number was answered. */
  readonly answered: ReadonlyMap<number, number>;
  readonly messages: number;
  readonly transitions: number;
}

/** Lines of the trace that tell of an answer, and of a delivery. */
const ANSWER = /^ *[\d.]+ s {2} *(\d+) \S+ … /;
const TAKEN = /^ *([\d.]+) s {2}([^\s/]+)\/\S+ takes /;

/** Runs a case and tells its way. */
export async function walk(deployment: Deployment, scenario: Scenario, one: Case): Promise<Walk> {
  const points: Point[] = [];
  const arrivals: Arrival[] = [];
  const answered = new Map<number, number>();
  const { messages, transitions } = await runCase(deployment, scenario, one, {
    onCall: (call) => points.push(pointOf(call)),
    trace(line) {
      const [, call] = ANSWER.exec(line) ?? [];
      if (call !== undefined) answered.set(Number(call), points.length);
      const [, seconds, process] = TAKEN.exec(line) ?? [];
      if (process !== undefined)
        arrivals.push({ process, calls: points.length, time: BEGINNING + Math.round(Number(seconds) * 1_000) });
    },
  });
  // Without them too few crashes would be told apart, and nobody would notice.
  if (arrivals.length === 0 || answered.size === 0) throw new Error("the trace tells of no answers or deliveries");
  return { points, arrivals, answered, messages, transitions };
}
