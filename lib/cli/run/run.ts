/** `stepwell run FLOW`: one execution of a flow in this process. */
import { StepwellError } from "../../fdl/errors.ts";
import { exitSoon } from "../exit-soon.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, UsageError } from "../usage.ts";
import type { Answer } from "./answers.ts";
import type { Engine, EngineParts } from "./engine.ts";
import { leftText } from "./left.ts";
import type { NamedFile } from "./named-file.ts";
import { startFunctions } from "./run-functions.ts";
import { screen } from "./screen.ts";

export interface RunOptions {
  readonly input: string;
  readonly functions?: string;
  readonly flow: readonly NamedFile[];
  readonly name?: string;
  /** Where the execution is kept; absent: in memory. */
  readonly dir?: string;
  /** In the order of the command line. */
  readonly answers: readonly Answer[];
  readonly json: boolean;
  readonly quiet: boolean;
}

/**
 * Returns the exit code: 0 Succeeded, 1 any other end or a disk that takes no more, 2 an invalid definition (its problems were printed) or a durable run
 * that waits for a report which cannot come, 128 + n after signal n. Throws UsageError for what else is wrong with the call.
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
    const [{ prepare }, { execute, stuckText }, { printResult }, engineFor] = await Promise.all([
      import("./prepare.ts"),
      import("./execute.ts"),
      import("./result.ts"),
      loadEngine(options.dir),
    ]);
    const request = await prepare(terminal, view, path, options, functions);
    if (request === undefined) return EXIT.usage;
    const { ended, signal, stuck } = await execute(terminal, view, request, options, functions, {
      engineFor,
      started,
    });
    view.close();
    if (ended.status === "Left") {
      if (stuck.length > 0) terminal.err(`stepwell: ${stuckText(stuck, "left")}\n`);
      terminal.err(`${leftText(path, options, ended.execution)}\n`);
      return signal === undefined ? EXIT.usage : 128 + signal;
    }
    if (stuck.length > 0 && ended.status === "Stopped") throw new UsageError(stuckText(stuck, "stopped"));
    await printResult(terminal, ended, options);
    if (signal !== undefined) return 128 + signal;
    return ended.status === "Succeeded" ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (!(error instanceof StepwellError) || error.code !== "StoreWriteFailed") throw error;
    view.close();
    terminal.err(`stepwell: ${error.message}\n`);
    return EXIT.failed;
  } finally {
    view.close();
    await started.engine?.close();
    await functions?.close();
    if (options.dir !== undefined) exitSoon();
  }
}

/** Durable with a directory. Only the one that is needed is loaded: the store takes its time. */
async function loadEngine(directory: string | undefined): Promise<(parts: EngineParts) => Engine> {
  if (directory === undefined) return (await import("./embedded-engine.ts")).embeddedEngine;
  const { durableEngine } = await import("./durable-engine.ts");
  return (parts) => durableEngine({ ...parts, directory });
}
