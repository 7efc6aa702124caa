/** `stepwell schedules next EXPRESSION`: when a schedule with this expression would fire. */
import { formatTimestamp } from "../../fdl/timestamp.ts";
import { parseExpression, type ScheduleExpression } from "../../schedules/expression.ts";
import { nextAfter } from "../../schedules/next.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT } from "../usage.ts";
import { localTime } from "./local-time.ts";

export interface SchedulesNextOptions {
  /** Ms; now, when it is not given. */
  readonly from?: number;
  readonly count: number;
  readonly json: boolean;
}

/** Exit code 1 when the expression is valid and no date ever matches it. */
export async function schedulesNext(terminal: Terminal, text: string, options: SchedulesNextOptions): Promise<number> {
  const expression = parseExpression(text);
  const times = nextTimes(expression, options.from ?? Date.now(), options.count);
  if (options.json) terminal.out(`${JSON.stringify(document(text, expression, times), null, 2)}\n`);
  else for (const time of times) terminal.out(`${Object.values(shown(expression, time)).join("  ")}\n`);
  if (times.length > 0) return EXIT.ok;
  terminal.err("it never fires: no month of these has such a day\n");
  return EXIT.failed;
}

/** `@every` counts from when a schedule is created: here from the time asked about. */
function nextTimes(expression: ScheduleExpression, from: number, count: number): readonly number[] {
  const times: number[] = [];
  let time = nextAfter(expression, from, from);
  while (time !== undefined && times.length < count) {
    times.push(time);
    time = nextAfter(expression, time, from);
  }
  return times;
}

function document(text: string, expression: ScheduleExpression, times: readonly number[]) {
  const zone = expression.kind === "cron" ? { timeZone: expression.timeZone } : {};
  return { expression: text, ...zone, times: times.map((time) => shown(expression, time)) };
}

interface Shown {
  readonly utc: string;
  readonly local?: string;
}

function shown(expression: ScheduleExpression, time: number): Shown {
  const utc = formatTimestamp(time);
  return expression.kind === "every" || expression.timeZone === "UTC"
    ? { utc }
    : { utc, local: localTime(time, expression.timeZone) };
}
