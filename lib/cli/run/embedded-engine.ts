/** The engine in this process: the runtime over ports in memory, durable for as long as the process lives. */
import { randomBytes } from "node:crypto";
import { StepwellError } from "../../fdl/errors.ts";
import type { JsonObject } from "../../fdl/json.ts";
import { memoryBlobs } from "../../memory/blobs.ts";
import { randomIds } from "../../memory/ids.ts";
import { memoryJournal } from "../../memory/journal.ts";
import { systemKeys } from "../../memory/keys.ts";
import { memoryQueue } from "../../memory/queue.ts";
import { systemClock } from "../../memory/system-clock.ts";
import { memoryTimers } from "../../memory/timers.ts";
import {
  createRuntime,
  deployFlow,
  type ExecutionEvent,
  history,
  type Runtime,
  reportResult,
  reportTask,
  startExecution,
  stopExecution,
  work,
} from "../../runtime/index.ts";
import type { Destinations } from "../../runtime/ports/destinations.ts";
import type { CallResult, Functions } from "../../runtime/ports/functions.ts";
import type { Header } from "../../runtime/ports/journal.ts";
import type { Ended, Engine, RunRequest, Watcher } from "./engine.ts";
import { watchedJournal, watchedQueue } from "./watched-ports.ts";

/** Messages in hand at a time: a task that runs holds one. */
const CONCURRENCY = 1_000;

export interface EmbeddedOptions {
  /** Absent: there are none, every call fails with `FC.FunctionNotFound`. */
  readonly functions?: Functions & Background;
  readonly destinations: Destinations;
  readonly watcher: Watcher;
}

/** Functions that were called without waiting for them and still run. */
interface Background {
  readonly background: { count(): number; settled(): Promise<void> };
}

/** An engine for one run. */
export function embeddedEngine(options: EmbeddedOptions): Engine {
  const { functions = noFunctions, destinations, watcher } = options;
  const [clock, ids] = [systemClock(), randomIds()];
  const memory = memoryQueue({ clock, ids });
  const queue = watchedQueue(memory, () => quiet() && watcher.quiet());
  const timers = memoryTimers({ clock, queue });
  const watched = watchedJournal(memoryJournal());
  const keys = systemKeys({ id: "run", secret: randomBytes(32) });
  const ports = {
    journal: watched.journal,
    queue,
    timers,
    functions,
    destinations,
    blobs: memoryBlobs(),
    clock,
    ids,
    keys,
  };
  const runtime = createRuntime(ports, {
    mode: "fused",
    fuseBudgetMs: Number.POSITIVE_INFINITY,
    maxCallMs: Number.POSITIVE_INFINITY,
    log: watcher.note,
    observe: ({ address, branch, seq }, { history: events, effect }) => {
      const { startId, flow, ref } = address;
      watcher.transit({ startId, flow, execution: ref.name, branch, seq, events, effect });
    },
  });
  const quiet = () => memory.idle() && timers.pending() === 0 && functions.background.count() === 0;
  let main: Header | undefined;
  let stopping: { readonly error: string; readonly cause: string } | undefined;
  const stopped = Promise.withResolvers<void>();

  async function stopMain(): Promise<void> {
    if (main === undefined || stopping === undefined) return;
    try {
      await stopExecution(runtime, { flow: main.flow, name: main.ref.name, ...stopping });
    } catch (error) {
      // It has just ended by itself.
      if (!(error instanceof StepwellError)) throw error;
    }
    stopped.resolve();
  }

  return {
    async run(request) {
      for (const [name, definition] of request.flows) await deployFlow(ports, { name, definition });
      main = await startExecution(runtime, startRequest(request));
      await stopMain();
      watcher.started({ flow: main.flow, name: main.ref.name, startId: main.startId });
      const done = new AbortController();
      const broken = Promise.withResolvers<never>();
      const worker = work(runtime, { concurrency: CONCURRENCY, signal: done.signal, onError: broken.reject });
      try {
        await Promise.race([watched.ended(main.startId), broken.promise]);
        // What the flow has set going without waiting for it runs to its end (fdl.md §10 row 62), unless it is stopped.
        const rest = Promise.all([watched.idle(), functions.background.settled()]);
        await Promise.race([rest, stopped.promise, broken.promise]);
        return await endOf({ ...runtime, settings: { ...runtime.settings, log: () => {} } }, main);
      } finally {
        broken.promise.catch(() => {});
        done.abort();
        timers.close();
        void worker;
      }
    },

    async stop(error, cause) {
      stopping ??= { error, cause };
      await stopMain();
    },

    quiet,

    reportCall: (token, result) => reportResult(runtime, token, result),

    async report(token, verdict) {
      await reportTask(runtime, token, verdict);
    },
  };
}

function startRequest({ flow, name, input }: RunRequest) {
  return { flow, input, ...(name === undefined ? {} : { name }) };
}

async function endOf(runtime: Runtime, { ref, startId }: Header): Promise<Ended> {
  const { journal } = runtime.ports;
  const header = await journal.readHeader(ref);
  if (header === undefined) throw new Error(`the header of execution ${ref.name} is gone`);
  const { output } = await journal.readData(ref, startId);
  return {
    name: `${header.flow}/${ref.name}`,
    status: header.status,
    ...(header.error === undefined ? {} : { error: header.error }),
    ...(header.cause === undefined ? {} : { cause: header.cause }),
    ...(output === undefined || header.status !== "Succeeded"
      ? {}
      : { output: await runtime.claims.unpack<JsonObject>(output) }),
    elapsedMs: (header.endedAt ?? header.startedAt) - header.startedAt,
    async events() {
      const events: ExecutionEvent[] = [];
      for await (const event of history(runtime, header)) events.push(event);
      return events;
    },
  };
}

const noFunctions: Functions & Background = {
  invoke: async () => NO_FUNCTION,
  submit: async () => NO_FUNCTION,
  resolveAlias: async () => undefined,
  background: { count: () => 0, settled: async () => {} },
};

const NO_FUNCTION: CallResult = { kind: "failed", error: "FC.FunctionNotFound", cause: "This run has no functions." };
