/**
 * The history of an execution (fdl.md §7.2), derived: the core runs over the journal again (architecture §2). Events are ordered
 * by time, then branch, then seq, but never before what caused them; they are cut where the execution, or their branch, ended.
 */
import {
  branchState,
  type Event,
  type HistoryEvent,
  type HistoryType,
  type State,
  type Transition,
} from "../engine/index.ts";
import type { Flow } from "../fdl/definition.ts";
import type { JsonObject } from "../fdl/json.ts";
import { childBranch, ROOT } from "./branch.ts";
import type { Address } from "./message.ts";
import type { Entry, Header } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import { addressOf } from "./stop.ts";
import { apply, loadEvent, rootState } from "./strand.ts";

/** An event as the API shows it (fdl.md §7.1); `EventDetail` is JSON text. */
export interface ExecutionEvent {
  readonly EventId: number;
  /** EventId of the cause; 0 for the first. */
  readonly ScheduleEventId: number;
  readonly Type: HistoryType;
  readonly StepName: string;
  /** `YYYY-MM-DDTHH:mm:ss.SSSZ` */
  readonly Time: string;
  readonly EventDetail: string;
}

/** An event as it is derived, before its time and its detail are written as text. */
export interface DerivedEvent {
  /** From 1. */
  readonly id: number;
  /** `id` of the cause; 0 for the first. */
  readonly causeId: number;
  readonly type: HistoryType;
  readonly step: string;
  /** ms since the epoch */
  readonly time: number;
  readonly detail: JsonObject;
}

/** All events of an execution so far, in order, numbered from 1. */
export async function* history(runtime: Runtime, header: Header): AsyncGenerator<ExecutionEvent> {
  for await (const events of derivedHistory(runtime, header)) for (const event of events) yield executionEvent(event);
}

/** The event as the API shows it. */
export function executionEvent({ id, causeId, type, step, time, detail }: DerivedEvent): ExecutionEvent {
  return {
    EventId: id,
    ScheduleEventId: causeId,
    Type: type,
    StepName: step,
    Time: new Date(time).toISOString(),
    EventDetail: JSON.stringify(detail),
  };
}

/** The same as they are derived, those of one transition after another. */
export async function* derivedHistory(runtime: Runtime, header: Header): AsyncGenerator<readonly DerivedEvent[]> {
  const ids = new Map<string, number>();
  let eventId = 0;
  const number = (
    cause: string | undefined,
    type: HistoryType,
    step: string,
    time: number,
    detail: JsonObject,
  ): DerivedEvent => {
    const causeId = (cause === undefined ? undefined : ids.get(cause)) ?? 0;
    return { id: ++eventId, causeId, type, step, time, detail };
  };
  let lastRoot: string | undefined;
  let ended = false;
  const cut = header.endedAt ?? Number.POSITIVE_INFINITY;
  for await (const { branch, events } of merged(runtime, header)) {
    const numbered: DerivedEvent[] = [];
    for (const { event, cause } of events) {
      // An execution has started when its caller was told so, however late that is worked on, and even if it is stopped before; a start that was redone has a header younger than its entry 0.
      const time = event.type === "ExecutionStarted" ? Math.min(header.startedAt, event.time) : event.time;
      if (time > cut || ended) continue;
      if (event.type === "ExecutionSucceeded" || event.type === "ExecutionFailed") {
        if (event.type !== `Execution${header.status}`) continue; // a stop was faster, or the end is not yet recorded
        ended = true;
      }
      const id = `${branch}:${event.id}`;
      numbered.push(number(cause, event.type, event.step, time, event.detail));
      ids.set(id, eventId);
      ids.set(`${branch}:last`, eventId);
      if (branch === ROOT) lastRoot = id;
    }
    if (numbered.length > 0) yield numbered;
  }
  if (lastRoot === undefined) {
    const detail = { input: await inputOf(runtime, header) };
    yield [number(undefined, "ExecutionStarted", "", header.startedAt, detail)];
    lastRoot = `${ROOT}:1`;
    ids.set(lastRoot, eventId);
  }
  if (header.status !== "Running" && !ended) {
    const detail = { error: header.error ?? "", cause: header.cause ?? "" };
    yield [number(lastRoot, `Execution${header.status}`, "", header.endedAt ?? 0, detail)];
  }
}

async function inputOf(runtime: Runtime, { ref, startId }: Header): Promise<JsonObject> {
  const { input } = await runtime.ports.journal.readData(ref, startId);
  return input === undefined ? {} : runtime.claims.unpack<JsonObject>(input);
}

/** What one transition of a branch writes. */
interface Placed {
  readonly branch: string;
  readonly events: readonly {
    readonly event: HistoryEvent;
    /** `branch:id` of what caused it. */
    readonly cause: string | undefined;
  }[];
}

/** One branch being read: the transition at its head, and the ones of its fork while it waits for them. */
interface Reader {
  readonly branch: string;
  readonly parent?: { readonly branch: string };
  state: State;
  seq: number;
  /** Seq of its last fork: a retry of it may come entries later. */
  fork: number;
  /** Read ahead: entries of the branch from `position` on were not applied yet. */
  entries: readonly Entry[];
  position: number;
  head: { readonly transition: Transition; readonly event: Event; readonly time: number } | undefined;
  /** Set while the branch's next entry waits for branches. */
  readonly children: Reader[];
}

async function* merged(runtime: Runtime, header: Header): AsyncGenerator<Placed> {
  const address = addressOf(header);
  const flow = await runtime.definitions.load(header.ref.flowId, header.revision);
  const root = reader(ROOT, rootState(header));
  await advanceReader(runtime, address, flow, root);
  for (;;) {
    const next = earliest(root);
    if (next?.head === undefined) return;
    const { transition } = next.head;
    // Branches that a failure cut off end where their parent went on.
    next.children.length = 0;
    yield {
      branch: next.branch,
      events: transition.history.map((event) => ({ event, cause: causeOf(next, event) })),
    };
    next.state = transition.state;
    if (transition.effect.kind === "fork") {
      next.fork = next.seq;
      for (let index = 0; index < transition.effect.branches; index++) {
        const child = {
          ...reader(childBranch(next.branch, next.seq, index), branchState(flow, transition.state, index)),
          parent: next,
        };
        await advanceReader(runtime, address, flow, child);
        next.children.push(child);
      }
    }
    next.seq += 1;
    await advanceReader(runtime, address, flow, next);
  }
}

function reader(branch: string, state: State): Reader {
  return { branch, state, seq: 0, fork: 0, entries: [], position: 0, head: undefined, children: [] };
}

/** Reads the branch's next entry, if there is one, and applies it. */
async function advanceReader(runtime: Runtime, address: Address, flow: Flow, reader: Reader): Promise<void> {
  const { branch, seq } = reader;
  reader.head = undefined;
  if (reader.position === reader.entries.length) {
    reader.entries = await runtime.ports.journal.readEntries(address.startId, branch, seq, Number.MAX_SAFE_INTEGER);
    reader.position = 0;
  }
  const entry = reader.entries[reader.position];
  if (entry === undefined) return;
  reader.position += 1;
  const event = await loadEvent(runtime, entry.event, entry);
  reader.head = {
    transition: apply(runtime, { address, flow, branch, seq, state: reader.state, event }),
    event,
    time: entry.at,
  };
}

/**
 * The reader whose head comes next: the earliest in time, then by branch. A branch that forked comes after what it waited
 * for: all of its branches, or the one that failed.
 */
function earliest(reader: Reader): Reader | undefined {
  let best: Reader | undefined;
  for (const child of reader.children) {
    const next = earliest(child);
    if (next?.head && (best?.head === undefined || next.head.time < best.head.time)) best = next;
  }
  if (reader.head === undefined) return best;
  if (best === undefined || isReleased(reader)) return reader;
  return best;
}

/** True when a branch whose fork still has unread entries may go on: the branch that failed it is read to its end. */
function isReleased({ head, children }: Reader): boolean {
  if (head?.event.kind !== "branchFailed") return false;
  const failed = children[head.event.index];
  const others = children
    .map((child) => earliest(child))
    .filter((next) => next?.head !== undefined && next.head.time <= head.time);
  return failed !== undefined && earliest(failed) === undefined && others.length === 0;
}

function causeOf({ branch, parent, fork }: Reader, { cause }: HistoryEvent): string | undefined {
  switch (cause.in) {
    case "branch":
      return cause.id === 0 ? undefined : `${branch}:${cause.id}`;
    case "parent":
      return parent && `${parent.branch}:${cause.id}`;
    case "child":
      return `${childBranch(branch, fork, cause.index)}:last`;
    default:
      return cause satisfies never;
  }
}
