/** Processes started to be measured: they end with this one, whatever happens. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface Started {
  readonly pid: number;
  /** The first group of the first line of output that matches, now or later. Rejects when the process ends before. */
  line(pattern: RegExp): Promise<string>;
  /** SIGTERM, and SIGKILL to one that takes longer than ten seconds. */
  stop(): Promise<void>;
}

/** Starts a program. What it prints is kept for `line` and for the error of one that ends early. */
export function startProcess(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Started {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  exitOnSignals();
  const kill = () => child.kill("SIGKILL");
  // First of all: folders that it writes to go when this process ends.
  process.prependOnceListener("exit", kill);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`ended (${signal ?? code})`));
  });
  void ended.then(() => process.off("exit", kill));
  const output = watchOutput(child);
  return {
    pid: child.pid ?? 0,
    async line(pattern) {
      const failed = ended.then((how) => Promise.reject(new Error(`${program} ${how}:\n${output.text()}`)));
      return Promise.race([output.find(pattern), failed]);
    },
    async stop() {
      child.kill("SIGTERM");
      const gone = await Promise.race([ended, sleep(10_000, undefined, { ref: false })]);
      if (gone === undefined) kill();
      await ended;
    },
  };
}

/** A signal's default would end this process without a word to the others. */
function exitOnSignals(): void {
  if (process.listenerCount("SIGTERM") > 0) return;
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
}

/** The end of what a process printed: enough to find a line in while it starts, and to say why it did not. */
const KEPT_CHARACTERS = 64 * 1024;

function watchOutput(child: ChildProcess): { text(): string; find(pattern: RegExp): Promise<string> } {
  let text = "";
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-KEPT_CHARACTERS);
      for (const look of watchers) look();
    });
  }
  return {
    text: () => text,
    find: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          const found = pattern.exec(text);
          if (found === null) return;
          watchers.delete(look);
          resolve(found[1] ?? found[0]);
        };
        watchers.add(look);
        look();
      }),
  };
}

/** A port that was free just now, for programs that cannot be told to take any. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No free port.");
  return address.port;
}
