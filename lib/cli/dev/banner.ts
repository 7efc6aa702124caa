/** What `stepwell dev` says when it is ready, and when it has stopped. */
import { printable } from "../run/screen.ts";

/** Executions that run are counted up to here: to count a million takes longer than to start. */
export const MOST_COUNTED = 10_000;

export interface Ready {
  readonly flows: readonly string[];
  /** Names, or why there are none. */
  readonly functions: string;
  readonly http: string;
  readonly topics: string;
  readonly data: string;
  /** Executions that were interrupted and go on. */
  readonly running: number;
  readonly milliseconds: number;
}

/** The last line begins with `ready`: programs wait for it. */
export function banner(ready: Ready): string {
  const { flows, functions, http, topics, data, running, milliseconds } = ready;
  const rows: readonly (readonly [name: string, text: string])[] = [
    ["flows", flows.length === 0 ? "none is valid" : flows.join(", ")],
    ["functions", functions],
    ["HTTP", http],
    ["SQS and SNS", topics],
    ["data", data],
    ...(running === 0 ? [] : [["unfinished", `${executions(running, "goes", "go")} on`] as const]),
  ];
  const lines = rows.map(([name, text]) => `${name.padEnd(13)}${printable(text)}\n`);
  return `${lines.join("")}ready in ${milliseconds} ms, Ctrl-C to stop\n`;
}

export function stoppedText(running: number): string {
  if (running === 0) return "stopped; no execution was running\n";
  return `stopped; ${executions(running, "goes", "go")} on at the next start\n`;
}

function executions(count: number, one: string, many: string): string {
  if (count > MOST_COUNTED) return `more than ${MOST_COUNTED} executions ${many}`;
  return count === 1 ? `1 execution ${one}` : `${count} executions ${many}`;
}
