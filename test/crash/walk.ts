/** Walks through a run: what each process calls, when it has its answers, and which deliveries come into its hands. */
import type { Deployment } from "../../lib/sim/deployment.ts";
import { BEGINNING } from "../../lib/sim/world.ts";
import type { Case } from "./case.ts";
import { type Point, pointOf } from "./points.ts";
import { runCase } from "./run-case.ts";
import type { Scenario } from "./scenario.ts";

/** A worker dealt with the queue: a delivery came into its hands, or it asked for more. */
export interface Dealing {
  readonly kind: "takes" | "asks";
  readonly process: string;
  /** So many calls had been made by anybody. */
  readonly calls: number;
  readonly time: number;
}

export interface Walk {
  /** The calls in their order: number n is at n - 1. */
  readonly points: readonly Point[];
  readonly dealings: readonly Dealing[];
  /** How many calls had been made when the call with that number was answered. */
  readonly answered: ReadonlyMap<number, number>;
  readonly messages: number;
  readonly transitions: number;
}

/** Lines of the trace that tell of an answer, and of dealings with the queue. */
const ANSWER = /^ *[\d.]+ s {2} *(\d+) \S+ … /;
const DEALT = /^ *(?<seconds>[\d.]+) s {2}(?<process>[^\s/]+)(?:\/\S+)? (?<kind>takes|asks) /;

/** Runs a case and tells its way. */
export async function walk(deployment: Deployment, scenario: Scenario, one: Case): Promise<Walk> {
  const points: Point[] = [];
  const dealings: Dealing[] = [];
  const answered = new Map<number, number>();
  const { messages, transitions } = await runCase(deployment, scenario, one, {
    onCall: (call) => points.push(pointOf(call)),
    trace(line) {
      const [, call] = ANSWER.exec(line) ?? [];
      if (call !== undefined) answered.set(Number(call), points.length);
      const { kind, process, seconds } = DEALT.exec(line)?.groups ?? {};
      if (process === undefined || (kind !== "takes" && kind !== "asks")) return;
      const time = BEGINNING + Math.round(Number(seconds) * 1_000);
      dealings.push({ kind, process, calls: points.length, time });
    },
  });
  // Without them too few crashes would be told apart, and nobody would notice.
  const kinds = new Set(dealings.map(({ kind }) => kind));
  if (kinds.size < 2 || answered.size === 0)
    throw new Error("the trace tells of no answers, deliveries or requests for them");
  return { points, dealings, answered, messages, transitions };
}
