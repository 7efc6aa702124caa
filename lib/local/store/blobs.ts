/**
 * The blobs port on files: one file a text, named by its hash, in folders by the hash's first two characters. A text is
 * written under another name, made durable and then renamed, so that a file with a hash for a name is whole.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, rmSync, statSync, unlinkSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, utimes } from "node:fs/promises";
import { join } from "node:path";
import { StepwellError } from "../../fdl/errors.ts";
import type { Blobs } from "../../runtime/ports/blobs.ts";
import { syncFolder } from "./directory.ts";

export interface FileBlobs extends Blobs {
  /**
   * Removes the blobs that were last put or read before `before` (ms), that `isReferenced` does not know and that `forget`
   * lets go (a cache may know the hash, and write it into the journal without putting the blob again); returns how many.
   */
  sweep(before: number, isReferenced: (hash: string) => boolean, forget: (hash: string) => boolean): Promise<number>;
}

/** SHA-256, hex. Nothing else ever becomes part of a path. */
const HASH = /^[0-9a-f]{64}$/;
/** A file system's clock may differ from the process's by a little. */
const CLOCK_SLACK_MS = 5000;

/** The blobs in a folder; made when there is none. One process at a time. */
export function fileBlobs(folder: string): FileBlobs {
  const unfinished = join(folder, "new");
  /** On disk for sure: what another process has written may be seen and not yet be there. */
  const durable = new Set<string>();
  /** Being put or read; the sweep keeps its hands off them. */
  const busy = new Map<string, number>();
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  syncFolder(join(folder, ".."));

  async function keeping<T>(hash: string, work: () => Promise<T>): Promise<T> {
    busy.set(hash, (busy.get(hash) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (busy.get(hash) ?? 1) - 1;
      if (left > 0) busy.set(hash, left);
      else busy.delete(hash);
    }
  }

  async function write(hash: string, text: string): Promise<void> {
    const fresh = join(unfinished, `${hash}.${randomUUID()}`);
    const file = await open(fresh, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    const shelf = join(folder, hash.slice(0, 2));
    if (!durable.has(shelf)) {
      await mkdir(shelf, { recursive: true });
      syncFolder(folder);
      durable.add(shelf);
    }
    await rename(fresh, pathOf(folder, hash));
    syncFolder(shelf);
  }

  return {
    put: (hash, text) =>
      keeping(hash, async () => {
        const path = pathOf(folder, hash);
        if (durable.has(hash) && (await touch(path))) return;
        await write(hash, text);
        durable.add(hash);
      }),
    get: (hash) =>
      keeping(hash, async () => {
        if (!(await touch(pathOf(folder, hash)))) throw missing(folder, hash);
        return read(folder, hash);
      }),
    async sweep(before, isReferenced, forget) {
      const oldest = before - CLOCK_SLACK_MS;
      let removed = 0;
      for (const shelf of await readdir(folder)) {
        if (shelf.length !== 2) continue;
        for (const hash of await readdir(join(folder, shelf))) {
          if (!HASH.test(hash) || isReferenced(hash)) continue;
          // In one turn, so that nobody puts it between the look and the removal.
          const path = pathOf(folder, hash);
          const file = busy.has(hash) ? undefined : statSync(path, { throwIfNoEntry: false });
          if (file === undefined || file.mtimeMs >= oldest || !forget(hash)) continue;
          unlinkSync(path);
          removed++;
        }
      }
      return removed;
    },
  };
}

/** The blobs in a folder that another process may be working on: reading leaves no trace. */
export function readBlobs(folder: string): Pick<Blobs, "get"> {
  return {
    async get(hash) {
      if (!existsSync(pathOf(folder, hash))) throw missing(folder, hash);
      return read(folder, hash);
    },
  };
}

async function read(folder: string, hash: string): Promise<string> {
  const path = pathOf(folder, hash);
  const text = await readFile(path, "utf8");
  if (createHash("sha256").update(text).digest("hex") !== hash) {
    throw new StepwellError("StoreDamaged", `${path} is damaged: its content is not what was stored.`);
  }
  return text;
}

function missing(folder: string, hash: string): StepwellError {
  return new StepwellError("InternalServerError", `no blob is stored under ${hash} in ${folder}`);
}

function pathOf(folder: string, hash: string): string {
  if (!HASH.test(hash)) throw new StepwellError("InternalServerError", `"${hash}" is not the hash of a blob`);
  return join(folder, hash.slice(0, 2), hash);
}

/** Marks a file as used now; false: it is not there. */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
