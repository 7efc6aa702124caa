/** Does one thing to the files of a folder, `node disk.fixture.ts FOLDER WHAT`, and dies as one that is killed. */
import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

const [, , folder = "", what = ""] = process.argv;
const file = join(folder, "file");

function write(path: string, text: string, { sync = false, flags = "w" } = {}): void {
  const opened = openSync(path, flags);
  writeSync(opened, text);
  if (sync) fsyncSync(opened);
  closeSync(opened);
}

function syncFolder(path: string): void {
  const opened = openSync(path, "r");
  fsyncSync(opened);
  closeSync(opened);
}

const deeds: Readonly<Record<string, () => void>> = {
  /** A file with "old", on disk. */
  prepare() {
    write(file, "old", { sync: true });
    syncFolder(folder);
  },
  overwrite: () => write(file, "new and longer", { flags: "r+" }),
  overwriteAndSync: () => write(file, "new", { flags: "r+", sync: true }),
  replaceContent: () => writeFileSync(file, "n"),
  /** Sectors 0 and 1; the descriptor that syncs writes the second one. */
  writeThrough() {
    const plain = openSync(file, "r+");
    writeSync(plain, "N", 0);
    const through = openSync(file, constants.O_WRONLY | constants.O_DSYNC);
    writeSync(through, "through", 512);
  },
  createUnnamed: () => write(join(folder, "other"), "content", { sync: true }),
  createNamed() {
    write(join(folder, "other"), "content", { sync: true });
    syncFolder(folder);
  },
  rename() {
    write(join(folder, "other"), "content", { sync: true });
    syncFolder(folder);
    renameSync(join(folder, "other"), file);
  },
  remove: () => unlinkSync(file),
  makeFolder() {
    mkdirSync(join(folder, "inner"));
    write(join(folder, "inner", "file"), "content", { sync: true });
    syncFolder(join(folder, "inner"));
  },
  /** Sixteen pages on disk, and written over. */
  pages() {
    write(file, "o".repeat(16 * 4096), { flags: "r+", sync: true });
    write(file, "n".repeat(16 * 4096), { flags: "r+" });
  },
  /** As one does who finds what another has written. */
  syncOnly() {
    const opened = openSync(file, "r");
    fsyncSync(opened);
  },
  /** Written, synced, and written again. */
  twice() {
    const opened = openSync(file, "r+");
    writeSync(opened, "synced", 0);
    fdatasyncSync(opened);
    writeSync(opened, "SYN", 0);
  },
};

const deed = deeds[what];
if (deed === undefined) throw new Error(`no such deed: ${what}`);
deed();
process.kill(process.pid, "SIGKILL");
