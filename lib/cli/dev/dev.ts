/** `stepwell dev [DIR]`: the engine, its HTTP endpoint, queues and topics on this machine, over the flows and functions of a folder. */
import { statSync } from "node:fs";
import { exitSoon } from "../exit-soon.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage.ts";
import { checkHost } from "./address.ts";
import { devFunctions } from "./functions.ts";
import type { DevServer } from "./server.ts";
import { devView } from "./view.ts";

export interface DevOptions {
  readonly host: string;
  readonly port: number;
  readonly topicsPort: number;
  /** Absent: `.stepwell` in the folder. */
  readonly data?: string;
  /** Absent: what is found in the folder. */
  readonly functions?: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

/**
 * Runs until a signal comes (exit code 0) or the store fails (1). Throws UsageError, and StepwellError of the store, for
 * what keeps it from starting.
 */
export async function dev(terminal: Terminal, folder: string, options: DevOptions): Promise<number> {
  checkHost(options.host);
  checkFolder(folder);
  const interrupted = new Promise<void>((resolve) => void terminal.onInterrupt(() => resolve()));
  // Functions may print, and be done, before the engine is there.
  const opened = Promise.withResolvers<DevServer>();
  opened.promise.catch(() => {});
  const view = devView({
    terminal,
    quiet: options.quiet,
    json: options.json,
    durable: async () => (await opened.promise).durable(),
  });
  const functions = await devFunctions({
    folder,
    ...(options.functions === undefined ? {} : { file: options.functions }),
    onLine: view.printed,
    onReload: view.say,
    report: async (token, result) => (await opened.promise).report(token, result),
  });
  try {
    // The first function process starts while the engine is loaded.
    const { session } = await import("./session.ts");
    return await session({ terminal, folder, options, view, functions, opened: opened.resolve, interrupted });
  } finally {
    await functions.close();
    view.flush();
    exitSoon();
  }
}

/** Throws UsageError for what is no folder. */
function checkFolder(folder: string): void {
  const status = statSync(folder, { throwIfNoEntry: false });
  if (status === undefined) throw new UsageError(`there is no folder ${folder}`);
  if (!status.isDirectory())
    throw new UsageError(`${folder} is a file: name the folder that it is in, or use "stepwell run ${folder}"`);
}
