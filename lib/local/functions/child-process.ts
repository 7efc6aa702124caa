/** One function process as its owner sees it: started, spoken to, ended (architecture §8). */
import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { frameReader } from "./frames.ts";
import { readLines } from "./lines.ts";
import {
  type AttemptMessage,
  type ChildMessage,
  decodeMessage,
  encodeOrder,
  type LoadOrder,
  type ParentMessage,
} from "./protocol.ts";

export interface ChildOptions {
  readonly load: LoadOrder;
  readonly execPath: string;
  readonly memoryMb: number;
  /** Variables besides those of this process. */
  readonly environment?: { readonly [name: string]: string };
  /** The working directory; this process's own when not given. */
  readonly cwd?: string;
  /** Whether the process says which files it reads. */
  readonly reportFiles?: boolean;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** V8 said on stderr that the heap was full. */
  readonly outOfMemory: boolean;
  /** The exception that nobody caught, where there was one. */
  readonly reason?: string;
  /** The last attempt that it has begun, where it could still say so. */
  readonly began?: number;
  /** It has not read all that it was sent: the last attempt has not begun. */
  readonly unread: boolean;
}

export interface ChildObserver {
  message(message: ChildMessage): void;
  line(stream: "stdout" | "stderr", text: string): void;
  /** It can be sent nothing any more; its end follows, perhaps after output. */
  leaving(): void;
  /** Once, after the last message and line. */
  ended(exit: Exit): void;
}

export interface ChildProcess {
  /** `ahead`: the process has others to run before. */
  run(attempt: AttemptMessage, ahead: boolean): void;
  /** Asks for the attempts that have not begun; calls back when the process can read that. */
  recall(asked: () => void): void;
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
  const { load, environment, cwd, reportFiles = false } = options;
  const child = spawn(
    options.execPath,
    [
      `--max-old-space-size=${options.memoryMb}`,
      "--enable-source-maps",
      ENTRY,
      JSON.stringify(load),
      ...(reportFiles ? ["report-files"] : []),
    ],
    {
      // The fourth is ours: a socket that the child finds as its descriptor 3.
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      ...(cwd === undefined ? {} : { cwd }),
      ...(environment === undefined ? {} : { env: { ...process.env, ...environment } }),
    },
  );
  const channel = child.stdio[3] as Duplex | undefined;
  let outOfMemory = false;
  let unread = false;
  let reason: string | undefined;
  let began: number | undefined;
  let ended = false;

  const written = (error: Error | null | undefined) => {
    // Not all of it: the process cannot have begun with it.
    if (error) unread = true;
  };
  let corked = false;
  const send = (message: ParentMessage, done?: () => void) => {
    channel?.write(encodeOrder(message), (error) => {
      written(error);
      if (!error) done?.();
    });
  };
  /** What is sent until the end of this turn goes in one write. */
  const collect = () => {
    if (corked || channel === undefined) return;
    corked = true;
    channel.cork();
    setImmediate(() => {
      corked = false;
      channel.uncork();
    });
  };
  const end = (code: number | null, signal: string | null) => {
    if (ended) return;
    ended = true;
    for (const stream of [child.stdout, child.stderr, channel]) stream?.destroy();
    setImmediate(() =>
      observer.ended({
        code,
        signal,
        outOfMemory,
        unread,
        ...(reason === undefined ? {} : { reason }),
        ...(began === undefined ? {} : { began }),
      }),
    );
  };
  const line = (stream: "stdout" | "stderr") => (text: string) => {
    if (stream === "stderr" && text.includes("JavaScript heap out of memory")) outOfMemory = true;
    observer.line(stream, text);
  };
  const receive = (message: ChildMessage) => {
    if (message.kind === "dying") {
      reason ??= message.reason;
      began ??= message.began;
    } else if (message.kind === "file" || ("printed" in message && !message.printed)) observer.message(message);
    // A turn later: what the function printed before stands in the pipe already, and comes first.
    else setImmediate(() => observer.message(message));
  };
  const read = frameReader((head, body) => {
    const message = decodeMessage(head, body);
    if (message !== undefined) receive(message);
  });
  if (child.stdout !== null) readLines(child.stdout, line("stdout"));
  if (child.stderr !== null) readLines(child.stderr, line("stderr"));
  channel?.on("data", (chunk: Buffer) => {
    try {
      read(chunk);
    } catch {
      // The function wrote into our channel: nothing that comes after can be understood.
      child.kill("SIGKILL");
    }
  });
  // The system says so when a process goes and has not read what stands in its socket.
  channel?.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNRESET") unread = true;
  });
  channel?.on("close", () => {
    observer.leaving();
    // A function may close the channel; without it the process is of no use.
    setTimeout(() => child.kill("SIGKILL"), RETIRE_MS).unref();
  });
  // "close" comes when output and channel are read to their end; a process that the function left behind may hold them open.
  child.on("close", end);
  child.on("exit", (code, signal) => setTimeout(end, DRAIN_MS, code, signal).unref());
  child.on("error", (error) => {
    reason = error.message;
    if (child.pid === undefined) end(null, null);
  });

  return {
    run(attempt, ahead) {
      if (ahead) collect();
      send(attempt);
    },
    recall(asked) {
      send({ kind: "recall" }, asked);
    },
    kill() {
      child.kill("SIGKILL");
    },
    retire() {
      send({ kind: "end" });
      setTimeout(() => child.kill("SIGKILL"), RETIRE_MS).unref();
    },
  };
}
