/**
 * The directory that holds a store: `format.json` says what it is, `journal.mdb` is LMDB's. Both are looked at before
 * LMDB opens its file, because it maps the file into memory: one that is not LMDB's, or was cut off, would kill the
 * process instead of raising an error.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { StepwellError } from "../../fdl/errors.ts";
import { isLogFile } from "./log-names.ts";
import { isAlive, type Owner, thisOwner } from "./owner.ts";

/** Of what is written now; an older one would be converted at opening. */
const FORMAT_VERSION = 1;

const JOURNAL = "journal.mdb";
const FORMAT = "format.json";
const BLOBS = "blobs";
interface Format {
  readonly format: "stepwell";
  readonly version: number;
  /** The journal's file had at least this size, bytes; LMDB's files never shrink. */
  readonly journalBytes: number;
}

/** Path of LMDB's file. */
export function journalFile(directory: string): string {
  return join(directory, JOURNAL);
}

/** Path of the folder where large values may stand (blobs.ts). */
export function blobsFolder(directory: string): string {
  return join(directory, BLOBS);
}

/**
 * Makes the directory if there is none, and removes what is left of a process that died while it made a store here: the
 * format is written once the journal can be opened, so without it nothing was ever acknowledged. Returns what is to be
 * called when the store is open. Throws `DirectoryInUse` when another process is making one.
 */
export function claimNewDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  if (existsSync(join(directory, FORMAT))) return () => {};
  const claim = join(directory, `${FORMAT}.claim`);
  const own = `${claim}.${process.pid}`;
  writeFileSync(own, JSON.stringify(thisOwner()));
  try {
    while (!linked(own, claim)) {
      const other = parseOwner(readFileSync(claim, "utf8"));
      if (other !== undefined && isAlive(other)) throw inUse(directory, other);
      rmSync(claim, { force: true });
    }
  } finally {
    rmSync(own);
  }
  const names = readdirSync(directory);
  if (names.every(isOurs) && !isJournal(journalFile(directory))) {
    for (const name of names) if (name.startsWith(JOURNAL) || isLogFile(name)) rmSync(join(directory, name));
  }
  return () => rmSync(claim, { force: true });
}

/** Gives a file a second name; false: there is such a file. Never seen half made. */
function linked(path: string, name: string): boolean {
  try {
    linkSync(path, name);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined: what a power cut has left. */
function parseOwner(text: string): Owner | undefined {
  try {
    const owner: Owner = JSON.parse(text);
    return typeof owner.pid === "number" ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** `DirectoryInUse`, with who uses it and what to do. */
export function inUse(path: string, { pid }: Owner): StepwellError {
  const who = pid === process.pid ? `this process (pid ${pid})` : `the process with pid ${pid}`;
  return new StepwellError(
    "DirectoryInUse",
    `${path} is in use by ${who}. A directory serves one process at a time: end that one, or name another directory.`,
  );
}

/** Checks what is in the directory. Throws `StoreFormat` or `StoreDamaged`. */
export function checkDirectory(directory: string): void {
  const format = readFormat(directory);
  const foreign = readdirSync(directory).find((name) => !isOurs(name));
  if (format === undefined && foreign !== undefined) {
    throw new StepwellError(
      "StoreFormat",
      `${directory} is not a Stepwell directory: it holds "${foreign}" and has no ${FORMAT}. Name an empty or a new directory.`,
    );
  }
  checkJournal(directory, format?.journalBytes ?? 0);
}

function isOurs(name: string): boolean {
  return name.startsWith(FORMAT) || name === JOURNAL || name === `${JOURNAL}-lock` || name === BLOBS || isLogFile(name);
}

/** Notes how large the journal is by now, so that a part of it cannot be lost unseen. */
export function noteJournalSize(directory: string): void {
  const journalBytes = statSync(journalFile(directory)).size;
  if (readFormat(directory)?.journalBytes === journalBytes) return;
  const format: Format = { format: "stepwell", version: FORMAT_VERSION, journalBytes };
  const path = join(directory, FORMAT);
  // A name of its own: two processes may open a new directory at the same time, and one of them will be refused.
  const fresh = `${path}.${process.pid}`;
  const file = openSync(fresh, "w");
  try {
    writeSync(file, `${JSON.stringify(format)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
  syncFolder(directory);
}

/** Makes the names in a folder durable. Windows cannot, and does not need to. */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function readFormat(directory: string): Format | undefined {
  const path = join(directory, FORMAT);
  if (!existsSync(path)) return undefined;
  const format = parseFormat(readFileSync(path, "utf8"));
  if (format === undefined) {
    throw new StepwellError("StoreFormat", `${path} does not say that ${directory} is a Stepwell directory.`);
  }
  if (format.version > FORMAT_VERSION) {
    throw new StepwellError(
      "StoreFormat",
      `${directory} has format ${format.version}; this version of Stepwell reads formats up to ${FORMAT_VERSION}. Use a newer Stepwell, or another directory.`,
    );
  }
  return format;
}

function parseFormat(text: string): Format | undefined {
  try {
    const { format, version, journalBytes }: Partial<Format> = JSON.parse(text) ?? {};
    if (format !== "stepwell" || !Number.isInteger(version) || !Number.isInteger(journalBytes)) return undefined;
    return { format, version: Number(version), journalBytes: Number(journalBytes) };
  } catch {
    return undefined;
  }
}

function checkJournal(directory: string, journalBytes: number): void {
  const path = journalFile(directory);
  const damaged = (what: string) =>
    new StepwellError("StoreDamaged", `${path} ${what}. Put a copy of the whole directory in its place.`);
  if (!existsSync(path)) {
    if (journalBytes === 0) return;
    throw damaged("is missing");
  }
  const { size } = statSync(path);
  if (size < journalBytes) throw damaged(`was cut off: it has ${size} bytes, and had ${journalBytes}`);
  if (size > 0 && !isJournal(path)) throw damaged("is not a journal any more");
}

/** Whether the file is LMDB's: both of the pages that describe it say so. */
function isJournal(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = openSync(path, "r");
  try {
    const pageBytes = readMeta(file, 0);
    return pageBytes !== undefined && readMeta(file, pageBytes) === pageBytes;
  } finally {
    closeSync(file);
  }
}

/** LMDB's magic number, and where it and the page size stand in the two pages that describe the file (mdb.c, MDB_meta). */
const MAGIC = 0xbeefc0de;
const MAGIC_AT = 24;
const PAGE_BYTES_AT = 48;

/** The page size that the description at `position` gives; undefined: it is none. */
function readMeta(file: number, position: number): number | undefined {
  const head = Buffer.alloc(64);
  if (readSync(file, head, 0, head.length, position) < head.length) return undefined;
  return head.readUInt32LE(MAGIC_AT) === MAGIC ? head.readUInt32LE(PAGE_BYTES_AT) : undefined;
}
