/** The options of `stepwell schedules next`, read from the command line. */
import { quote } from "../../fdl/problem.ts";
import { parseTimestamp } from "../../fdl/timestamp.ts";
import { UsageError } from "../usage.ts";

const MOST = 1000;

/** Ms since the epoch. */
export function parseFrom(text: string): number {
  const time = parseTimestamp(text);
  if (time === undefined) throw new UsageError(`${quote(text)} is no time such as 2026-01-31T09:00:00Z`);
  return time;
}

export function parseCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST) throw new UsageError(`${quote(text)} is no number from 1 to ${MOST}`);
  return count;
}
