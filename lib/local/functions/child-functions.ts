/**
 * The functions port over child processes: task functions are plain functions of a module on this machine
 * (architecture §8). They get what they would get on Lambda, fail under the names they would fail under there
 * (fdl.md §6.2), and cannot hurt the runtime or each other.
 */
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { CallResult, Functions } from "../../runtime/ports/functions.ts";
import { type Background, callsOf } from "./calls.ts";
import { moduleEdition } from "./module-edition.ts";
import type { PoolOptions } from "./pool.ts";
import type { LoadProblem } from "./protocol.ts";

/** A line that a function printed. */
export interface ConsoleLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  /** The function that ran in that process, by its key in the module; absent before the process has run one. */
  readonly function?: string;
  /** The flow and the execution whose attempt ran. */
  readonly flow?: string;
  readonly execution?: string;
}

export interface ChildFunctionsOptions {
  /** The functions module (TypeScript or JavaScript): absolute path or file URL. Its default export maps names to functions. */
  readonly module: string;
  /** Most processes at a time, each running one attempt; 32 when not given. More attempts wait. */
  readonly concurrency?: number;
  /** Heap of a process, MB; 256 when not given. Past it the process dies and its attempt fails with `FC.Unknown`. */
  readonly memoryMb?: number;
  /** What functions print; when not given it goes to stderr, each line after the function's name. */
  readonly onConsole?: (line: ConsoleLine) => void;
  /** Receives the end of a function that was submitted with a token. Must not reject. */
  readonly report?: (token: string, result: CallResult) => Promise<void>;
  /** The Node that runs the functions; this process's own when not given. Node 24 or newer. */
  readonly execPath?: string;
  /** An idle process beyond the first ends after that long, ms; a minute when not given. */
  readonly idleMs?: number;
  /** A module that takes longer to load is broken, ms; half a minute when not given. */
  readonly loadMs?: number;
}

export interface ChildFunctions extends Functions {
  /** Resolves when the first process has loaded the module: what is wrong with it, or undefined. */
  problem(): Promise<LoadProblem | undefined>;
  /** Submitted functions that still run. */
  readonly background: Background;
  /** Ends all function processes. Calls that still wait are rejected, submitted functions are not reported. */
  close(): Promise<void>;
}

/** Starts the first function process at once. */
export function childFunctions(options: ChildFunctionsOptions): ChildFunctions {
  const edition = moduleEdition({
    ...poolOptions(options),
    url: isAbsolute(options.module) ? pathToFileURL(options.module).href : options.module,
    memoryMb: options.memoryMb ?? 256,
    strict: false,
  });
  const calls = callsOf({ edition: () => edition, report: options.report });
  return {
    ...calls,
    async problem() {
      const { problems } = await edition.loaded;
      return problems.get("");
    },
    async close() {
      calls.close();
      await edition.close();
    },
  };
}

/** The processes that the options ask for. */
export function poolOptions(
  options: Omit<ChildFunctionsOptions, "module">,
): Omit<PoolOptions, "load" | "memoryMb" | "environment"> {
  const onConsole = options.onConsole ?? printLine;
  return {
    execPath: options.execPath ?? process.execPath,
    concurrency: options.concurrency ?? 32,
    idleMs: options.idleMs ?? 60_000,
    loadMs: options.loadMs ?? 30_000,
    line({ stream, text, attempt }) {
      if (attempt === undefined) {
        onConsole({ stream, text });
        return;
      }
      const { flow, execution } = attempt.context.clientContext.custom;
      onConsole({ stream, text, function: attempt.key, flow, execution });
    },
  };
}

function printLine(line: ConsoleLine): void {
  process.stderr.write(`${line.function ?? "functions"}: ${line.text}\n`);
}
