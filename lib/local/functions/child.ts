/**
 * The function process: loads the user's module once and runs one attempt after another (architecture §8). Whatever the
 * user's code does to this process (exit, abort, endless loop, all its memory) stays in this process.
 *
 * Started as `node child.ts <file URL of the module>` with an IPC channel; a bundle has it as a file of its own.
 */
import { enableCompileCache } from "node:module";
import { failureOf } from "./failure.ts";
import { type FunctionMap, loadModule } from "./load.ts";
import type { AttemptMessage, ChildMessage, ParentMessage } from "./protocol.ts";
import { writeResult } from "./result.ts";

// Taken before the user's code may replace it.
const channel = process.send?.bind(process);

function send(message: ChildMessage): void {
  channel?.(message);
}

async function run(functions: FunctionMap, attempt: AttemptMessage): Promise<void> {
  const { id, key } = attempt;
  send({ kind: "taken", id });
  const deadline = Date.now() + attempt.remainingMs;
  const context = {
    ...attempt.context,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  let result: unknown;
  try {
    result = await functions.get(key)?.(JSON.parse(attempt.event), context);
  } catch (thrown) {
    send({ kind: "failed", id, ...failureOf(thrown) });
    return;
  }
  const written = writeResult(result);
  send("error" in written ? { kind: "failed", id, ...written } : { kind: "done", id, ...written });
}

async function main(url: string): Promise<void> {
  // The user's module is stripped of its types and compiled once, not for each process.
  enableCompileCache();
  // The runtime decides when this process ends; a Ctrl-C at the terminal reaches the whole process group.
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.exit());
  process.on("uncaughtExceptionMonitor", (thrown) => send({ kind: "dying", reason: summary(thrown) }));

  // The listener keeps the process alive while the module loads; no attempt arrives before "loaded".
  let functions: FunctionMap = new Map();
  process.on("message", (message) => {
    // The parent is this very program: what it sends has this shape.
    const order = message as ParentMessage;
    if (order.kind === "end") process.exit();
    void run(functions, order);
  });
  const loaded = await loadModule(url);
  if (loaded.kind === "broken") {
    send({ kind: "notLoaded", ...loaded.problem });
    return;
  }
  functions = loaded.functions;
  send({ kind: "loaded", names: [...functions.keys()] });
}

function summary(thrown: unknown): string {
  const { error, cause } = failureOf(thrown);
  const { errorMessage } = JSON.parse(cause) as { errorMessage: string };
  return `${error}: ${errorMessage}`;
}

await main(process.argv[2] ?? "");
