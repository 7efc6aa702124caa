/**
 * The engine over a directory: an execution that is interrupted goes on at the next run. Unlike `stepwell dev` it works on
 * one execution, and ends with it.
 */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../fdl/json.ts";
import { type Embedded, openEmbedded } from "../../local/embedded.ts";
import { deployFlow, type Runtime, reportTask, startExecution } from "../../runtime/index.ts";
import type { Functions } from "../../runtime/ports/functions.ts";
import type { Header } from "../../runtime/ports/journal.ts";
import { runningExecutions } from "../running.ts";
import { endOf } from "./ended.ts";
import type { Engine, EngineParts, Left, RunRequest, Transit } from "./engine.ts";
import { noFunctions } from "./no-functions.ts";
import { ownedFlows } from "./owned-flows.ts";
import { waitingCallbacks } from "./waiting-callbacks.ts";

export interface DurableOptions extends EngineParts {
  /** Of all that is kept, as for `stepwell dev --data`. */
  readonly directory: string;
}

/** How often it is looked whether only a report can make anything happen, ms. */
const QUIET_MS = 500;

/** An engine for one run, which rejects with what `openEmbedded` throws. */
export function durableEngine({ directory, functions, destinations, watcher }: DurableOptions): Engine {
  const its: Functions = functions ?? noFunctions;
  const opened = Promise.withResolvers<Embedded>();
  opened.promise.catch(() => {});
  let embedded: Embedded | undefined;
  /** Names of the run's flows, once its execution is known: only then anything is called or shown. */
  const owned = Promise.withResolvers<ReadonlySet<string>>();
  const left = Promise.withResolvers<"left">();

  /** Makes a call of the run's own executions. Others wait: what they call is not here, and they would fail for that. */
  async function call<T>(flow: string, make: () => Promise<T>): Promise<T> {
    return (await owned.promise).has(flow) ? make() : new Promise<never>(() => {});
  }

  async function show(transit: Transit): Promise<void> {
    const { durable } = await opened.promise;
    // Nothing is shown that a crash could undo.
    await durable();
    if ((await owned.promise).has(transit.flow)) watcher.transit(transit);
  }

  async function open(): Promise<Embedded> {
    embedded = await openEmbedded({
      directory: join(directory, "store"),
      functions: {
        invoke: (invocation) => call(invocation.context.flow, () => its.invoke(invocation)),
        submit: (invocation, token) => call(invocation.context.flow, () => its.submit(invocation, token)),
        resolveAlias: its.resolveAlias,
      },
      destinations: { send: (what, context) => call(context.flow, () => destinations.send(what, context)) },
      log: watcher.note,
      observe({ address, branch, seq }, { history: events, effect }) {
        const { startId, flow, ref } = address;
        // Fails with the store, which is told of elsewhere.
        show({ startId, flow, execution: ref.name, branch, seq, events, effect }).catch(() => {});
      },
    });
    opened.resolve(embedded);
    return embedded;
  }

  /** Starts the execution, or finds the one that has the name; says which. */
  async function begin({ runtime, durable }: Embedded, request: RunRequest): Promise<Header> {
    const { flow, name, input } = request;
    const existing = name === undefined ? undefined : await find(runtime, flow, name);
    const header =
      existing ?? (await startExecution(runtime, { flow, input, ...(name === undefined ? {} : { name }) }));
    const { ref, startId } = header;
    await durable();
    if (existing === undefined) watcher.started({ flow, name: ref.name, startId });
    else watcher.found({ flow, name: ref.name, startId }, await remarkOn(runtime, header, request));
    return header;
  }

  function quiet(): boolean {
    if (embedded === undefined || (functions?.background.count() ?? 0) > 0) return false;
    const { messages, timers } = embedded.store.tables;
    return [messages, timers].every((table) => [...table.keys({ limit: 1 })].length === 0);
  }

  /** Runs until the execution, and what it has set going without waiting for it, has ended. */
  async function untilEnded({ runtime, ended }: Embedded, main: Header): Promise<void> {
    await ended(main.ref, main.startId);
    const flows = await owned.promise;
    const isChild = ({ flow, startedAt }: Header) =>
      flow !== main.flow && flows.has(flow) && startedAt >= main.startedAt;
    for (;;) {
      const children = (await runningExecutions(runtime.ports.journal)).filter(isChild);
      await functions?.background.settled();
      if (children.length === 0) return;
      await Promise.all(children.map(({ ref, startId }) => ended(ref, startId)));
    }
  }

  return {
    async run(request) {
      const engine = await open();
      const { runtime, broken, durable } = engine;
      for (const [name, definition] of request.flows) await deployFlow(runtime.ports, { name, definition });
      const main = await begin(engine, request);
      const flows = await ownedFlows(runtime, request.flows.keys());
      const before = main.status === "Running" ? await runningExecutions(runtime.ports.journal) : [];
      owned.resolve(flows);
      for (const header of before.filter(({ flow }) => flows.has(flow)))
        for (const task of await waitingCallbacks(runtime, header, request.isCallback)) watcher.waits(task);
      const looking = setInterval(() => quiet() && watcher.quiet(), QUIET_MS);
      try {
        const how = await Promise.race([untilEnded(engine, main), left.promise, broken]);
        await durable();
        return how === "left" ? ({ status: "Left", execution: main.ref.name } satisfies Left) : endOf(runtime, main);
      } finally {
        clearInterval(looking);
      }
    },

    async stop() {
      left.resolve("left");
    },

    quiet,

    async report(token, verdict) {
      await reportTask((await opened.promise).runtime, token, verdict);
    },

    reportCall: async (id, result) => (await opened.promise).finished(id, result),

    async close() {
      // All that was told is on disk; a store that has failed was told of.
      await embedded?.close().catch(() => {});
    },
  };
}

async function find({ ports: { journal } }: Runtime, flow: string, name: string): Promise<Header | undefined> {
  const item = await journal.readFlow(flow);
  return item && journal.readHeader({ flowId: item.flowId, name });
}

async function remarkOn(runtime: Runtime, header: Header, { input, flow }: RunRequest): Promise<string> {
  const { journal } = runtime.ports;
  if (header.status !== "Running")
    return "has ended already: this is its result, and nothing runs; another --name runs it again";
  const notes = ["goes on"];
  const { input: stored } = await journal.readData(header.ref, header.startId);
  const its: JsonObject = stored === undefined ? {} : await runtime.claims.unpack<JsonObject>(stored);
  if (Object.keys(input).length > 0 && !isDeepStrictEqual(input, its)) notes.push("with the input that it has");
  const revision = (await journal.readFlow(flow))?.revision;
  if (revision !== header.revision) notes.push("by the definition that it was started with");
  return notes.join(", ");
}
