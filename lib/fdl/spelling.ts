/** "Did you mean": the nearest known word to a misspelt one (fdl.md §10 row 50). */

import { quote } from "./problem.ts";

/** So many slips make a word unknown rather than misspelt. */
const MAX_SLIPS = 2;

/**
 * The candidate that a word most likely stands for: the same word in another case, or at most two slips away (a letter
 * missing, added, replaced, or two neighbours swapped) and at most one slip for each two letters, so that `and` is a
 * slip of `end` but `uid` is another word.
 *
 * @example
 * nearest("timeoutSecond", ["timeoutSeconds", "retry"]); // "timeoutSeconds"
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const allowed = Math.min(MAX_SLIPS, Math.floor(word.length / 2));
  let best: string | undefined;
  let fewest = allowed + 1;
  for (const candidate of candidates) {
    if (candidate.toLowerCase() === word.toLowerCase()) return candidate;
    const slips = distance(word, candidate, allowed);
    if (slips < fewest) {
      best = candidate;
      fewest = slips;
    }
  }
  return best;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? "" : ` Did you mean ${quote(candidate)}?`;
}

/**
 * Damerau-Levenshtein distance (adjacent transpositions, no substring edited twice); a number above `limit` when it is
 * above. Only the diagonal band of width `limit` is computed, and no row after one that is above the limit throughout,
 * so that long words cost little.
 */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current: number[] = [row];
    let least = row;
    const from = Math.max(1, row - limit);
    const to = Math.min(b.length, row + limit);
    for (let column = from; column <= to; column++) {
      const replaced = cell(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = isSwap ? cell(beforeLast, column - 2) + 1 : Infinity;
      const slips = Math.min(replaced, swapped, cell(last, column) + 1, cell(current, column - 1) + 1);
      current[column] = slips;
      least = Math.min(least, slips);
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return cell(last, b.length);
}

/** Cells outside the band are too far away to matter. */
function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
