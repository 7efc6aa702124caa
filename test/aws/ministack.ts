/**
 * The AWS emulator of the tests, on a free port of loopback. It ends with this process, however that ends: a tester who is
 * killed leaves no server behind.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { cutOffAws, loopbackSettings, NOWHERE } from "./guard.ts";
import { ministackPython } from "./ministack-install.ts";

export interface Ministack {
  /** `http://127.0.0.1:PORT`, for every service. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** One whose time stands still until it is set. */
export interface TimedMinistack extends Ministack {
  /** Resolves when the emulator has that time (ms since the epoch) and its Scheduler has sent what is due. */
  setTime(ms: number): Promise<void>;
}

/** An emulator that is not ready by then will not be, ms. */
const LONGEST_START_MS = 60_000;
const HEALTH_EVERY_MS = 50;

/**
 * Runs ministack, corrected (emulator_corrections.py). Its stdin is a line: when nobody holds the other end any more, it kills itself with its function workers (its
 * process group); `time MS` sets the time that the emulator goes by, and is answered when it is set.
 */
const PROGRAM = `
import os, signal, sys, threading, time
def obey():
    for line in sys.stdin:
        now = int(line.split()[1]) / 1000
        time.time = lambda: now
        from ministack.services import scheduler
        scheduler._tick_schedules()
        print(line, end="", flush=True)
    os.killpg(0, signal.SIGKILL)
threading.Thread(target=obey, daemon=True).start()
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import emulator_corrections
emulator_corrections.correct()
from ministack.app import main
sys.argv = ["ministack"]
main()
`;

/**
 * An emulator of this test file's own; or, where AWS_ENDPOINT_URL is set, the one that is there (stopping it is then its
 * owner's). It may be shared: names of queues, tables and functions should be new in each test.
 */
export async function ministack(): Promise<Ministack> {
  const shared = process.env.AWS_ENDPOINT_URL;
  if (shared === undefined || shared === NOWHERE) return start();
  return { endpoint: loopbackSettings(shared).endpoint, stop: async () => {} };
}

/** An emulator of this test's own whose time is `startAt` (ms) and stands still. */
export async function timedMinistack(startAt: number): Promise<TimedMinistack> {
  const emulator = await start();
  await emulator.setTime(startAt);
  return emulator;
}

async function start(): Promise<TimedMinistack> {
  const python = await ministackPython();
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), "stepwell-ministack-"));
  const endpoint = `http://127.0.0.1:${port}`;
  const said: string[] = [];
  const child = spawn(python, ["-c", PROGRAM, import.meta.dirname], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: environment(port, directory),
    cwd: directory,
  });
  // A write to one that is gone: `ended` says so.
  child.stdin.on("error", () => {});
  const lines = createInterface(child.stdout);
  lines.on("line", (line) => said.push(line));
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const gone = new Promise<void>((resolve) => {
    child.once("error", (error) => said.push(error.message)).once("close", () => resolve());
  });
  const ended = gone.then(() => {
    throw new Error(`ministack ended: ${said.join("\n")}`);
  });
  ended.catch(() => {});
  const stop = async () => {
    killGroup(child);
    await gone;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await Promise.race([healthy(endpoint), ended]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    endpoint,
    stop,
    async setTime(ms) {
      const order = `time ${Math.round(ms)}`;
      const obeyed = new Promise<void>((resolve) => {
        lines.on("line", function listen(line) {
          if (line !== order) return;
          lines.off("line", listen);
          resolve();
        });
      });
      child.stdin.write(`${order}\n`);
      await Promise.race([obeyed, ended]);
    },
  };
}

function environment(port: number, directory: string): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  cutOffAws(environment, `http://127.0.0.1:${port}`);
  // Of the test runner's, and not for the function workers.
  delete environment.NODE_OPTIONS;
  delete environment.VITEST;
  return {
    ...environment,
    // Functions run on the Node that runs the tests.
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    BIND_HOST: "127.0.0.1",
    MINISTACK_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    LOG_LEVEL: process.env.MINISTACK_LOG ?? "WARNING",
    TMPDIR: directory,
    STATE_DIR: join(directory, "state"),
    S3_DATA_DIR: join(directory, "s3"),
  };
}

async function healthy(endpoint: string): Promise<void> {
  const deadline = performance.now() + LONGEST_START_MS;
  while (performance.now() < deadline) {
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, HEALTH_EVERY_MS));
  }
  throw new Error(`ministack did not answer at ${endpoint} within ${LONGEST_START_MS / 1000} s`);
}

/** The emulator and its function workers. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
