/** A replayed entry as lines of text. */
import { placeText } from "../journal/document.ts";
import { printable } from "../run/screen.ts";
import type { Difference } from "./difference.ts";
import type { Replayed } from "./replay.ts";
import { effectText, eventText } from "./words.ts";

/** Longest value on a line, characters. */
const LONGEST = 160;
/** Longest strings in values that are told on a line, and over several, characters. */
const SHORT_STRING = 60;
const LONG_STRING = 1_000;
const INDENT = " ".repeat(12);

/** When, where, what was said, what came of it; then the history events, a line each; then what differs. `since`: time of the execution's start. */
export function entryLines(replayed: Replayed, since: number): readonly string[] {
  const { entry, event, transition, step, differences } = replayed;
  const time = `${(Math.max(0, entry.at - since) / 1000).toFixed(3)} s`.padStart(10);
  const effect = transition === undefined ? "not computed" : effectText(transition.effect, transition.state.time);
  return [
    printable(`${time}  ${placeText(entry)}  ${step === "" ? "" : `${step}: `}${eventText(event)} → ${effect}`),
    ...replayed
      .history()
      .map(({ type, step, detail }) =>
        printable(`${INDENT}${type}${step === "" ? "" : ` ${step}`}  ${valueText(detail)}`),
      ),
    ...differences.map((difference) => `${INDENT}${differenceText(difference)}`),
  ];
}

/** For example `✗ effect: recorded "invoke", computed "timer"`. */
export function differenceText({ what, recorded, computed }: Difference): string {
  return printable(`✗ ${what}: recorded ${valueText(recorded)}, computed ${valueText(computed)}`);
}

/** JSON on one line, cut when it is long; "nothing" for what is not there. */
export function valueText(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = shortened(value, SHORT_STRING);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}

/** JSON over several lines, for reading: only very long strings are cut. */
export function jsonText(value: unknown): string {
  return shortened(value, LONG_STRING, 2).split("\n").map(printable).join("\n");
}

function shortened(value: unknown, longest: number, indent?: number): string {
  const cut = (_key: string, part: unknown): unknown =>
    typeof part === "string" && part.length > longest ? `${part.slice(0, longest)}… (${part.length} characters)` : part;
  try {
    return JSON.stringify(value, cut, indent);
  } catch (error) {
    // It nests deeper than a function of ours can follow.
    if (error instanceof RangeError) return JSON.stringify(value);
    throw error;
  }
}
