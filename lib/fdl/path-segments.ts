/** The part of a path behind its root, `.name` and `[…]`: one reader for mappings and for conditions (fdl.md §4, §10 row 47). */
import { ExpressionError } from "./errors.ts";
import { found, matchAt, readQuoted } from "./lexeme.ts";
import type { Path, Segment } from "./path.ts";

/** Names behind a dot. In a condition `-` is an operator, so there it is no part of a name (fdl.md §4). */
const NAMES = {
  mapping: { pattern: /[\p{L}\p{M}\p{Nd}_-]+/uy, text: 'letters, digits, "_" and "-"' },
  condition: { pattern: /[\p{L}\p{M}\p{Nd}_]+/uy, text: 'letters, digits and "_"' },
};

/** Reads segments from `offset` on as long as there are some; `end` is the offset of the first character behind them. */
export function readSegments(
  text: string,
  offset: number,
  place: "mapping" | "condition",
): { readonly path: Path; readonly end: number } {
  const path: Segment[] = [];
  let at = offset;
  for (;;) {
    switch (text[at]) {
      case ".": {
        const key = readName(text, at + 1, place);
        path.push({ kind: "key", key });
        at += 1 + key.length;
        break;
      }
      case "[": {
        const { segment, end } = readBracket(text, at + 1);
        path.push(segment);
        at = closeBracket(text, end);
        break;
      }
      default:
        return { path, end: at };
    }
  }
}

function readName(text: string, offset: number, place: keyof typeof NAMES): string {
  const { pattern, text: allowed } = NAMES[place];
  const name = matchAt(pattern, text, offset);
  if (name !== undefined) return name;
  switch (text[offset]) {
    case ".":
      throw new ExpressionError('".." (any depth) is no part of the language: name each key on the way.', offset);
    case "*":
      throw new ExpressionError('A wildcard is written "[*]", without a dot.', offset);
    case "[":
      throw new ExpressionError('No dot stands before "[".', offset);
    default:
      throw new ExpressionError(
        `Expected a name of ${allowed} after the dot but found ${found(text, offset)}. Other keys are written ["…"], without a dot.`,
        offset,
      );
  }
}

/** What stands between brackets, without the closing one. */
function readBracket(text: string, offset: number): { readonly segment: Segment; readonly end: number } {
  const char = text[offset];
  if (char === "*") return { segment: { kind: "all" }, end: offset + 1 };
  if (char === '"' || char === "'") {
    const { value, end } = readQuoted(text, offset);
    return { segment: { kind: "key", key: value }, end };
  }
  if (char === "?") throw new ExpressionError("Filters are no part of the language: filter in a task.", offset);
  if (char === ":") throw sliceError(offset);
  const digits = matchAt(/0|-?[1-9]\d*/y, text, offset);
  if (digits === undefined) {
    throw new ExpressionError(
      `Expected an index (0 is the first, -1 the last), a key in quotes or "*" but found ${found(text, offset)}.`,
      offset,
    );
  }
  const index = Number(digits);
  if (!Number.isSafeInteger(index)) throw new ExpressionError("This index is too large.", offset);
  return { segment: { kind: "index", index }, end: offset + digits.length };
}

/** The offset behind the closing bracket at `offset`. */
function closeBracket(text: string, offset: number): number {
  switch (text[offset]) {
    case "]":
      return offset + 1;
    case ":":
      throw sliceError(offset);
    case ",":
      throw new ExpressionError("Brackets take one index or one key: write a mapping for each.", offset);
    default:
      throw new ExpressionError(`Expected "]" but found ${found(text, offset)}.`, offset);
  }
}

function sliceError(offset: number): ExpressionError {
  return new ExpressionError(
    "Slices are no part of the language: take single elements, or all of them by [*].",
    offset,
  );
}
