/** How an execution stands as a whole. */
import { type ExecutionDocument, placeText } from "../journal/document.ts";
import { attemptOf } from "../journal/tokens.ts";
import { valueText } from "../replay/entry-text.ts";
import { causeText } from "../run/cause.ts";
import { duration } from "../run/duration.ts";
import { printable } from "../run/screen.ts";
import type { Moment } from "./waiting.ts";

/** Of the longest title. */
const TITLE_WIDTH = "reports to".length;
/** So many branches are told of one by one. */
const TOLD = 10;

/** Lines of a title and a text. `waiting`: what it waits for now, empty when it has ended. */
export function headingLines(
  { header, input, output, entries }: ExecutionDocument,
  waiting: readonly string[],
  { now, inUse }: Moment,
): readonly string[] {
  const { flow, ref, revision, startId, status, startedAt, deadline, endedAt, error, cause, parentToken, parked } =
    header;
  const lines: (readonly [title: string, text: string])[] = [
    ["execution", `${flow}/${ref.name}`],
    [
      "status",
      endedAt === undefined
        ? `${status}${parked ? ", parked" : ""}`
        : `${status} after ${duration(endedAt - startedAt)}`,
    ],
  ];
  if (error !== undefined && error !== "") lines.push(["error", error]);
  if (cause !== undefined && cause !== "") lines.push(["cause", causeText(cause)]);
  lines.push(["flow", `${flow}, revision ${revision}`], ["start id", startId]);
  lines.push(["started", `${iso(startedAt)}, ${duration(Math.max(0, now - startedAt))} ago`]);
  if (endedAt === undefined)
    lines.push(["times out", `${iso(deadline)}, ${deadline > now ? `in ${duration(deadline - now)}` : "now"}`]);
  else lines.push(["ended", `${iso(endedAt)}, ${duration(Math.max(0, now - endedAt))} ago`]);
  const parent = parentToken === undefined ? undefined : attemptOf(parentToken);
  if (parent !== undefined)
    lines.push(["reports to", `${parent.flow}/${parent.name}, entry ${placeText(parent.place)}`]);
  if (input !== undefined) lines.push(["input", valueText(input)]);
  if (output !== undefined && status === "Succeeded") lines.push(["output", valueText(output)]);
  lines.push(["entries", `${entries.length} in ${new Set(entries.map(({ branch }) => branch)).size} branches`]);
  for (const [index, text] of waiting.slice(0, TOLD).entries()) lines.push([index === 0 ? "now" : "", text]);
  if (waiting.length > TOLD) lines.push(["", `and ${waiting.length - TOLD} branches more`]);
  if (status === "Running" && !inUse) lines.push(["", "no process has the directory open: it goes on when one does"]);
  return lines.map(([title, text]) => `${title.padEnd(TITLE_WIDTH)}  ${printable(text)}`);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
