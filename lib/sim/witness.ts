/**
 * What a witness at the ports remembers, and whom it accuses. It sees every effect as it happens and holds it against what
 * must always be true, whatever crashed (architecture §3 to §6); what can only be judged at the end it remembers.
 */
import { decode, type Message } from "../runtime/message.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { Entry, EntryKey, Header, Packed } from "../runtime/ports/journal.ts";

/** One who calls the ports: a delivery in a worker's hands, or an operation of the API. */
export interface Caller {
  readonly name: string;
  readonly clock: Pick<Clock, "now">;
  /** Of a worker: the delivery that it works on. */
  readonly delivery: { readonly id: string; readonly body: string; readonly message: Message | undefined } | undefined;
  /** What it read last of its execution's header, and of the forks above its branch. */
  header: Header | undefined;
  dead: boolean;
  /** When the extension of its lease was refused (ms): another worker owns the entry, and it may do nothing more after that. */
  refusedAt: number;
  /** Headers that there were when it began: the first so many of the witness's. */
  headersKnown: number;
  /** The attempt that it took over although the outcome was there, by `keyText`. */
  superseded: string | undefined;
  /** When it sent something last (ms): its own message may go then, the next one is there. */
  sentAt: number;
}

/** The calls of one attempt. */
export interface AttemptCalls {
  readonly step: string;
  /** The delivery that made each. */
  readonly owners: readonly string[];
  /** How many of them were made while another one still ran. */
  readonly overlaps: number;
}

export interface Witness {
  /** Tells that something happened that must never happen. */
  accuse(caller: Pick<Caller, "name">, what: string): void;
  readonly violations: readonly string[];
  /** The message of a text; undefined: it is none. */
  read(body: string): Message | undefined;
  /** Entries as they are now, by `keyText`. */
  readonly entries: Map<string, Entry>;
  /** Verdicts by the `keyText` of their attempt. */
  readonly verdicts: Map<string, { readonly outcome: Packed; readonly reportId: string; readonly at: number }>;
  /** Headers as they are now, by start id. */
  readonly headers: Map<string, Header>;
  /** Start ids whose output was stored. */
  readonly results: Set<string>;
  /** Task tokens that were handed out, in that order. */
  readonly tokens: Set<string>;
  /** Forks that have failed, by `keyText`. */
  readonly failures: Set<string>;
  /** By attempt id. */
  readonly calls: Map<string, AttemptCalls>;
  /** Calls that run now, by attempt id. */
  readonly running: Map<string, number>;
  /** Due times that heartbeats moved attempts to, by `keyText`. */
  readonly moved: Map<string, Set<number>>;
  /** Names of callers that were frozen in the very call of a task: they wake after their lease is over and make it all the same. Nobody can keep them from that. */
  readonly excused: Set<string>;
  /** How long what was begun before something was known may go on after it, ms: a few calls on their way. */
  readonly wayMs: number;
}

/** A witness that has seen nothing yet. */
export function newWitness(log: (line: string) => void, wayMs = 0): Witness {
  const violations: string[] = [];
  return {
    accuse({ name }, what) {
      violations.push(`${name}: ${what}`);
      log(`VIOLATION by ${name}: ${what}`);
    },
    violations,
    read: messageReader(),
    entries: new Map(),
    verdicts: new Map(),
    headers: new Map(),
    results: new Set(),
    tokens: new Set(),
    failures: new Set(),
    calls: new Map(),
    running: new Map(),
    moved: new Map(),
    excused: new Set(),
    wayMs,
  };
}

/** Messages that are remembered: the next ones to be delivered are among them. */
const REMEMBERED = 1_000;

/** Reads messages, each text once: a message is seen when it is sent and again whenever it is delivered. */
function messageReader(): Witness["read"] {
  const known = new Map<string, Message | undefined>();
  return (body) => {
    if (known.has(body)) return known.get(body);
    const message = messageOf(body);
    if (known.size === REMEMBERED) known.clear();
    known.set(body, message);
    return message;
  };
}

function messageOf(body: string): Message | undefined {
  try {
    return decode(body);
  } catch {
    return undefined;
  }
}

/** True while an execution has not ended. */
export function isRunning({ headers }: Pick<Witness, "headers">): boolean {
  return [...headers.values()].some(({ status }) => status === "Running");
}

/** An entry's key as text; also the id of the attempt that the entry makes. */
export function keyText({ startId, branch, seq }: EntryKey): string {
  return `${startId}:${branch}:${seq}`;
}

/** A caller that has done nothing yet. */
export function newCaller(name: string, clock: Caller["clock"], delivery?: Caller["delivery"]): Caller {
  return {
    name,
    clock,
    delivery,
    header: undefined,
    dead: false,
    refusedAt: Number.POSITIVE_INFINITY,
    headersKnown: 0,
    superseded: undefined,
    sentAt: Number.NEGATIVE_INFINITY,
  };
}

/** Accuses a caller who goes on although its lease was lost. What happens in the same moment, or was on its way, it began before it knew. */
export function mayAct(witness: Witness, caller: Caller, what: string): void {
  if (caller.clock.now() > caller.refusedAt + witness.wayMs)
    witness.accuse(caller, `${what} after the extension of its lease was refused`);
}

/** Accuses a caller who begins something new for an execution that it read to be over, another one, or a dead branch. */
export function mayBegin(witness: Witness, caller: Caller, what: string): void {
  mayAct(witness, caller, what);
  const { header, dead, delivery } = caller;
  if (delivery?.message === undefined || delivery.message.kind === "probe") return;
  if (dead) witness.accuse(caller, `${what} for a branch that it read to be dead`);
  if (header === undefined) return;
  if (header.startId !== delivery.message.startId)
    witness.accuse(caller, `${what} for another execution than the header's`);
  else if (header.status !== "Running")
    witness.accuse(caller, `${what} although it read the header to be ${header.status}`);
}
