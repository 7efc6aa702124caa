/**
 * The function process: loads the user's functions once and runs one attempt after another (architecture §8). Whatever
 * the user's code does to this process (exit, abort, endless loop, all its memory) stays in this process.
 *
 * Started as `node child.ts <LoadOrder as JSON> [report-files]` with descriptor 3 as its channel; a bundle has it as a
 * file of its own.
 */
import { enableCompileCache } from "node:module";
import { attemptLine, type LinedAttempt } from "./attempt-line.ts";
import { openChannel } from "./channel.ts";
import { failureOf } from "./failure.ts";
import { reportFiles } from "./file-report.ts";
import { type FunctionMap, loadModule } from "./load.ts";
import { loadHandlers } from "./load-handlers.ts";
import type { ChildMessage, LoadOrder } from "./protocol.ts";
import { writeResult } from "./result.ts";

let functions: FunctionMap = new Map();
let began: number | undefined;
let printed = 0;

const { send } = openChannel((order) => {
  switch (order.kind) {
    case "end":
      process.exit();
      return;
    case "recall":
      send({ kind: "returned", ids: line.recall() });
      return;
    case "attempt":
      line.add({ ...order, deadline: Date.now() + order.remainingMs });
      return;
    default:
      order satisfies never;
  }
});
const line = attemptLine(async (attempt) => {
  began = attempt.id;
  await run(attempt);
});

async function run({ id, key, event, deadline, context }: LinedAttempt): Promise<void> {
  try {
    const result = await functions.get(key)?.(JSON.parse(event), {
      ...context,
      callbackWaitsForEmptyEventLoop: false,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    const written = writeResult(result);
    send(
      "error" in written
        ? { kind: "failed", id, ...written, printed: hasPrinted() }
        : { kind: "done", id, ...written, printed: hasPrinted() },
    );
  } catch (thrown) {
    send({ kind: "failed", id, ...failureOf(thrown), printed: hasPrinted() });
  }
}

/** Whether anything was printed since the last call. */
function hasPrinted(): boolean {
  const bytes = process.stdout.bytesWritten + process.stderr.bytesWritten;
  const more = bytes !== printed;
  printed = bytes;
  return more;
}

async function load(order: LoadOrder): Promise<ChildMessage> {
  const loaded = order.kind === "module" ? await loadModule(order.url) : await loadHandlers(order.handlers);
  if (loaded.kind === "broken") return { kind: "notLoaded", ...loaded.problem };
  functions = loaded.functions;
  return { kind: "loaded", names: [...functions.keys()], aliases: loaded.aliases, problems: loaded.problems };
}

function summary(thrown: unknown): string {
  const { error, cause } = failureOf(thrown);
  const { errorMessage } = JSON.parse(cause) as { errorMessage: string };
  return `${error}: ${errorMessage}`;
}

// The user's modules are stripped of their types and compiled once, not for each process.
enableCompileCache();
// The runtime decides when this process ends; a Ctrl-C at the terminal reaches the whole process group.
process.on("SIGINT", () => {});
process.on("uncaughtExceptionMonitor", (thrown) => send({ kind: "dying", reason: summary(thrown) }));
process.on("exit", () => send({ kind: "dying", ...(began === undefined ? {} : { began }) }));
const [order = "", report] = process.argv.slice(2);
if (report !== undefined) reportFiles((path, stamp) => send({ kind: "file", path, stamp }));
send(await load(JSON.parse(order) as LoadOrder));
