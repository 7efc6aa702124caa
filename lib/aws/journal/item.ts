/** Items of the table: writing their attributes, and reading them, which is where what DynamoDB holds becomes a value of ours. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { StepwellError } from "../../fdl/errors.ts";

export type Item = { readonly [name: string]: AttributeValue };

type Value = string | number | boolean | AttributeValue;

/** An item, or the attributes of one, from their values; undefined ones are left out. */
export function item(values: { readonly [name: string]: Value | undefined }): Record<string, AttributeValue> {
  const made: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) made[name] = attribute(value);
  return made;
}

function attribute(value: Value): AttributeValue {
  switch (typeof value) {
    case "string":
      return { S: value };
    case "number":
      return { N: String(value) };
    case "boolean":
      return { BOOL: value };
    default:
      return value;
  }
}

/** A text that every such item has. */
export function text(from: Item, name: string): string {
  return from[name]?.S ?? damaged(from, name);
}

/** A number that every such item has. */
export function number(from: Item, name: string): number {
  return optionalNumber(from, name) ?? damaged(from, name);
}

/** A yes or no that every such item has. */
export function flag(from: Item, name: string): boolean {
  return from[name]?.BOOL ?? damaged(from, name);
}

export function optionalText(from: Item, name: string): string | undefined {
  return from[name]?.S;
}

export function optionalNumber(from: Item, name: string): number | undefined {
  const digits = from[name]?.N;
  return digits === undefined ? undefined : Number(digits);
}

/** `{ [as]: value }`, or nothing when there is none. */
export function present<K extends string, T>(as: K, value: T | undefined): { readonly [P in K]?: T } {
  return (value === undefined ? {} : { [as]: value }) as { readonly [P in K]?: T };
}

function damaged(from: Item, name: string): never {
  const where = `${from.pk?.S ?? "?"} ${from.sk?.S ?? "?"}`;
  throw new StepwellError(
    "StoreDamaged",
    `item ${where} has no "${name}": it was not written by Stepwell, or by another version of it`,
  );
}

/** Size of an item by DynamoDB's rules, bytes: names and texts as UTF-8, a few bytes for all else. At most an overestimate. */
export function sizeOf(of: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(of)) bytes += Buffer.byteLength(name) + sizeOfValue(value);
  return bytes;
}

const NUMBER_BYTES = 21;
const NESTING_BYTES = 3;

function sizeOfValue(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.NS !== undefined) return value.NS.length * NUMBER_BYTES + NESTING_BYTES;
  if (value.M !== undefined) return sizeOf(value.M) + NESTING_BYTES;
  return NUMBER_BYTES;
}
