/**
 * The power cut: takes back, on the real files, what the log of a killed process shows as not synced. Without dice all of
 * it; with dice a part of it, as disks do that write in any order: each sector falls back to one of its states by itself
 * (so a page of 4 KiB may be torn), the size as well, and the newest changes of names are lost from some point on, since file systems keep
 * these in order.
 */
import {
  closeSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Dice } from "../../lib/sim/dice.ts";
import type { NameRecord } from "./log.ts";
import { SECTOR_BYTES, type Unsynced, type UnsyncedFile } from "./unsynced.ts";

export interface Cut {
  /** Sectors that fell back. */
  readonly sectors: number;
  /** Changes of names that were undone. */
  readonly names: number;
}

/** Cuts the power under `folders`: the watched one, and the one where files without a name are kept. */
export function cutPower({ files, names }: Unsynced, folders: readonly string[], dice?: Dice): Cut {
  const paths = new Map(folders.flatMap((folder) => [...filesIn(folder)]));
  let sectors = 0;
  for (const [inode, content] of files) {
    const path = paths.get(inode);
    if (path !== undefined) sectors += fallBack(path, content, dice);
  }
  const kept = dice === undefined ? 0 : dice.below(names.length + 1);
  const undone = names.slice(kept).reverse();
  for (const name of undone) undoName(name);
  return { sectors, names: undone.length };
}

/** Returns how many sectors fell back. */
function fallBack(path: string, { sectors, sizes }: UnsyncedFile, dice: Dice | undefined): number {
  const file = openSync(path, "r+");
  let fallen = 0;
  try {
    for (const [number, patches] of sectors) {
      const lost = dice === undefined ? patches.length : dice.below(patches.length + 1);
      if (lost === 0) continue;
      fallen += 1;
      const sector = new Uint8Array(SECTOR_BYTES);
      readSync(file, sector, 0, SECTOR_BYTES, number * SECTOR_BYTES);
      for (const { at, old } of patches.slice(patches.length - lost).reverse()) sector.set(old, at);
      writeSync(file, sector, 0, SECTOR_BYTES, number * SECTOR_BYTES);
    }
    const size = sizes[dice === undefined ? 0 : dice.below(sizes.length + 1)];
    ftruncateSync(file, size?.size ?? lstatSync(path).size);
  } finally {
    closeSync(file);
  }
  return fallen;
}

function undoName({ kind, file, path, to, kept }: NameRecord): void {
  const current = inodeOf(kind === "rename" ? to : path);
  const home = inodeOf(dirname(path)) !== undefined;
  switch (kind) {
    case "create":
      if (current === file) unlinkSync(path);
      break;
    case "mkdir":
      if (current === file) rmSync(path, { recursive: true });
      break;
    case "rmdir":
      if (current === undefined && home) mkdirSync(path);
      break;
    case "unlink":
      if (current === undefined && home && kept !== "") linkSync(kept, path);
      break;
    case "rename":
      if (current !== file) break;
      if (home) renameSync(to, path);
      else unlinkSync(to);
      if (kept !== "") linkSync(kept, to);
      break;
    default:
      kind satisfies never;
  }
}

function* filesIn(folder: string): Generator<readonly [inode: number, path: string]> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield [lstatSync(path).ino, path];
  }
}

function inodeOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino;
}
