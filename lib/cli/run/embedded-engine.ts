/** The engine in this process: the runtime over ports in memory, durable for as long as the process lives. */
import { randomBytes } from "node:crypto";
import { StepwellError } from "../../fdl/errors.ts";
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
  reportResult,
  reportTask,
  startExecution,
  stopExecution,
  work,
} from "../../runtime/index.ts";
import type { Header } from "../../runtime/ports/journal.ts";
import { endOf } from "./ended.ts";
import type { Engine, EngineParts, RunRequest } from "./engine.ts";
import { noFunctions } from "./no-functions.ts";
import { watchedJournal, watchedQueue } from "./watched-ports.ts";

/** Messages in hand at a time: a task that runs holds one. */
const CONCURRENCY = 1_000;

/** An engine for one run. */
export function embeddedEngine(options: EngineParts): Engine {
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
        return await endOf(runtime, main);
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

    async close() {},
  };
}

function startRequest({ flow, name, input }: RunRequest) {
  return { flow, input, ...(name === undefined ? {} : { name }) };
}
