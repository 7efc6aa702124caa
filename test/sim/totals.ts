/** What many runs came to together. */
import type { Ran } from "./run-plan.ts";

export interface Totals {
  runs: number;
  executions: number;
  transitions: number;
  calls: number;
  copies: number;
  undecided: number;
  readonly faults: Record<string, number>;
}

export function noTotals(): Totals {
  return { runs: 0, executions: 0, transitions: 0, calls: 0, copies: 0, undecided: 0, faults: {} };
}

export function addTo(totals: Totals, ran: Ran): void {
  totals.runs += 1;
  for (const name of ["executions", "transitions", "calls", "copies", "undecided"] as const) totals[name] += ran[name];
  for (const [kind, times] of Object.entries(ran.faults)) totals.faults[kind] = (totals.faults[kind] ?? 0) + times;
}

/** In words: "17 executions, 80 transitions, …". */
export function textOf({ executions, transitions, calls, copies, undecided, faults }: Totals): string {
  const struck = Object.keys(faults)
    .sort()
    .map((kind) => `${faults[kind]} ${kind}`);
  return [
    `${executions} executions, ${transitions} transitions, ${calls} port calls, ${copies} duplicates, ${undecided} ends undecided`,
    `faults: ${struck.join(", ") || "none"}`,
  ].join("\n");
}
