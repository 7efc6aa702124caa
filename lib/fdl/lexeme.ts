/**
 * The smallest pieces of text that paths and conditions share: quoted strings, numbers, and how an error message names
 * what it found (fdl.md §4, §10 rows 46, 47). All readers take a text and an offset and answer where they stopped.
 */
import { ExpressionError } from "./errors.ts";

/** An unsigned number, as literals and numeric strings write it (fdl.md §10 row 46). */
export const NUMBER = /\d+(?:\.\d+)?(?:e[+-]?\d+)?/y;

/** What `pattern` (sticky) matches at `offset`, or undefined. */
export function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

/** What stands at `offset`, as error messages name it: a word, a character, or the end. */
export function found(text: string, offset: number): string {
  const word = matchAt(/[\p{L}\p{Nd}_]{1,40}|./suy, text, offset);
  return word === undefined ? "the end" : JSON.stringify(word);
}

/** The string whose opening quote (`"`, `'`, or a backtick for raw text) stands at `offset`; `end` is behind the closing one. */
export function readQuoted(text: string, offset: number): { readonly value: string; readonly end: number } {
  const quote = text.charAt(offset);
  let value = "";
  let at = offset + 1;
  for (;;) {
    const char = text[at];
    if (char === undefined) {
      throw new ExpressionError(
        `The string that starts here is never closed: it needs another ${quote} at its end.`,
        offset,
      );
    }
    if (char === quote) return { value, end: at + 1 };
    if (char === "\\" && quote !== "`") {
      const escaped = readEscape(text, at);
      value += escaped.value;
      at = escaped.end;
    } else {
      value += char;
      at += 1;
    }
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
  ["/", "/"],
  ["'", "'"],
  ['"', '"'],
]);

/** Go's escapes and JSON's. Go's `\xHH` and `\ooo` are bytes of UTF-8: only those that are a whole character are taken. */
function readEscape(text: string, offset: number): { readonly value: string; readonly end: number } {
  const value = ESCAPES.get(text.charAt(offset + 1));
  if (value !== undefined) return { value, end: offset + 2 };
  const coded = matchAt(/x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|[0-7]{3}/y, text, offset + 1);
  if (coded === undefined) {
    throw new ExpressionError(
      String.raw`No such escape. Known are \a \b \f \n \r \t \v \\ \/ \' \" \xHH \uHHHH \UHHHHHHHH and \ooo; a backslash itself is written \\.`,
      offset,
    );
  }
  const digits = coded.replace(/[xuU]/, "");
  const code = Number.parseInt(digits, digits === coded ? 8 : 16);
  if (code > (/u/i.test(coded) ? 0x10ffff : 0x7f)) {
    throw new ExpressionError(
      String.raw`This escape is no character: \xHH and \ooo end at 7f (write \u00e9 for é), \UHHHHHHHH at 10ffff.`,
      offset,
    );
  }
  return { value: String.fromCodePoint(code), end: offset + 1 + coded.length };
}
