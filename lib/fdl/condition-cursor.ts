/** Where the parser of a condition stands in its text, and the moves that all levels of the grammar share (fdl.md §4). */
import type { Condition } from "./condition.ts";
import { ExpressionError } from "./errors.ts";
import { found, matchAt } from "./lexeme.ts";

/** Deepest nesting of parentheses, arrays and prefixes, and most operators in one condition: together they bound every later recursion. */
const MAX_NESTING = 200;
const MAX_OPERATORS = 1000;

/** `at` is always the offset of a token, or the text's length. */
export interface Cursor {
  readonly text: string;
  at: number;
  nesting: number;
  operators: number;
}

/** The cursor at the first token. */
export function startOf(text: string): Cursor {
  const cursor = { text, at: 0, nesting: 0, operators: 0 };
  advance(cursor, 0);
  return cursor;
}

/** Moves on to `at` and past the blanks there. */
export function advance(cursor: Cursor, at: number): void {
  const blanks = /\s*/y;
  blanks.lastIndex = at;
  blanks.test(cursor.text);
  cursor.at = blanks.lastIndex;
}

/** Moves past `token` (sticky) if it stands here; false if it does not. */
export function accept(cursor: Cursor, token: RegExp): boolean {
  const text = matchAt(token, cursor.text, cursor.at);
  if (text === undefined) return false;
  advance(cursor, cursor.at + text.length);
  return true;
}

/** Parses what stands one level deeper. */
export function nested(cursor: Cursor, parse: () => Condition): Condition {
  if (cursor.nesting === MAX_NESTING) {
    throw new ExpressionError(`A condition nests at most ${MAX_NESTING} deep: compute it in a task.`, cursor.at);
  }
  cursor.nesting += 1;
  const condition = parse();
  cursor.nesting -= 1;
  return condition;
}

/** Counts one more infix operator. */
export function countOperator(cursor: Cursor): void {
  cursor.operators += 1;
  if (cursor.operators > MAX_OPERATORS) {
    throw new ExpressionError(`A condition has at most ${MAX_OPERATORS} operators: compute it in a task.`, cursor.at);
  }
}

/** What people write who come from other languages, where an operator may stand. */
const SLIPS: readonly (readonly [RegExp, string])[] = [
  [/=/y, ' Equality is written "==".'],
  [/&|and\b/y, ' "And" is written "&&".'],
  [/\||or\b/y, ' "Or" is written "||".'],
  [/[-+*/%]/y, ' There is no arithmetic; a key with such a character is written $["…"].'],
  [/[\p{L}\p{Nd}_]/uy, ' A key with blanks is written $["…"].'],
];

/** The error that neither an operator nor `end` stands here. */
export function noOperator(cursor: Cursor, end: string): ExpressionError {
  const slip = SLIPS.find(([pattern]) => matchAt(pattern, cursor.text, cursor.at) !== undefined);
  return unexpected(cursor, `an operator (== != < <= > >= in && ||) or ${end}`, slip?.[1] ?? "");
}

/** The error that something else was expected here. */
export function unexpected({ text, at }: Cursor, expected: string, hint = ""): ExpressionError {
  return new ExpressionError(`Expected ${expected} but found ${found(text, at)}.${hint}`, at);
}
