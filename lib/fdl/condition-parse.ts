/** The parser of conditions: recursive descent, one function for each level of the grammar (fdl.md §4). */

import type { Comparison, Condition } from "./condition.ts";
import {
  accept,
  advance,
  type Cursor,
  countOperator,
  nested,
  noOperator,
  startOf,
  unexpected,
} from "./condition-cursor.ts";
import { ExpressionError } from "./errors.ts";
import { matchAt, NUMBER, readQuoted } from "./lexeme.ts";
import { readSegments } from "./path-segments.ts";

/**
 * Parses the condition of a choice.
 *
 * @example
 * satisfied(parseCondition('$.status == "done" || $.tries > 3'), { tries: 4 }); // true
 * @throws {ExpressionError} when the text is no condition
 */
export function parseCondition(text: string): Condition {
  const cursor = startOf(text);
  const condition = parseOr(cursor);
  if (cursor.at < text.length) throw noOperator(cursor, "the end");
  return condition;
}

function parseOr(cursor: Cursor): Condition {
  let left = parseAnd(cursor);
  while (accept(cursor, /\|\|/y)) {
    countOperator(cursor);
    left = { kind: "or", left, right: parseAnd(cursor) };
  }
  return left;
}

function parseAnd(cursor: Cursor): Condition {
  let left = parseComparison(cursor);
  while (accept(cursor, /&&/y)) {
    countOperator(cursor);
    left = { kind: "and", left, right: parseComparison(cursor) };
  }
  return left;
}

/** The sign of each comparison; one that starts with another's text stands before it. */
const COMPARISONS: readonly (readonly [Comparison, RegExp])[] = [
  ["==", /==/y],
  ["!=", /!=/y],
  ["<=", /<=/y],
  ["<", /</y],
  [">=", />=/y],
  [">", />/y],
  ["in", /in(?![\p{L}\p{Nd}_])/uy],
];

function parseComparison(cursor: Cursor): Condition {
  let left = parsePrefixed(cursor);
  for (;;) {
    const comparison = COMPARISONS.find(([, sign]) => accept(cursor, sign));
    if (comparison === undefined) return left;
    countOperator(cursor);
    left = { kind: "compare", operator: comparison[0], left, right: parsePrefixed(cursor) };
  }
}

function parsePrefixed(cursor: Cursor): Condition {
  if (accept(cursor, /!/y)) return nested(cursor, () => ({ kind: "not", operand: parsePrefixed(cursor) }));
  if (accept(cursor, /-/y)) return nested(cursor, () => ({ kind: "negate", operand: parsePrefixed(cursor) }));
  return parsePrimary(cursor);
}

function parsePrimary(cursor: Cursor): Condition {
  const { text, at } = cursor;
  switch (text[at]) {
    case "(":
      return nested(cursor, () => parseGroup(cursor));
    case "[":
      return nested(cursor, () => parseArray(cursor));
    case "$":
      return parsePath(cursor);
    case '"':
    case "'":
    case "`": {
      const { value, end } = readQuoted(text, at);
      advance(cursor, end);
      return { kind: "literal", value };
    }
    default:
      return parseNumberOrWord(cursor);
  }
}

function parseGroup(cursor: Cursor): Condition {
  advance(cursor, cursor.at + 1);
  const condition = parseOr(cursor);
  if (!accept(cursor, /\)/y)) throw noOperator(cursor, '")"');
  return condition;
}

function parseArray(cursor: Cursor): Condition {
  advance(cursor, cursor.at + 1);
  const items: Condition[] = [];
  if (accept(cursor, /\]/y)) return { kind: "array", items };
  do items.push(parseOr(cursor));
  while (accept(cursor, /,/y));
  if (!accept(cursor, /\]/y)) throw noOperator(cursor, '"," or "]"');
  return { kind: "array", items };
}

function parsePath(cursor: Cursor): Condition {
  const start = cursor.at + 1;
  const { path, end } = readSegments(cursor.text, start, "condition");
  if (end === start && matchAt(/[\p{L}\p{Nd}_]/uy, cursor.text, end) !== undefined) {
    throw new ExpressionError('A condition reads only the input of its choice: write "$.name".', cursor.at);
  }
  advance(cursor, end);
  return { kind: "path", path };
}

const WORDS: readonly (readonly [RegExp, null | boolean])[] = [
  [/true(?![\p{L}\p{Nd}_])/uy, true],
  [/false(?![\p{L}\p{Nd}_])/uy, false],
  [/null(?![\p{L}\p{Nd}_])/uy, null],
];

function parseNumberOrWord(cursor: Cursor): Condition {
  const { text, at } = cursor;
  const digits = matchAt(NUMBER, text, at);
  if (digits !== undefined) {
    const value = Number(digits);
    if (!Number.isFinite(value)) throw new ExpressionError("This number is too large.", at);
    advance(cursor, at + digits.length);
    return { kind: "literal", value };
  }
  const word = WORDS.find(([pattern]) => accept(cursor, pattern));
  if (word !== undefined) return { kind: "literal", value: word[1] };
  throw unexpected(
    cursor,
    'a value (a path such as $.name, text in quotes, a number, true, false, null, an array or "(")',
  );
}
