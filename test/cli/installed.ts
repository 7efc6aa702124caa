/** The command as it is installed: the launcher and a fresh bundle in a folder of their own, and a folder to run it in. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { buildCommand } from "../../scripts/build.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

export interface Ran {
  /** Exit code, or the signal that it died of. */
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What stdin holds before it ends; absent: nothing. */
  readonly stdin?: string;
  readonly env?: { readonly [name: string]: string };
  /** What to do, once each and in this order, when stderr has come to hold that. */
  readonly when?: readonly (readonly [seen: RegExp, act: (child: Running) => void])[];
  /** Leaves stdin open after its text. */
  readonly keepStdin?: boolean;
}

interface Running {
  kill(signal: NodeJS.Signals): void;
  write(text: string): void;
}

export interface Installed {
  /** Where commands run. */
  readonly folder: string;
  readonly launcher: string;
  write(name: string, content: string): string;
  /** Writes a definition with these steps, and these lines above them, to a file of its own. */
  flow(steps: string, top?: string): string;
  /** Writes a functions module to a file of its own. */
  functions(source: string): string;
  stepwell(args: readonly string[], options?: RunOptions): Promise<Ran>;
}

/** A task that calls the function `shop/pay`. */
export const PAY = "  - {type: task, name: pay, resourceArn: 'acs:fc:::services/shop/functions/pay'}";

/** What was said, without what differs from run to run: times, generated names. */
export function steady(text: string): string {
  return text
    .replace(/^ *\d+\.\d{3} s/gm, "#")
    .replace(/\bflow-\d+\//g, "NAME/")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")
    .replace(/(succeeded in|after) [\d.]+ s$/gm, "$1 #");
}

/** Registers the installation for the tests of a file. */
export function installed(): Installed {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "stepwell cli ")));
  const folder = join(root, "work");
  const launcher = join(root, "package", "bin", "stepwell.mjs");
  beforeAll(async () => {
    mkdirSync(folder);
    mkdirSync(dirname(launcher), { recursive: true });
    cpSync(join(repository, "bin", "stepwell.mjs"), launcher);
    symlinkSync(join(repository, "node_modules"), join(root, "package", "node_modules"));
    await buildCommand(join(root, "package", "dist"));
  });
  afterAll(() => rmSync(root, { recursive: true }));
  let files = 0;
  function write(name: string, content: string): string {
    writeFileSync(join(folder, name), content);
    return name;
  }
  return {
    folder,
    launcher,
    write,
    flow: (steps, top = "") => write(`flow-${++files}.yml`, `version: v1\ntype: flow\n${top}\nsteps:\n${steps}\n`),
    functions: (source) => write(`functions-${++files}.mjs`, source),
    stepwell: (args, options) => runProgram(process.execPath, [launcher, ...args], folder, options),
  };
}

/** Runs a program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
  options: RunOptions = {},
): Promise<Ran> {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  const child = spawn(program, args, { cwd, env: { ...env, ...options.env }, stdio: ["pipe", "pipe", "pipe"] });
  const waiting = [...(options.when ?? [])];
  let next = waiting.shift();
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr.push(chunk);
    if (!next?.[0].test(Buffer.concat(stderr).toString())) return;
    next[1]({ kill: (signal) => void child.kill(signal), write: (text) => void child.stdin.write(text) });
    next = waiting.shift();
  });
  // It may end before it has read everything.
  child.stdin.on("error", () => {});
  child.stdin.write(options.stdin ?? "");
  if (!options.keepStdin) child.stdin.end();
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({
        code: signal ?? code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
  });
}
