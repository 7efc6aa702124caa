import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, nearest } from "./spelling.ts";

describe("nearest", () => {
  it.each([
    ["the word itself", "retry", ["catch", "retry"], "retry"],
    ["another case", "RESOURCEARN", ["resourceArn"], "resourceArn"],
    ["another case before a nearer spelling", "Name", ["nam", "name"], "name"],
    ["a letter missing", "outputMapping", ["inputMappings", "outputMappings"], "outputMappings"],
    ["a letter too many", "retryy", ["retry"], "retry"],
    ["a letter replaced", "catsh", ["catch"], "catch"],
    ["neighbours swapped", "edn", ["end"], "end"],
    ["neighbours swapped at the start", "ndame", ["dname"], "dname"],
    ["two slips", "maxAtempt", ["maxAttempts"], "maxAttempts"],
    ["two swaps", "tpyename", ["typename"], "typename"],
    ["two swaps apart", "rterycacth", ["retrycatch"], "retrycatch"],
    ["a slip at the start", "xretry", ["retry"], "retry"],
    ["a slip at the end", "retr", ["retry"], "retry"],
    ["three letters with one slip", "and", ["end"], "end"],
    ["two letters with one slip", "nd", ["end"], "end"],
    ["four letters with two slips", "nmea", ["name"], "name"],
    ["the nearest of several", "catchs", ["watches", "catch"], "catch"],
    ["the first of equally near ones", "bat", ["cat", "hat"], "cat"],
  ])("finds %s", (_, word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });

  it.each([
    ["nothing among nothing", "retry", []],
    ["three slips", "rxxxy", ["retry"]],
    ["three letters too many", "retryxyz", ["retry"]],
    ["three letters too few", "re", ["retry"]],
    ["three letters with two slips", "uid", ["end"]],
    ["two letters with two slips", "id", ["end"]],
    ["one letter with one slip", "x", ["xy"]],
    ["the empty word", "", ["a"]],
    ["a swap over a gap", "abcdxf", ["xbcdaf"].map((word) => `${word}zz`)],
    ["words that only begin alike", "condition", ["conditions of use"]],
  ])("does not find %s", (_, word, candidates) => {
    expect(nearest(word, candidates)).toBeUndefined();
  });

  const word = fc.string({ unit: fc.constantFrom(..."abc"), minLength: 0, maxLength: 7 });

  it("agrees with the whole table of distances", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const allowed = Math.min(2, Math.floor(a.length / 2));
        expect(nearest(a, [b])).toBe(fullDistance(a, b) <= allowed ? b : undefined);
      }),
      { numRuns: 5000 },
    );
  });
});

/** The optimal string alignment distance from the whole table. */
function fullDistance(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, row) =>
    Array.from({ length: b.length + 1 }, (_, column) => (row === 0 ? column : column === 0 ? row : 0)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const ways = [
        table[i - 1]![j]! + 1,
        table[i]![j - 1]! + 1,
        table[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      ];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) ways.push(table[i - 2]![j - 2]! + 1);
      table[i]![j] = Math.min(...ways);
    }
  }
  return table[a.length]![b.length]!;
}

describe("didYouMean", () => {
  it("asks, with a blank before", () => {
    expect(didYouMean("retri", ["retry"])).toBe(' Did you mean "retry"?');
  });

  it("is silent when nothing is near", () => {
    expect(didYouMean("lambda", ["task"])).toBe("");
  });
});
