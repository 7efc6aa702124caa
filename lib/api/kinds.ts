/** What parameters may hold: each kind reads the text of a parameter into a value, or refuses it with a message that says why. */
import { isObject, type Json, type JsonObject } from "../fdl/json.ts";
import { FLOW_NAME } from "../fdl/name.ts";
import { parseTimestamp } from "../fdl/timestamp.ts";
import { invalid, quoted } from "./errors.ts";
import type { Kind } from "./parameter.ts";

const NAME_RULE = `1 to 128 letters, digits, "_" and "-", not beginning with a digit or "-"`;

/** Values may nest this deep: far above any data, and far below where `JSON.stringify` runs out of stack (about 4,000). */
const MAX_DEPTH = 1_000;

const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** A text of so many characters (not UTF-16 units). */
export function text(min: 0 | 1, max: number): Kind<string> {
  return (value, name) => {
    if (value.length >= min && value.length <= max) return value;
    const length = [...value].length;
    if (length >= min && length <= max) return value;
    throw invalid(`${name} has ${length} characters: ${min} to ${max} are allowed.`);
  };
}

/** A text that matches a pattern; `rule` completes "X must be". */
function matching(pattern: RegExp, rule: string): Kind<string> {
  return (value, name) => {
    if (pattern.test(value)) return value;
    throw invalid(`${name} ${quoted(value)} is not allowed: it must be ${rule}.`);
  };
}

/** Name of a flow (fdl.md §1.3). */
export const flowName = matching(FLOW_NAME, NAME_RULE);

/** Name of an execution that there may be: also generated ones, and those of Express runs with `:` and an id. */
export const executionName = matching(
  /^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}(?::[A-Za-z0-9-]{1,128})?$/,
  `${NAME_RULE} (for an Express run with ":" and its id)`,
);

/** What the names of executions may begin with. */
export const namePrefix = matching(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}$/, NAME_RULE);

/** Ours have a few hundred characters. */
export const MAX_TOKEN = 4_096;

export const taskToken = text(1, MAX_TOKEN);

/** Why something failed or was stopped (api.md §3.4): an error's name, and its cause in words. */
export const errorName = text(1, 128);
export const errorCause = text(1, 4_096);

/** A whole number in decimal digits. */
export function integer(from: number, to: number): Kind<number> {
  return (value, name) => {
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= from && number <= to) return number;
    throw invalid(`${name} ${quoted(value)} is not allowed: it must be a whole number from ${from} to ${to}.`);
  };
}

/** `true` or `false`; Python writes `True` and `False`. */
export const boolean: Kind<boolean> = (value, name) => {
  const lower = value.toLowerCase();
  if (lower === "true" || lower === "false") return lower === "true";
  throw invalid(`${name} ${quoted(value)} is not allowed: it must be true or false.`);
};

/** One of some words, exactly. */
export function oneOf<const W extends string>(...words: readonly W[]): Kind<W> {
  return (value, name) => {
    const word = words.find((one) => one === value);
    if (word !== undefined) return word;
    throw invalid(`${name} ${quoted(value)} is not allowed: it must be ${words.join(" or ")}.`);
  };
}

/** A time in RFC 3339, as milliseconds since the epoch. */
export const time: Kind<number> = (value, name) => {
  const ms = parseTimestamp(value);
  if (ms !== undefined) return ms;
  throw invalid(`${name} ${quoted(value)} is not allowed: it must be a time such as 2030-01-02T03:04:05Z.`);
};

/** JSON text of any value. */
export const json: Kind<Json> = (value, name) => {
  if (value.length > 2 * MAX_DEPTH && isTooDeep(value)) {
    throw invalid(`${name} is nested too deep: ${MAX_DEPTH} levels are allowed.`);
  }
  try {
    const parsed: Json = JSON.parse(value);
    return parsed;
  } catch (error) {
    throw invalid(`${name} ${quoted(value)} is no JSON text: ${error instanceof Error ? error.message : error}.`);
  }
};

/** JSON text of an object. */
export const jsonObject: Kind<JsonObject> = (value, name) => {
  const parsed = json(value, name);
  if (isObject(parsed)) return parsed;
  throw invalid(`${name} ${quoted(value)} is not allowed: it must be the JSON text of an object.`);
};

/** Whether arrays and objects nest too deep in a text that may or may not be JSON. One walk: a pattern could be made to try again and again. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === BACKSLASH) at++;
      else if (char === QUOTE) inString = false;
    } else if (char === QUOTE) inString = true;
    else if (char === OPEN_ARRAY || char === OPEN_OBJECT) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (char === CLOSE_ARRAY || char === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}
