/** What a replay came to, in a few lines. */
import type { ExecutionDocument } from "../journal/document.ts";
import { duration } from "../run/duration.ts";
import { printable } from "../run/screen.ts";
import { differenceText } from "./entry-text.ts";
import type { Replay } from "./replay.ts";

/** Whether all that was replayed is as it was recorded. */
export function isFaithful({ entries, end }: Replay, intact: boolean): boolean {
  return intact && end.length === 0 && entries.every(({ differences }) => differences.length === 0);
}

/** For example `orders/run-1: Succeeded after 2.3 s; 12 entries in 3 branches`. */
export function headline({ header, entries }: ExecutionDocument): string {
  const { flow, ref, status, startedAt, endedAt } = header;
  const time = endedAt === undefined ? "" : ` after ${duration(endedAt - startedAt)}`;
  const branches = new Set(entries.map(({ branch }) => branch)).size;
  return printable(
    `${flow}/${ref.name}: ${status}${time}; ${plural(entries.length, "entry")} in ${plural(branches, "branch")}`,
  );
}

/** The judgement, and what differs beside the entries. */
export function verdictLines({ entries, end }: Replay, intact: boolean): readonly string[] {
  const differing = entries.filter(({ differences }) => differences.length > 0).length;
  const changed = "✗ the file is not as it was exported: something in it was changed";
  const lines = [...end.map(differenceText), ...(intact ? [] : [changed])];
  if (differing > 0) {
    lines.push(
      `✗ ${differing} of ${plural(entries.length, "entry")} ${differing === 1 ? "is" : "are"} not what the core computes now`,
    );
  }
  return lines.length > 0 ? lines : [`${plural(entries.length, "entry")} replayed, each as it was recorded`];
}

function plural(count: number, noun: "entry" | "branch"): string {
  const nouns = { entry: "entries", branch: "branches" } as const;
  return `${count} ${count === 1 ? noun : nouns[noun]}`;
}
