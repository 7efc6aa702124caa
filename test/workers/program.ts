/** A worker as its user starts it: a process of its own, read line by line. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Stand } from "./stand.ts";
import { FLOWS } from "./stand.ts";

export interface Program extends AsyncDisposable {
  /** What it printed so far, both streams. */
  readonly lines: readonly string[];
  /** Resolves with the first line not read yet that matches; rejects when the program ends without it. */
  line(pattern: RegExp): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts `worker.ts` of an example against a stand, or against addresses given in `env`. */
export function startWorker(
  example: string,
  stand: Pick<Stand, "api" | "aws">,
  options: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Program {
  const { PATH = "" } = process.env;
  const env = { PATH, STEPWELL_ENDPOINT: stand.api, AWS_ENDPOINT_URL: stand.aws, WORKER_PORT: "0", ...options.env };
  return startProgram([join(FLOWS, example, "worker.ts"), ...(options.args ?? [])], env);
}

/** Starts a program for Node. */
export function startProgram(args: readonly string[], env: NodeJS.ProcessEnv): Program {
  return programOf(spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] }));
}

function programOf(child: ChildProcess): Program {
  const lines: string[] = [];
  let read = 0;
  let over = false;
  const looks = new Set<() => void>();
  const ended = once(child, "close").then(([code]) => {
    over = true;
    for (const look of [...looks]) look();
    return code as number | null;
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      for (const look of [...looks]) look();
    });
  }
  return {
    lines,
    ended,
    signal: (name) => void child.kill(name),
    line(pattern) {
      return new Promise((resolve, reject) => {
        function look(): void {
          const found = lines.findIndex((line, index) => index >= read && pattern.test(line));
          if (found < 0 && !over) return;
          looks.delete(look);
          if (found < 0) {
            reject(new Error(`The program ended without ${pattern}; it printed:\n${lines.join("\n")}`));
            return;
          }
          read = found + 1;
          resolve(lines[found] ?? "");
        }
        looks.add(look);
        look();
      });
    },
    async [Symbol.asyncDispose]() {
      if (!over) child.kill("SIGKILL");
      await ended;
    },
  };
}
