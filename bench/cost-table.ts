/** Rows priced, and as people and programs read them. */
import type { WorkName } from "../test/aws/counted-work.ts";
import type { Prices } from "./cost-prices.ts";
import type { Row } from "./cost-rows.ts";
import { dollars, lambdaMs, type Usage } from "./cost-usage.ts";

export interface PricedRow {
  readonly name: string;
  readonly usage: Usage;
  readonly lambdaMs: number;
  /** Dollars a million, and what they may be at most. */
  readonly dollars: number;
  readonly target: number;
  readonly met: boolean;
}

/** A millionth of a cent: what adding up parts of numbers leaves. */
const ROUNDING = 1e-8;

export function priced(
  rows: readonly Row[],
  counts: { readonly [work in WorkName]: Usage },
  prices: Prices,
): readonly PricedRow[] {
  return rows.map(({ name, target, usage: usageOf }) => {
    const usage = usageOf((work) => counts[work]);
    const cost = dollars(usage, prices);
    return {
      name,
      usage,
      lambdaMs: lambdaMs(usage, prices.modelled),
      dollars: cost,
      target,
      met: cost <= target + ROUNDING,
    };
  });
}

const NAME_WIDTH = 38;
const HEADINGS = ["writes", "+ index", "reads", "SQS", "Scheduler", "Lambda", "ms", "$/million", "target"];

/** The table, a line each. */
export function table(rows: readonly PricedRow[], prices: Prices): readonly string[] {
  const { region, date, modelled, comparison } = prices;
  const { memoryMb, roundTripMs, callMs, ownMs } = modelled;
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(10)).join("")}`;
  return [
    `Prices of ${region}, ${date}. Counted: requests, as AWS bills them. Modelled: Lambda's time, ${ownMs} ms an invocation, ${callMs} ms`,
    `a request, ${roundTripMs} ms a round trip, at ${memoryMb} MB; what a task itself takes is not in it.`,
    "",
    line("", HEADINGS),
    ...rows.map(({ name, usage, lambdaMs: ms, dollars: cost, target, met }) => {
      const { writes, indexWrites, reads, sqs, schedules, invocations } = usage;
      const counts = [writes, indexWrites, reads, sqs, schedules, invocations].map((count) => short(count, 2));
      return line(name, [
        ...counts,
        short(ms, 0),
        cost.toFixed(2),
        met ? `≤ ${target.toFixed(2)}` : `> ${target.toFixed(2)} !`,
      ]);
    }),
    "",
    `For comparison: ${comparison.join("; ")}.`,
  ];
}

/** With so many digits after the point at most. Never "-0". */
function short(count: number, digits: number): string {
  return String(Number(count.toFixed(digits)) + 0);
}
