/** One function process as its owner sees it: started, spoken to, ended (architecture §8). */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readLines } from "./lines.ts";
import { type AttemptMessage, type ChildMessage, type ParentMessage, parseChildMessage } from "./protocol.ts";

export interface ChildOptions {
  /** File URL of the user's module. */
  readonly moduleUrl: string;
  readonly execPath: string;
  readonly memoryMb: number;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** V8 said on stderr that the heap was full. */
  readonly outOfMemory: boolean;
  /** The exception that nobody caught, where there was one. */
  readonly reason?: string;
}

export interface ChildObserver {
  message(message: ChildMessage): void;
  line(stream: "stdout" | "stderr", text: string): void;
  /** Once, after the last message and line. */
  ended(exit: Exit): void;
}

export interface ChildProcess {
  run(attempt: AttemptMessage): void;
  /** Ends the process at once. */
  kill(): void;
  /** Asks an idle process to end by itself, so that its exit handlers run; ends it when it does not. */
  retire(): void;
}

/** How long a retired process may take, and how long the output of an ended one is waited for, ms. */
const RETIRE_MS = 500;
const DRAIN_MS = 300;

/** The child's program: beside this file, as source or in the bundle. */
const ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./function-child.mjs", import.meta.url),
);

export function startChild(options: ChildOptions, observer: ChildObserver): ChildProcess {
  const child = spawn(
    options.execPath,
    [`--max-old-space-size=${options.memoryMb}`, "--enable-source-maps", ENTRY, options.moduleUrl],
    // Structured clone: ten times faster than JSON for a payload of some megabytes.
    { stdio: ["ignore", "pipe", "pipe", "ipc"], serialization: "advanced" },
  );
  let outOfMemory = false;
  let reason: string | undefined;
  let ended = false;

  const send = (message: ParentMessage) => {
    // A process that is gone says so by its end.
    child.send(message, () => {});
  };
  const end = (code: number | null, signal: string | null) => {
    if (ended) return;
    ended = true;
    child.stdout?.destroy();
    child.stderr?.destroy();
    setImmediate(() => observer.ended({ code, signal, outOfMemory, ...(reason === undefined ? {} : { reason }) }));
  };
  const line = (stream: "stdout" | "stderr") => (text: string) => {
    if (stream === "stderr" && text.includes("JavaScript heap out of memory")) outOfMemory = true;
    observer.line(stream, text);
  };
  if (child.stdout !== null) readLines(child.stdout, line("stdout"));
  if (child.stderr !== null) readLines(child.stderr, line("stderr"));
  child.on("message", (value) => {
    const message = parseChildMessage(value);
    if (message?.kind === "dying") reason = message.reason;
    // A turn later: what the function printed before stands in the pipe already, and comes first.
    else if (message !== undefined) setImmediate(() => observer.message(message));
  });
  // "close" comes when output and channel are read to their end; a process that the function left behind may hold them open.
  child.on("close", end);
  child.on("exit", (code, signal) => setTimeout(end, DRAIN_MS, code, signal).unref());
  child.on("error", (error) => {
    reason = error.message;
    if (child.pid === undefined) end(null, null);
  });
  // A function may close the channel; without it the process is of no use.
  child.on("disconnect", () => setTimeout(() => child.kill("SIGKILL"), RETIRE_MS).unref());

  return {
    run: send,
    kill() {
      child.kill("SIGKILL");
    },
    retire() {
      send({ kind: "end" });
      setTimeout(() => child.kill("SIGKILL"), RETIRE_MS).unref();
    },
  };
}
