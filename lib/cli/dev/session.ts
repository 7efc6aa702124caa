/** One session of `stepwell dev`, from the first look at the flows to the last word. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Terminal } from "../terminal.ts";
import { EXIT, UsageError } from "../usage.ts";
import { banner, stoppedText } from "./banner.ts";
import type { DevOptions } from "./dev.ts";
import { flowFolder } from "./flow-folder.ts";
import { followFlows } from "./follow-flows.ts";
import type { DevFunctions } from "./functions.ts";
import { noFlowsText } from "./no-flows.ts";
import { type DevServer, openServer } from "./server.ts";
import type { DevView } from "./view.ts";

export interface SessionParts {
  readonly terminal: Terminal;
  readonly folder: string;
  readonly options: DevOptions;
  readonly view: DevView;
  readonly functions: DevFunctions;
  /** The engine is there. */
  opened(server: DevServer): void;
  /** Resolves when a signal has come. */
  readonly interrupted: Promise<void>;
}

/** Functions that take longer to load than this are not waited for, ms: their names come later. */
const LOAD_WAIT_MS = 300;

/** Returns the exit code. Throws what `dev` throws. */
export async function session(parts: SessionParts): Promise<number> {
  const { terminal, folder, options, view, functions, opened, interrupted } = parts;
  const { host, port, topicsPort } = options;
  const flows = flowFolder(folder);
  const first = await flows.look();
  for (const text of first.unreadable) throw new UsageError(text);
  if (flows.count() === 0) throw new UsageError(noFlowsText(folder));
  const data = options.data ?? ownFolder(join(folder, ".stepwell"));
  const server = await openServer({ data, host, port, topicsPort, functions, view });
  opened(server);
  const failed = server.broken.catch((error: unknown) => ({ error }));
  const running = server.running();
  const following = followFlows({ flows, server, functions, view, describe: functionsText });
  try {
    const names = await following.start(first);
    const addresses = await server.listen();
    const loaded = await Promise.race([functionsText(functions), sleep(LOAD_WAIT_MS, undefined, { ref: false })]);
    await server.durable();
    const ready = { flows: names, functions: loaded ?? "being loaded", ...addresses, data, running };
    const milliseconds = Math.round(performance.now());
    view.flush();
    terminal.out(
      options.json
        ? `${JSON.stringify({ event: "ready", ...ready, milliseconds })}\n`
        : banner({ ...ready, milliseconds }),
    );
    if (loaded === undefined) void functionsText(functions).then((text) => view.say(`functions: ${text}`));
    following.follow(first.folders);
    const broken = await Promise.race([interrupted, failed]);
    if (broken !== undefined) {
      const { error } = broken;
      terminal.err(`stepwell: ${error instanceof Error ? error.message : String(error)}\n`);
      return EXIT.failed;
    }
    following.close();
    const left = server.running();
    await server.close();
    view.flush();
    terminal.out(options.json ? `${JSON.stringify({ event: "stopped", running: left })}\n` : stoppedText(left));
    return EXIT.ok;
  } finally {
    following.close();
    // After a failure of the store it fails as well, and that was told.
    await server.close().catch(() => {});
  }
}

/** The folder in the user's one: what is in it is nobody's to commit. */
function ownFolder(path: string): string {
  if (!existsSync(path)) {
    mkdirSync(path);
    writeFileSync(join(path, ".gitignore"), "*\n");
  }
  return path;
}

/** Their names and where they are, or why there are none. */
async function functionsText(functions: DevFunctions): Promise<string> {
  const source = functions.source();
  if (source === undefined) return "none: there is no functions.ts";
  const path = relative("", source.path);
  const problem = await functions.problem();
  const names = functions.names();
  if (names.length === 0) return `none: calls wait until ${path} can be loaded: ${problem}`;
  return `${names.join(", ")} (${path})${problem === undefined ? "" : `; ${problem}`}`;
}
