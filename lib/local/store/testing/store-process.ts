/** Processes that work on a store for a test, each line of whose output is something that was acknowledged to them. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readLines } from "../../functions/lines.ts";

export interface StoreProcess {
  readonly lines: readonly string[];
  /** Resolves when there are this many lines; rejects when the process ends before. */
  printed(count: number): Promise<void>;
  /** SIGKILL. Resolves when the process is gone, with all that it said. */
  kill(): Promise<void>;
  /** Resolves when it has ended by itself. */
  ended(): Promise<void>;
}

/** Runs a fixture beside the tests. With `fileKilobytes` no file of its may grow beyond that, as on a full disk. */
export function storeProcess(
  fixture: string,
  args: readonly string[],
  { fileKilobytes }: { readonly fileKilobytes?: number } = {},
): StoreProcess {
  const command = [process.execPath, fileURLToPath(new URL(`../${fixture}`, import.meta.url)), ...args];
  const limited = ["-c", `ulimit -f ${fileKilobytes}; exec "$@"`, "bash", ...command];
  const [program = "", ...rest] = fileKilobytes === undefined ? command : ["bash", ...limited];
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] });
  return watchProcess(child);
}

function watchProcess(child: ChildProcess): StoreProcess {
  const lines: string[] = [];
  const complaints: string[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  const wake = () => {
    for (const look of waiting) look();
  };
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => {
      over = true;
      wake();
      resolve();
    });
  });
  if (child.stdout !== null) {
    readLines(child.stdout, (line) => {
      lines.push(line);
      wake();
    });
  }
  if (child.stderr !== null) readLines(child.stderr, (line) => complaints.push(line));

  return {
    lines,
    printed: (count) =>
      new Promise((resolve, reject) => {
        function look(): void {
          if (lines.length < count && !over) return;
          waiting.delete(look);
          if (lines.length >= count) resolve();
          else reject(new Error(`the process ended after ${lines.length} lines: ${complaints.join("\n")}`));
        }
        waiting.add(look);
        look();
      }),
    async kill() {
      child.kill("SIGKILL");
      await closed;
    },
    ended: () => closed,
  };
}
