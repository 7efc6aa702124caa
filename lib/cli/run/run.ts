/** `stepwell run FLOW`: one execution of a flow in this process. */
import type { Terminal } from "../terminal.ts";
import { EXIT, UsageError } from "../usage.ts";
import type { Answer } from "./answers.ts";
import type { Engine } from "./engine.ts";
import type { NamedFile } from "./named-file.ts";
import { startFunctions } from "./run-functions.ts";
import { screen } from "./screen.ts";

export interface RunOptions {
  readonly input: string;
  readonly functions?: string;
  readonly flow: readonly NamedFile[];
  readonly name?: string;
  /** In the order of the command line. */
  readonly answers: readonly Answer[];
  readonly json: boolean;
  readonly quiet: boolean;
}

/**
 * Returns the exit code: 0 Succeeded, 1 any other end, 2 an invalid definition (its problems were printed), 128 + n after
 * signal n. Throws UsageError for what else is wrong with the call.
 */
export async function run(terminal: Terminal, path: string, options: RunOptions): Promise<number> {
  const view = screen(terminal, { quiet: options.quiet, startedAt: Date.now() });
  const started: { engine?: Engine } = {};
  const functions =
    options.functions === undefined
      ? undefined
      : startFunctions({
          module: options.functions,
          show: view.raw,
          report: async (token, result) => started.engine?.reportCall(token, result),
        });
  try {
    // The function process starts while the engine is loaded and the flow is read.
    const [{ prepare }, { execute, stuckText }, { printResult }] = await Promise.all([
      import("./prepare.ts"),
      import("./execute.ts"),
      import("./result.ts"),
    ]);
    const request = await prepare(terminal, view, path, options, functions);
    if (request === undefined) return EXIT.usage;
    const { ended, signal, stuck } = await execute(terminal, view, request, options, functions, started);
    view.close();
    if (stuck.length > 0 && ended.status === "Stopped") throw new UsageError(stuckText(stuck));
    await printResult(terminal, ended, options);
    if (signal !== undefined) return 128 + signal;
    return ended.status === "Succeeded" ? EXIT.ok : EXIT.failed;
  } finally {
    view.close();
    await functions?.close();
  }
}
