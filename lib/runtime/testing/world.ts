/** A whole system in memory on a virtual clock, for the runtime's own tests: an honest queue, one worker, scripted functions. */
import type { Json, JsonObject } from "../../fdl/json.ts";
import { memoryBlobs } from "../../memory/blobs.ts";
import { recordingDestinations } from "../../memory/destinations.ts";
import { countingIds } from "../../memory/ids.ts";
import { memoryJournal } from "../../memory/journal.ts";
import { systemKeys } from "../../memory/keys.ts";
import { memoryQueue } from "../../memory/queue.ts";
import { type ScriptedFunction, scriptedFunctions } from "../../memory/scripted.ts";
import { memoryTimers } from "../../memory/timers.ts";
import { turn, virtualClock } from "../../sim/clock.ts";
import {
  createRuntime,
  deployFlow,
  type ExecutionEvent,
  history,
  type Ports,
  type Runtime,
  reportResult,
  type Settings,
  startExecution,
  work,
} from "../index.ts";
import type { Header } from "../ports/journal.ts";

export interface WorldOptions {
  readonly flows: { readonly [name: string]: string };
  readonly functions?: { readonly [name: string]: ScriptedFunction };
  readonly settings?: Partial<Settings>;
  readonly express?: readonly string[];
}

/** 2026-01-01T00:00:00.000Z */
export const BEGINNING = Date.UTC(2026, 0, 1);

export type World = Awaited<ReturnType<typeof world>>;

export async function world({ flows, functions = {}, settings = {}, express = [] }: WorldOptions) {
  const clock = virtualClock(BEGINNING);
  const ids = countingIds("id-");
  const queue = memoryQueue({ clock, ids });
  const calls: string[] = [];
  const log: string[] = [];
  const errors: unknown[] = [];
  const destinations = recordingDestinations();
  const plain: Ports = {
    journal: memoryJournal(),
    queue,
    timers: memoryTimers({ clock, queue }),
    functions: scriptedFunctions({ clock, functions, report: (token, result) => reportResult(runtime, token, result) }),
    destinations,
    blobs: memoryBlobs(),
    clock,
    ids,
    keys: systemKeys({ id: "key-1", secret: "a secret for tests" }),
  };
  const ports: Ports = {
    ...plain,
    journal: counted("journal", plain.journal, calls),
    queue: counted("queue", plain.queue, calls),
    timers: counted("timers", plain.timers, calls),
    blobs: counted("blobs", plain.blobs, calls),
    functions: counted("functions", plain.functions, calls),
  };
  const runtime: Runtime = createRuntime(ports, { log: (line) => log.push(line), ...settings });
  for (const [name, definition] of Object.entries(flows)) {
    await deployFlow(plain, { name, definition, mode: express.includes(name) ? "Express" : "Standard" });
  }

  // The one worker begins when it is first needed and works as long as the world is there; it needs no real time, so
  // nothing of it is left behind.
  let _working: Promise<void> | undefined;

  /** Goes on until the predicate holds, which is asked whenever nothing more can happen without time. */
  async function workUntil(holds: () => Promise<boolean>): Promise<void> {
    _working ??= work(runtime, {
      concurrency: 16,
      signal: new AbortController().signal,
      onError: (error) => errors.push(error),
    });
    for (await turn(); !(await holds()); await turn()) {
      if (!clock.advance()) throw new Error("nothing is under way that could bring it about");
    }
  }

  /** Works until that much time has passed since the beginning. */
  async function workTo(ms: number): Promise<void> {
    void clock.sleep(BEGINNING + ms - clock.now());
    await workUntil(async () => clock.now() >= BEGINNING + ms);
  }

  /** Works until the execution has ended and nothing is on its way any more. */
  async function settled(header: Header): Promise<Header> {
    await workUntil(async () => (await plain.journal.readHeader(header.ref))?.status !== "Running" && queue.idle());
    return (await plain.journal.readHeader(header.ref)) ?? header;
  }

  async function outputOf({ ref, startId }: Header): Promise<Json | undefined> {
    const { output } = await plain.journal.readData(ref, startId);
    return output === undefined ? undefined : runtime.claims.unpack<Json>(output);
  }

  return {
    clock,
    runtime,
    plain,
    queue,
    destinations,
    /** Calls at the ports, as `journal.append`. */
    calls,
    log,
    errors,
    workUntil,
    workTo,
    settled,
    outputOf,
    start: (flow: string, input: JsonObject = {}, name?: string) =>
      startExecution(runtime, { flow, input, ...(name ? { name } : {}) }),
    async run(
      flow: string,
      input: JsonObject = {},
    ): Promise<{ header: Header; output: Json | undefined; events: readonly ExecutionEvent[] }> {
      const header = await settled(await startExecution(runtime, { flow, input }));
      return { header, output: await outputOf(header), events: await eventsOf(header) };
    },
    eventsOf,
  };

  async function eventsOf(header: Header): Promise<readonly ExecutionEvent[]> {
    const events: ExecutionEvent[] = [];
    for await (const event of history(runtime, header)) events.push(event);
    return events;
  }
}

/** The port with each call written down before it is made. */
function counted<P extends object>(name: string, port: P, calls: string[]): P {
  return new Proxy(port, {
    get(target, method, receiver) {
      const value: unknown = Reflect.get(target, method, receiver);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        calls.push(`${name}.${String(method)}`);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

/** How often each call was made. */
export function tally(calls: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of calls) counts[call] = (counts[call] ?? 0) + 1;
  return counts;
}
