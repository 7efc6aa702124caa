/** One life of the server (server.ts) in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** A server that is not ready by then hangs, ms: on a damaged store LMDB may go in circles. */
const LONGEST_START_MS = 30_000;

const FLOWS = fileURLToPath(new URL("./flows", import.meta.url));
const FUNCTIONS = fileURLToPath(new URL("./functions.fixture.ts", import.meta.url));

export interface ServerOptions {
  /** server.ts in one file (server-bundle.ts). */
  readonly program: string;
  readonly directory: string;
  readonly port: number;
  /** Where the task functions note what they do. */
  readonly taskLog: string;
  /** Longest time that a task takes, ms. */
  readonly taskMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

export interface ServerProcess {
  readonly pid: number;
  /** Resolves with the milliseconds since its start when it answers; rejects with what it complained of when it ends before. */
  readonly ready: Promise<number>;
  /** Resolves when it is gone, with its complaints: by a signal or not. */
  readonly gone: Promise<{ readonly signal: string | null; readonly complaints: string }>;
  signal(name: NodeJS.Signals): void;
}

export function startServer(options: ServerOptions): ServerProcess {
  const { program, directory, port, taskLog, taskMs = 40, env = {}, args = [] } = options;
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [program, "--directory", directory, "--port", String(port), "--flows", FLOWS, "--functions", FUNCTIONS, ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env, CHAOS_LOG: taskLog, CHAOS_TASK_MS: String(taskMs) },
    },
  );
  const complaints: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
  const gone = new Promise<{ signal: string | null; complaints: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (_code, signal) => resolve({ signal, complaints: complaints.join("") }));
  });
  const ready = new Promise<number>((resolve, reject) => {
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (/^ready/m.test(said)) resolve(performance.now() - began);
    });
    gone.then(({ signal, complaints }) => reject(new Error(`the server ended (${signal}): ${complaints}`)), reject);
  });
  const hanging = setTimeout(() => {
    complaints.push(`it was not ready after ${LONGEST_START_MS} ms\n`);
    child.kill("SIGKILL");
  }, LONGEST_START_MS);
  ready.catch(() => {}).finally(() => clearTimeout(hanging));
  return { pid: pidOf(child), ready, gone, signal: (name) => child.kill(name) };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error("the server could not be started");
  return pid;
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
