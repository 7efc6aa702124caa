/** What callers were answered is true: whoever was told that an execution was stopped, or that a report came too late. */

import type { Verdict } from "../../lib/engine/index.ts";
import { readToken } from "../../lib/runtime/token.ts";
import type { Answer } from "../../lib/sim/callers.ts";
import { keyText } from "../../lib/sim/witness.ts";
import type { World } from "../../lib/sim/world.ts";
import { STOP } from "./ends.ts";

/** A stop that somebody asked for, and the answer. */
export interface AnsweredStop {
  readonly flow: string;
  readonly name: string;
  readonly answer: Answer;
}

/** A stop that was acknowledged is the end of its execution. */
export function checkStops({ witness }: World, stops: readonly AnsweredStop[]): readonly string[] {
  return stops.flatMap(({ flow, name, answer }) => {
    if (answer.code !== "ok") return [];
    const header = [...witness.headers.values()].find((one) => one.flow === flow && one.ref.name === name);
    if (header?.status === "Stopped" && header.error === STOP.error) return [];
    return [`a stop of ${flow}/${name} was acknowledged, but it is ${header?.status} (${header?.error})`];
  });
}

/**
 * A verdict that somebody reported was acknowledged to one of those who reported to the task, unless one had to ask again: the
 * first answer may then have been lost.
 */
export async function checkRefusals({ callers, witness, observer }: World): Promise<readonly string[]> {
  const wrong: string[] = [];
  const byToken = Map.groupBy(callers.reports, ({ token }) => token);
  for (const [token, reports] of byToken) {
    if (reports.some(({ accepted, repeated }) => accepted || repeated)) continue;
    const attempt = readToken(observer.ports.keys, token);
    const given = witness.verdicts.get(keyText(attempt));
    // A submit that was recorded as failed makes all reports void.
    const next = witness.entries.get(keyText({ ...attempt, seq: attempt.seq + 1 }));
    if (given === undefined || next?.effect !== "awaitVerdict") continue;
    const verdict = JSON.stringify(await observer.claims.unpack<Verdict>(given.outcome));
    if (reports.some((report) => JSON.stringify(report.verdict) === verdict))
      wrong.push(`all reports to an attempt were refused, one of them is its verdict: ${verdict}`);
  }
  return wrong;
}
