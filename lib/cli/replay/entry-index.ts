/** Entries by where they stand. */
import { childBranch } from "../../runtime/branch.ts";
import type { ExportedEntry, Place } from "../journal/document.ts";
import { placeText } from "../journal/document.ts";

export interface EntryIndex {
  at(place: Place): ExportedEntry | undefined;
  /** The last entry of a branch, if it has one. */
  tip(branch: string): readonly ExportedEntry[];
  /** The branches of the fork that the entry made, as far as they have entries. */
  children(fork: Place): readonly string[];
  /** The branches that have entries. */
  branches(): Iterable<string>;
}

/** An index of the entries of one execution. Of two at the same place it holds the last one. */
export function entryIndex(entries: readonly ExportedEntry[]): EntryIndex {
  const byPlace = new Map(entries.map((entry) => [placeText(entry), entry]));
  const tips = new Map<string, ExportedEntry>();
  for (const entry of entries) {
    const tip = tips.get(entry.branch);
    if (tip === undefined || tip.seq <= entry.seq) tips.set(entry.branch, entry);
  }
  return {
    at: (place) => byPlace.get(placeText(place)),
    tip(branch) {
      const tip = tips.get(branch);
      return tip === undefined ? [] : [tip];
    },
    children({ branch, seq }) {
      const found: string[] = [];
      for (let index = 0; tips.has(childBranch(branch, seq, index)); index++)
        found.push(childBranch(branch, seq, index));
      return found;
    },
    branches: () => tips.keys(),
  };
}
