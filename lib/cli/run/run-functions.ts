/** The functions of a run: a module of the user's in child processes. Imports little: it comes before all else. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type ChildFunctions, childFunctions } from "../../local/functions/child-functions.ts";
import type { CallResult } from "../../runtime/ports/functions.ts";
import { UsageError } from "../usage.ts";

export interface RunFunctionsOptions {
  /** As given on the command line. */
  readonly module: string;
  /** Shows a line that a function printed. */
  show(line: string): void;
  report(token: string, result: CallResult): Promise<void>;
}

/** Starts the first function process at once. Throws UsageError when there is no such file. */
export function startFunctions({ module, show, report }: RunFunctionsOptions): ChildFunctions {
  const path = module.startsWith("file:") ? fileURLToPath(module) : resolve(module);
  if (!existsSync(path)) throw new UsageError(`cannot load the functions module ${module}: there is no such file`);
  if (statSync(path).isDirectory())
    throw new UsageError(`cannot load the functions module ${module}: it is a directory; name the file`);
  return childFunctions({
    module: path,
    report,
    onConsole: (line) => show(`${line.function ?? "functions"} | ${line.text}`),
  });
}
