/** How conditions compare and convert values (the table of fdl.md §4; §10 rows 5, 44, 46). */
import { isArray, isObject, type Json, own } from "./json.ts";
import { NUMBER } from "./lexeme.ts";

const NUMERIC = new RegExp(`^-?${NUMBER.source}$`);

/** The number that a value stands for: itself, or what a numeric string says; undefined when it stands for none. */
export function toNumber(value: Json): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && NUMERIC.test(value) ? Number(value) : undefined;
}

/** The boolean that a value converts to; undefined when it does not convert. */
export function toBoolean(value: Json): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === null) return false;
  const number = toNumber(value);
  if (number !== undefined) return number !== 0;
  if (typeof value !== "string") return undefined;
  const word = value.toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

/** `==` */
export function equal(left: Json, right: Json): boolean {
  if (typeof left === "string" && typeof right === "string") return left === right;
  if (isBooleanOrNull(left) || isBooleanOrNull(right)) return toBoolean(left) === toBoolean(right);
  const number = toNumber(left);
  return number === undefined ? same(left, right) : number === toNumber(right);
}

/** `<` (negative), equal (0) or `>` (positive); undefined when the two have no order. Strings order by UTF-16 code units. */
export function order(left: Json, right: Json): number | undefined {
  if (typeof left === "string" && typeof right === "string") return sign(left, right);
  const number = toNumber(left);
  const other = toNumber(right);
  return number === undefined || other === undefined ? undefined : sign(number, other);
}

function sign<T extends string | number>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function isBooleanOrNull(value: Json): boolean {
  return typeof value === "boolean" || value === null;
}

/** Deep equality without any conversion. Walks by hand: user data may nest deeper than the stack allows. */
export function same(left: Json, right: Json): boolean {
  const pairs: [Json | undefined, Json | undefined][] = [[left, right]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair;
    if (a === b) continue;
    if (isArray(a) && isArray(b) && a.length === b.length) {
      for (const [index, item] of a.entries()) pairs.push([item, b[index]]);
    } else if (isObject(a) && isObject(b) && Object.keys(a).length === Object.keys(b).length) {
      for (const [key, value] of Object.entries(a)) pairs.push([value, own(b, key)]);
    } else {
      return false;
    }
  }
  return true;
}
