/**
 * Texts that may be longer than an item: definitions (up to 1 MiB), inputs and outputs of many small values, archives of
 * Express runs, parked messages. A short one is an attribute. A longer one is cut into items under the same partition key,
 * by its hash, written before the item that refers to them; so whoever sees the reference finds the text, whole, and
 * nothing is ever overwritten by something else. They are not blobs: they expire with what refers to them.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { StepwellError } from "../../fdl/errors.ts";
import { type Item, item, number, text } from "./item.ts";
import { type Key, keyNumber, sha256 } from "./keys.ts";
import type { Table } from "./table.ts";

/** The longest text that stays in its item, bytes: two of them fit. */
const INLINE_BYTES = 128 * 1024;
/** Size of the parts of a longer one, bytes. */
const PART_BYTES = 384 * 1024;

export interface LongTexts {
  /** Stores a text under the partition key; returns the attribute that stands for it. `expiresAt` absent: for good. */
  write(pk: string, text: string, expiresAt?: AttributeValue): Promise<AttributeValue>;
  read(pk: string, attribute: AttributeValue | undefined): Promise<string | undefined>;
  /** Removes the parts of a text, if it has any; nothing else may refer to the same one. */
  remove(pk: string, attribute: AttributeValue | undefined): Promise<void>;
}

export function longTexts(table: Table): LongTexts {
  async function forParts(count: number, work: (part: number) => Promise<unknown>): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, part) => work(part)));
  }

  return {
    async write(pk, whole, expiresAt) {
      // A text has at most three bytes a character: most need not be weighed.
      if (whole.length * 3 <= INLINE_BYTES || Buffer.byteLength(whole) <= INLINE_BYTES) return { S: whole };
      const bytes = Buffer.from(whole);
      const [hash, count] = [sha256(bytes), Math.ceil(bytes.length / PART_BYTES)];
      await forParts(count, (part) => {
        const B = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
        return table.put(partKey(pk, hash, part), { bytes: { B }, ...(expiresAt === undefined ? {} : { expiresAt }) });
      });
      return { M: item({ hash, parts: count }) };
    },
    async read(pk, attribute) {
      if (attribute?.M === undefined) return attribute?.S;
      const { hash, count } = reference(attribute.M);
      const parts: Uint8Array[] = [];
      for await (const page of table.query({ pk, sk: partsPrefix(hash) })) {
        for (const part of page) if (part.bytes?.B !== undefined) parts.push(part.bytes.B);
      }
      const bytes = Buffer.concat(parts);
      if (parts.length === count && sha256(bytes) === hash) return bytes.toString();
      throw new StepwellError(
        "StoreDamaged",
        `${pk} ${partsPrefix(hash)} has ${parts.length} of ${count} parts of a text`,
      );
    },
    async remove(pk, attribute) {
      if (attribute?.M === undefined) return;
      const { hash, count } = reference(attribute.M);
      await forParts(count, (part) => table.remove(partKey(pk, hash, part)));
    },
  };
}

function reference(from: Item): { readonly hash: string; readonly count: number } {
  return { hash: text(from, "hash"), count: number(from, "parts") };
}

function partsPrefix(hash: string): string {
  return `T#${hash}#`;
}

function partKey(pk: string, hash: string, part: number): Key {
  return { pk, sk: `${partsPrefix(hash)}${keyNumber(part)}` };
}
