/** A disk that forgets what was not synced, under one folder: the shim, compiled here and now, with its log. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Dice } from "../../lib/sim/dice.ts";
import { type Cut, cutPower } from "./cut.ts";
import { readLog, wholeBytes } from "./log.ts";
import { unsynced } from "./unsynced.ts";

/** Calls that may pretend to sync. */
export type Lie = "fdatasync" | "fsync" | "dsync";

export interface ForgetfulDisk {
  /** The folder on the disk: empty at first. */
  readonly path: string;
  /** What a process needs in its environment to work on the disk. One process at a time. */
  readonly env: Readonly<Record<string, string>>;
  /** The process is dead and the power is not cut: the next one finds all that it wrote, and nothing more of it on disk than before. */
  goOn(): void;
  /** Takes back what was not synced by the processes since the last cut, which must be dead, and begins anew. With dice a part of it. */
  cut(dice?: Dice): Cut;
  remove(): void;
}

export interface DiskOptions {
  /** A sync takes up to this, microseconds. */
  readonly syncMicros?: number;
  readonly lies?: readonly Lie[];
}

/** Whether there is a C compiler, and LD_PRELOAD. */
export function canForget(): boolean {
  return process.platform === "linux" && spawnSync("cc", ["--version"]).status === 0;
}

/** A new disk in the system's folder for temporary files. Throws when the shim cannot be compiled. */
export function forgetfulDisk({ syncMicros = 0, lies = [] }: DiskOptions = {}): ForgetfulDisk {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "stepwell-power-")));
  const [path, saved, log, shim] = [join(home, "disk"), join(home, "saved"), join(home, "log"), join(home, "shim.so")];
  mkdirSync(path);
  mkdirSync(saved);
  compile(shim);
  return {
    path,
    env: {
      LD_PRELOAD: shim,
      STEPWELL_POWER_DIR: path,
      STEPWELL_POWER_LOG: log,
      STEPWELL_POWER_SAVED: saved,
      STEPWELL_POWER_SYNC_US: String(syncMicros),
      STEPWELL_POWER_LIE: lies.join(","),
      // The shim sees calls of the C library, and none that the kernel takes from a ring.
      UV_USE_IO_URING: "0",
    },
    goOn() {
      if (existsSync(log)) truncateSync(log, wholeBytes(readFileSync(log)));
    },
    cut(dice) {
      // Without a log the process died before it did anything.
      const records = existsSync(log) ? readLog(readFileSync(log)) : [];
      const cut = cutPower(unsynced(records), [path, saved], dice);
      rmSync(log, { force: true });
      rmSync(saved, { recursive: true });
      mkdirSync(saved);
      return cut;
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

function compile(shim: string): void {
  const source = fileURLToPath(new URL("./shim.c", import.meta.url));
  const { status, stderr } = spawnSync("cc", ["-O2", "-shared", "-fPIC", "-o", shim, source, "-ldl", "-lpthread"]);
  if (status !== 0) throw new Error(`cc could not compile ${source}: ${stderr}`);
}
