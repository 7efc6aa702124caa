/**
 * Keys of the table (architecture §7). Their parts are separated by `#`; numbers are padded, so that keys stand in their
 * order. Texts in them come from users: they may be empty, hold anything and be longer than a key may be.
 */
import { createHash } from "node:crypto";
import type { EntryKey, ExecutionRef } from "../../runtime/ports/journal.ts";

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Sort key of an item that is alone under its partition key. */
const ONLY = "!";

/** DynamoDB takes 1,024 bytes of sort key and 2,048 of partition key, which holds at most two texts. */
const LONGEST_TEXT = 900;
const DIGITS = 10;
/** The largest number that a key holds. */
export const LARGEST = 10 ** DIGITS - 1;

/** How many partitions the branches of an execution are spread over: one partition takes 1,000 writes a second. */
const PARTITIONS = 16;

/** A text as part of a key: itself, with `#`, `%` and halves of characters escaped, or its hash where that is too long. The beginning of a text makes the beginning of a part, but for hashes. */
export function keyText(text: string): string {
  const escaped = escapeText(text);
  return Buffer.byteLength(escaped) <= LONGEST_TEXT ? escaped : `${HASHED}${sha256(JSON.stringify(text))}`;
}

/** What every part that is a hash begins with; an escape is `%` and four digits. */
export const HASHED = "%=";

/** A text, escaped as it stands in a key, however long. */
export function escapeText(text: string): string {
  return text.replace(/[#%]|\p{Surrogate}/gu, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A number from 0 to `LARGEST` as part of a key. */
export function keyNumber(number: number): string {
  return String(number).padStart(DIGITS, "0");
}

/** The number at the end of a key. */
export function lastNumber(key: string): number {
  return Number(key.slice(key.lastIndexOf("#") + 1));
}

/** SHA-256, hex. */
export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A number below `count`, always the same for a text. */
export function shardOf(text: string, count: number): number {
  return createHash("sha256").update(text).digest().readUInt32BE() % count;
}

/** Everything of one branch, in one partition; the root's holds what hangs on the execution as well. */
export function branchPartition(startId: string, branch: string): string {
  const partition = `J#${keyText(startId)}`;
  return branch === "" ? partition : `${partition}#${shardOf(branch, PARTITIONS).toString(16)}`;
}

/** What hangs on an entry: `J` itself, `V` its attempt's verdict, `B` its fork's join. */
export function entryItemKey(kind: "J" | "V" | "B", { startId, branch, seq }: EntryKey): Key {
  return { pk: branchPartition(startId, branch), sk: `${entriesPrefix(kind, branch)}${keyNumber(seq)}` };
}

/** What the sort keys of a branch's items of a kind begin with; then comes the seq. */
export function entriesPrefix(kind: "J" | "V" | "B" | "O", branch: string): string {
  return `${kind}#${keyText(branch)}#`;
}

/** What the sort keys of a fork's outputs begin with; then come index and chunk. */
export function outputsPrefix({ branch, seq }: EntryKey): string {
  return `${entriesPrefix("O", branch)}${keyNumber(seq)}#`;
}

/** One chunk of a branch's output. */
export function outputKey(fork: EntryKey, index: number, chunk: number): Key {
  const sk = `${outputsPrefix(fork)}${keyNumber(index)}#${keyNumber(chunk)}`;
  return { pk: branchPartition(fork.startId, fork.branch), sk };
}

/** An execution's header and data. */
export function executionPartition({ flowId, name }: ExecutionRef): string {
  return `X#${keyText(flowId)}#${keyText(name)}`;
}

export function headerKey(ref: ExecutionRef): Key {
  return { pk: executionPartition(ref), sk: ONLY };
}

/** Input and output of one start of that name. */
export function dataKey(ref: ExecutionRef, startId: string): Key {
  return { pk: executionPartition(ref), sk: `D#${keyText(startId)}` };
}

/** The archive of an Express run. */
export function archiveKey(ref: ExecutionRef, startId: string): Key {
  return { pk: executionPartition(ref), sk: `A#${keyText(startId)}` };
}

/** What the sort keys of parked messages begin with. */
export const PARKED = "P#";

/** A parked message, by its hash: parked twice is parked once. */
export function parkedKey(startId: string, message: string): Key {
  return { pk: branchPartition(startId, ""), sk: `${PARKED}${sha256(message)}` };
}

export function flowKey(name: string): Key {
  return { pk: `F#${keyText(name)}`, sk: ONLY };
}

export function revisionKey(flowId: string, revision: number): Key {
  return { pk: `F#${keyText(flowId)}`, sk: `R#${keyNumber(revision)}` };
}

export const PROBE_KEY: Key = { pk: "P#probe", sk: ONLY };

/** The range of all access keys: one partition (access.ts). */
export const ACCESS_KEYS = { pk: "K#", sk: "K#" } as const;

export function accessKeyKey(id: string): Key {
  return { pk: ACCESS_KEYS.pk, sk: `${ACCESS_KEYS.sk}${keyText(id)}` };
}

/** A nonce of an access key. */
export function nonceKey(keyId: string, nonce: string): Key {
  return { pk: `N#${keyText(keyId)}#${keyText(nonce)}`, sk: ONLY };
}
