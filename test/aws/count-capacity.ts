/**
 * What DynamoDB bills for a request, by its documented rules (developer guide: "Item sizes and formats", "Capacity unit
 * consumption", "Provisioned throughput considerations for global secondary indexes"). The emulator's own figures are right
 * for writes only: it bills each read as one of 4 KB.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Item = { readonly [name: string]: AttributeValue };

/** A secondary index. */
export interface Index {
  readonly name: string;
  /** Attributes that an item must have to stand in it: its keys. */
  readonly keys: readonly string[];
  /** All attributes that it holds, keys of index and table among them. */
  readonly holds: readonly string[];
}

const [WRITE_BYTES, READ_BYTES] = [1024, 4096];

/** Size of an item: its names and values. A text is its UTF-8 bytes, a number a byte for two digits and one more. */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

const CONTAINER_BYTES = 3;

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.SS !== undefined) return sum(value.SS.map((text) => Buffer.byteLength(text)));
  if (value.NS !== undefined) return sum(value.NS.map(numberBytes));
  if (value.BS !== undefined) return sum(value.BS.map((bytes) => bytes.byteLength));
  // Each element of a list or map takes a byte more.
  if (value.L !== undefined) return CONTAINER_BYTES + sum(value.L.map((element) => 1 + valueBytes(element)));
  if (value.M !== undefined) return CONTAINER_BYTES + itemBytes(value.M) + Object.keys(value.M).length;
  return 1;
}

/** Zeros at either end are trimmed. */
function numberBytes(text: string): number {
  const digits = text.replace(/[-.]/g, "").replace(/^0+|0+$/g, "");
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}

/** Units of a read of that many bytes; reading nothing is billed as the smallest read. An eventually consistent one costs half. */
export function readUnits(bytes: number, consistent: boolean): number {
  return blocks(bytes, READ_BYTES) / (consistent ? 1 : 2);
}

/** Units that a write takes of the table: the larger of both items counts. Also of one that its condition refused, which leaves what is there. */
export function writeUnits(before: Item | undefined, after: Item | undefined): number {
  return blocks(Math.max(before ? itemBytes(before) : 0, after ? itemBytes(after) : 0), WRITE_BYTES);
}

/** Units that a write takes of an index: none where its entry stays as it is, two where the entry's keys change. */
export function indexUnits(index: Index, before: Item | undefined, after: Item | undefined): number {
  const [old, made] = [entryOf(index, before), entryOf(index, after)];
  if (old === undefined || made === undefined) {
    const only = old ?? made;
    return only === undefined ? 0 : writeUnits(only, undefined);
  }
  if (isSame(index.keys, old, made)) return isSame(index.holds, old, made) ? 0 : writeUnits(old, made);
  return writeUnits(old, undefined) + writeUnits(undefined, made);
}

/** What the index holds of an item; undefined: the item is not in it. */
function entryOf({ keys, holds }: Index, item: Item | undefined): Item | undefined {
  if (item === undefined || keys.some((key) => item[key] === undefined)) return undefined;
  return Object.fromEntries(Object.entries(item).filter(([name]) => holds.includes(name)));
}

function isSame(names: readonly string[], one: Item, other: Item): boolean {
  return names.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));
}

function blocks(bytes: number, size: number): number {
  return Math.max(1, Math.ceil(bytes / size));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
