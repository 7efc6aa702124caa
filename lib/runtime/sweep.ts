/**
 * The sweeper (architecture §6): sends again what is missing after a message was lost altogether. It acts on evidence only, and
 * only on evidence older than the queue's backlog, which it measures with a probe, and five minutes more; so while nothing is
 * lost it is quiet.
 */
import type { Event } from "../engine/index.ts";
import type { JsonObject } from "../fdl/json.ts";
import { forkOf, ROOT } from "./branch.ts";
import { LOST } from "./call.ts";
import { isOrphan, PARENT_ENDED, TIMED_OUT } from "./deadline.ts";
import type { Address } from "./message.ts";
import type { Entry, Header } from "./ports/journal.ts";
import { reportEnd } from "./report.ts";
import type { Runtime } from "./runtime.ts";
import { send } from "./send.ts";
import { sendStart } from "./start.ts";
import { addressOf, endFromOutside } from "./stop.ts";
import { apply, beginning, entryKey, handOn, rebuild } from "./strand.ts";
import { liveTips, type Tip } from "./tips.ts";
import { mintToken } from "./token.ts";

/** Evidence must be this much older than the backlog, ms. */
const GRACE_MS = 5 * 60_000;

export interface Sweep {
  /** Running executions looked at. */
  readonly executions: number;
  /** What was sent again, by rule. */
  readonly sent: Readonly<Record<string, number>>;
  /** Where to go on; absent: all were looked at. */
  readonly cursor?: string;
}

/** Looks at one page of running executions. `pause` (ms) between executions limits its rate. */
export async function sweep(
  runtime: Runtime,
  options: { readonly cursor?: string; readonly pauseMs?: number } = {},
): Promise<Sweep> {
  const { journal, clock } = runtime.ports;
  const backlog = await probe(runtime);
  const before = clock.now() - backlog - GRACE_MS;
  const page = await journal.listRunning(options.cursor);
  const sent: Record<string, number> = {};
  for (const listed of page.items) {
    const header = await journal.readHeader(listed.ref); // the list may lag behind
    if (header?.status === "Running" && !header.parked) {
      for await (const rule of sweepExecution(runtime, header, before)) sent[rule] = (sent[rule] ?? 0) + 1;
    }
    if (options.pauseMs) await clock.sleep(options.pauseMs);
  }
  return { executions: page.items.length, sent, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
}

/** How long a message takes through the queue, ms, by the last probe; an unanswered one is as old as it is. Sends the next. */
async function probe(runtime: Runtime): Promise<number> {
  const { journal, clock, ids } = runtime.ports;
  const now = clock.now();
  const last = await journal.readProbe();
  if (last !== undefined && last.arrivedAt === undefined) {
    const waiting = now - last.sentAt;
    if (waiting < GRACE_MS) return waiting; // it is still on its way
  }
  const next = { id: ids.next(), sentAt: now };
  await journal.putProbe(next);
  await send(runtime, { kind: "probe", id: next.id });
  if (last === undefined) return 0;
  return (last.arrivedAt ?? now) - last.sentAt;
}

/** Sends what is missing of one execution whose evidence is older than `before`; yields the rule of each. */
export async function* sweepExecution(runtime: Runtime, header: Header, before: number): AsyncGenerator<string> {
  const address = addressOf(header);
  if (header.deadline < before) {
    await endFromOutside(runtime, header, TIMED_OUT);
    yield "deadline passed";
    return;
  }
  // The message of its parent's end was lost, whose handler stops the children.
  if (header.startedAt < before && (await isOrphan(runtime, header))) {
    await endFromOutside(runtime, header, PARENT_ENDED);
    yield "parent ended";
    return;
  }
  for await (const tip of liveTips(runtime, address)) {
    const rule = await sweepTip(runtime, address, header, tip, before);
    if (rule !== undefined) yield rule;
  }
}

async function sweepTip(
  runtime: Runtime,
  address: Address,
  header: Header,
  tip: Tip,
  before: number,
): Promise<string | undefined> {
  if (tip.entry === undefined) return sweepStart(runtime, address, header, tip.branch, before);
  if (tip.fork) return sweepFork(runtime, address, tip.entry, tip.fork, before);
  switch (tip.entry.effect) {
    case "awaitVerdict":
      return sweepVerdict(runtime, address, tip.entry, before);
    case "timer":
      return sweepTimer(runtime, address, tip.entry, before);
    default:
      return sweepLease(runtime, address, tip.entry, before);
  }
}

/** A running header, or a fork's branch, without entry 0. */
async function sweepStart(
  runtime: Runtime,
  address: Address,
  header: Header,
  branch: string,
  before: number,
): Promise<string | undefined> {
  const { journal } = runtime.ports;
  if (branch === ROOT) {
    if (header.startedAt >= before) return undefined;
    const { input } = await journal.readData(header.ref, header.startId);
    if (input === undefined) return undefined;
    await sendStart(runtime, header, await runtime.claims.unpack<JsonObject>(input));
    return "no entry 0";
  }
  const up = forkOf(address.startId, branch);
  const fork = up && (await journal.readEntry(up.fork));
  if (fork === undefined || fork.at >= before) return undefined;
  const flow = await runtime.definitions.load(address.ref.flowId, address.revision);
  const state = await beginning(runtime, address, flow, branch);
  await handOn(runtime, { address, flow, branch, seq: 0, state, event: { kind: "branchStarted", at: fork.at } });
  return "branch without entry 0";
}

async function sweepFork(
  runtime: Runtime,
  address: Address,
  entry: Entry,
  { width, join }: NonNullable<Tip["fork"]>,
  before: number,
): Promise<string | undefined> {
  if (join === undefined || (join.failure === undefined && join.done.size < width)) return undefined;
  if ((join.failure?.at ?? (await lastEnd(runtime, entry))) >= before) return undefined;
  await send(runtime, { kind: "join", ...address, branch: entry.branch, seq: entry.seq });
  return join.failure ? "join failed" : "join complete";
}

async function lastEnd(runtime: Runtime, fork: Entry): Promise<number> {
  const outputs = await runtime.ports.journal.readOutputs(fork);
  return Math.max(...outputs.map((output) => output.last?.at ?? 0));
}

/** A verdict without successor, a child that ended without telling, an attempt past its time. */
async function sweepVerdict(
  runtime: Runtime,
  address: Address,
  entry: Entry,
  before: number,
): Promise<string | undefined> {
  const { journal, ids } = runtime.ports;
  const attempt = entryKey(address, entry.branch, entry.seq - 1);
  const item = await journal.readVerdict(attempt);
  const target = { ...address, branch: entry.branch, seq: attempt.seq };
  if (item?.outcome !== undefined) {
    if ((item.at ?? 0) >= before) return undefined;
    await send(runtime, {
      kind: "wake",
      ...target,
      event: item.outcome,
      reportId: item.reportId ?? "",
      at: item.at ?? 0,
    });
    return "verdict without successor";
  }
  const submit = await journal.readEntry(attempt);
  if (submit?.child) {
    const flow = await journal.readFlow(submit.child.flow);
    const child = flow && (await journal.readHeader({ flowId: flow.flowId, name: submit.child.name }));
    if (
      child?.endedAt !== undefined &&
      child.endedAt < before &&
      child.parentToken === mintToken(runtime.ports.keys, target)
    ) {
      await reportEnd(runtime, child);
      return "child ended without report";
    }
  }
  const due = item?.due ?? entry.due;
  if (due === undefined || due >= before) return undefined;
  await send(runtime, { kind: "due", ...target, reportId: ids.next() });
  return "attempt past its time";
}

async function sweepTimer(
  runtime: Runtime,
  address: Address,
  entry: Entry,
  before: number,
): Promise<string | undefined> {
  if (entry.due === undefined || entry.due >= before) return undefined;
  await handOnNext(runtime, address, entry, { kind: "elapsed", at: entry.due });
  return "timer past its time";
}

/** A lease over without successor: the tip's own message. That may run a task again. */
async function sweepLease(
  runtime: Runtime,
  address: Address,
  entry: Entry,
  before: number,
): Promise<string | undefined> {
  if (entry.lease === undefined || entry.lease.until >= before) return undefined;
  if (entry.settled) {
    const cause = "The message with the outcome of this attempt was lost; whether the task was executed is not known.";
    const lost: Event = { kind: "taskFailed", at: runtime.ports.clock.now(), error: LOST, cause };
    await handOnNext(runtime, address, entry, lost);
    return "settled without successor";
  }
  await handOn(runtime, await rebuild(runtime, address, entry));
  return "lease over without successor";
}

/** Sends the message that follows an entry, with the given event. */
async function handOnNext(runtime: Runtime, address: Address, entry: Entry, event: Event): Promise<void> {
  const strand = await rebuild(runtime, address, entry);
  await handOn(runtime, { ...strand, seq: entry.seq + 1, state: apply(runtime, strand).state, event });
}
