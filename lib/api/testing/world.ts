/** The API over a whole system in memory on a virtual clock, for its own tests: the real runtime, an honest queue, a worker. */
import { memoryBlobs } from "../../memory/blobs.ts";
import { recordingDestinations } from "../../memory/destinations.ts";
import { countingIds } from "../../memory/ids.ts";
import { memoryJournal } from "../../memory/journal.ts";
import { systemKeys } from "../../memory/keys.ts";
import { memoryQueue } from "../../memory/queue.ts";
import { type ScriptedFunction, scriptedFunctions } from "../../memory/scripted.ts";
import { memoryTimers } from "../../memory/timers.ts";
import { createRuntime, deployFlow, type Runtime, reportResult, work } from "../../runtime/index.ts";
import type { ExecutionRef, Header, Journal } from "../../runtime/ports/journal.ts";
import { virtualClock } from "../../sim/clock.ts";
import { type ApiOptions, type ApiRequest, type ApiResponse, createApi } from "../index.ts";

/** 2026-01-01T00:00:00.000Z */
export const BEGINNING = Date.UTC(2026, 0, 1);

export interface ApiWorldOptions {
  readonly flows?: { readonly [name: string]: string };
  readonly express?: readonly string[];
  readonly functions?: { readonly [name: string]: ScriptedFunction };
  readonly settled?: ApiOptions["settled"];
  /** Changes the journal that the API and the runtime see. */
  readonly journal?: (journal: Journal) => Journal;
}

/** What a client reads: status and parsed body. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked into field by field, as clients do
  readonly body: any;
}

export async function apiWorld(options: ApiWorldOptions = {}) {
  const {
    flows = {},
    express = [],
    functions = {},
    settled = async () => {},
    journal: change = (same) => same,
  } = options;
  const clock = virtualClock(BEGINNING);
  const ids = countingIds("id");
  const queue = memoryQueue({ clock, ids });
  const { journal, ended } = watched(change(memoryJournal()));
  const destinations = recordingDestinations();
  const faults: unknown[] = [];
  const runtime: Runtime = createRuntime({
    journal,
    queue,
    timers: memoryTimers({ clock, queue }),
    functions: scriptedFunctions({ clock, functions, report: (token, result) => reportResult(runtime, token, result) }),
    destinations,
    blobs: memoryBlobs(),
    clock,
    ids,
    keys: systemKeys({ id: "key-1", secret: "a secret for tests" }),
  });
  for (const [name, definition] of Object.entries(flows)) {
    await deployFlow(runtime.ports, { name, definition, mode: express.includes(name) ? "Express" : "Standard" });
  }
  const handle = createApi({ runtime, ended, settled, onError: (error) => faults.push(error) });
  // Needs no real time, so nothing of it is left behind.
  void work(runtime, {
    concurrency: 16,
    signal: new AbortController().signal,
    onError: (error) => faults.push(error),
  });

  /** Sends a request and moves the time until it is answered. */
  async function send(request: Partial<ApiRequest>, signal?: AbortSignal): Promise<Answer> {
    const full = { method: "GET", target: "/", headers: {}, body: "", ...request };
    return answerOf(await clock.runUntil(handle(full, signal)));
  }

  return {
    clock,
    runtime,
    destinations,
    /** What went wrong inside. */
    faults,
    handle,
    send,
    /** Calls an action with parameters in the query. */
    call: (action: string, params: { readonly [name: string]: string | number } = {}, signal?: AbortSignal) =>
      send({ target: targetOf(action, params) }, signal),
    /** Lets the executions go on until nothing more can happen without time. */
    now: () => clock.pass(0),
  };
}

export function targetOf(action: string, params: { readonly [name: string]: string | number } = {}): string {
  const all = { Action: action, Version: "2019-03-15", ...params };
  return `/?${Object.entries(all)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&")}`;
}

export function answerOf({ status, body }: ApiResponse): Answer {
  return { status, body: JSON.parse(body) };
}

/** The journal, told on: whose executions have ended. */
function watched(journal: Journal): { readonly journal: Journal; readonly ended: ApiOptions["ended"] } {
  const waiting = new Set<() => void>();
  return {
    journal: {
      ...journal,
      async endHeader(ref, startId, end) {
        const header = await journal.endHeader(ref, startId, end);
        for (const look of waiting) look();
        return header;
      },
    },
    ended: (ref: ExecutionRef, startId: string, signal: AbortSignal) =>
      new Promise<Header>((resolve, reject) => {
        async function look(): Promise<void> {
          const header = await journal.readHeader(ref);
          if (header === undefined || header.startId !== startId || header.status === "Running") return;
          waiting.delete(look);
          resolve(header);
        }
        waiting.add(look);
        signal.addEventListener("abort", () => {
          waiting.delete(look);
          reject(signal.reason);
        });
        void look();
      }),
  };
}
