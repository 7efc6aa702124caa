/** The functions of a folder as `stepwell dev` needs them: they may come later, break, and be repaired while executions run. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type FunctionSource, findFunctions } from "../../local/functions/find-functions.ts";
import { type LocalFunctions, localFunctions } from "../../local/functions/local-functions.ts";
import type { CallResult, Functions } from "../../runtime/ports/functions.ts";
import { UsageError } from "../usage.ts";
import { closedGate } from "./gate.ts";
import type { FunctionLine } from "./view.ts";

export interface DevFunctionsOptions {
  readonly folder: string;
  /** The file named on the command line; absent: what is found in the folder. */
  readonly file?: string;
  onLine(line: FunctionLine): void;
  /** They were loaded anew, or cannot be. */
  onReload(text: string): void;
  report(token: string, result: CallResult): Promise<void>;
}

export interface DevFunctions extends Functions {
  readonly background: LocalFunctions["background"];
  /** Where they are; undefined: nowhere yet. */
  source(): FunctionSource | undefined;
  /** Resolves when they were loaded for the first time: what is wrong with them, in words, or undefined. */
  problem(): Promise<string | undefined>;
  names(): readonly string[];
  /** Looks whether there are some now. True when these are the first. */
  look(): Promise<boolean>;
  close(): Promise<void>;
}

/** Starts the first function process at once, where there are functions. Throws UsageError for a file that is none. */
export async function devFunctions(options: DevFunctionsOptions): Promise<DevFunctions> {
  const { folder, file, onLine, onReload, report } = options;
  let source: FunctionSource | undefined;
  let current: LocalFunctions | undefined;
  /** Opened when the functions are loaded: code that is broken at the start must not fail executions that were interrupted. */
  const loaded = closedGate();

  function openIfLoaded(): void {
    if ((current?.names().length ?? 0) > 0) loaded.open();
  }

  async function look(): Promise<boolean> {
    if (current !== undefined) return false;
    source = file === undefined ? await findFunctions(folder) : named(file);
    if (source === undefined) return false;
    current = localFunctions({
      source,
      watch: true,
      onConsole: onLine,
      onReload(text) {
        openIfLoaded();
        onReload(text);
      },
      report,
    });
    void current.problem().then(openIfLoaded);
    return true;
  }

  /** Makes a call once there are functions; `none` where no file is there for them. */
  async function call(timeoutMs: number | undefined, make: (functions: LocalFunctions) => Promise<CallResult>) {
    if (current === undefined) return none;
    return (await loaded.passed(timeoutMs)) ? make(current) : { kind: "timedOut" as const };
  }

  const none: CallResult = {
    kind: "failed",
    error: "FC.FunctionNotFound",
    cause: `There are no functions in ${folder}: put them into functions.ts there, or name their file by --functions.`,
  };
  await look();
  return {
    invoke: (invocation) => call(invocation.timeoutMs, (functions) => functions.invoke(invocation)),
    submit: (invocation, token) => call(invocation.timeoutMs, (functions) => functions.submit(invocation, token)),
    resolveAlias: async (resource) => current?.resolveAlias(resource),
    background: {
      count: () => current?.background.count() ?? 0,
      settled: async () => current?.background.settled(),
    },
    source: () => source,
    problem: async () => (await current?.problem())?.errorMessage,
    names: () => current?.names() ?? [],
    look,
    close: async () => current?.close(),
  };
}

function named(file: string): FunctionSource {
  const path = resolve(file);
  if (!existsSync(path)) throw new UsageError(`cannot load the functions in ${file}: there is no such file`);
  if (statSync(path).isDirectory())
    throw new UsageError(`cannot load the functions in ${file}: it is a directory; name the file`);
  return { kind: /\.ya?ml$/i.test(path) ? "serverless" : "module", path };
}
