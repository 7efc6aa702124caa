/** Which entry a user means by `SEQ` (of the root) or `BRANCH:SEQ`. */
import { branchText, type Place, placeText } from "../journal/document.ts";
import { printable } from "../run/screen.ts";
import { UsageError } from "../usage.ts";
import type { Replayed } from "./replay.ts";

const FORM = /^(?:(root|\d+(?:\.\d+)*)?:)?(\d+)$/;

/** Throws UsageError. */
export function parsePlace(text: string): Place {
  const [, branch = "root", seq = ""] = FORM.exec(text) ?? [];
  if (seq === "") {
    throw new UsageError(
      `"${printable(text)}" is no place in a journal: give SEQ for the root, or BRANCH:SEQ such as 3.0:2`,
    );
  }
  return { branch: branch === "root" ? "" : branch, seq: Number(seq) };
}

/** The index of the entry at a place. Throws UsageError that says what there is. */
export function indexOfPlace(entries: readonly Replayed[], place: Place): number {
  const index = entries.findIndex(({ entry }) => entry.branch === place.branch && entry.seq === place.seq);
  if (index >= 0) return index;
  const tip = Math.max(
    -1,
    ...entries.filter(({ entry }) => entry.branch === place.branch).map(({ entry }) => entry.seq),
  );
  if (tip >= 0)
    throw new UsageError(`there is no entry ${placeText(place)}: ${branchText(place.branch)} ends with seq ${tip}`);
  const branches = [...new Set(entries.map(({ entry }) => branchText(entry.branch)))];
  const told = branches.length > 20 ? [...branches.slice(0, 20), "…"] : branches;
  throw new UsageError(`there is no branch ${branchText(place.branch)}; there are ${told.join(", ")}`);
}
