/** The process that checks stores, started again when a store has killed it. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Acknowledged, Held } from "./acknowledged.ts";

export interface Checker {
  check(acknowledged: Acknowledged): Promise<Held>;
  close(): void;
}

/** A damaged store may let LMDB go in circles: its reader is killed after this, ms. */
const LONGEST_CHECK_MS = 30_000;

const PROGRAM = fileURLToPath(new URL("./checker.ts", import.meta.url));

export function checker(): Checker {
  let child: ChildProcess | undefined;

  return {
    check(acknowledged) {
      const process = child ?? fork(PROGRAM);
      child = process;
      return new Promise((resolve) => {
        const died = (code: number | null, signal: string | null) => {
          clearTimeout(hanging);
          child = undefined;
          resolve({ lost: [], unreadable: `it killed its reader (${signal ?? code})`, violations: [] });
        };
        const hanging = setTimeout(() => process.kill("SIGKILL"), LONGEST_CHECK_MS);
        process.once("exit", died);
        process.once("message", (held: Held) => {
          clearTimeout(hanging);
          process.off("exit", died);
          resolve(held);
        });
        process.send(acknowledged);
      });
    },
    close: () => child?.kill(),
  };
}
