/** All that a store holds of its executions, read in one turn: what the invariants are checked on. */

import { entryKey } from "../../../lib/local/store/journal/entry-key.ts";
import { headerKey } from "../../../lib/local/store/journal/execution-rows.ts";
import { type Key, keyText } from "../../../lib/local/store/keys.ts";
import type { ReadStore } from "../../../lib/local/store/read-store.ts";
import type { Message } from "../../../lib/runtime/message.ts";
import { decode } from "../../../lib/runtime/message.ts";
import type { Entry, Header, JoinItem, OutputItem, VerdictItem } from "../../../lib/runtime/ports/journal.ts";

export interface Violation {
  /** Flow and name, or the start id of what belongs to none; "": of the store itself. */
  readonly execution: string;
  readonly branch: string;
  /** Absent: it is not about one entry. */
  readonly seq?: number;
  readonly text: string;
}

/** An execution with all that was written under its start id. */
export interface Execution {
  readonly header: Header;
  readonly input: boolean;
  readonly output: boolean;
  /** Entries by branch, in the order of seq. */
  readonly branches: ReadonlyMap<string, readonly Entry[]>;
  /** By `at`. */
  readonly verdicts: ReadonlyMap<string, VerdictItem>;
  readonly joins: ReadonlyMap<string, JoinItem>;
  readonly outputs: ReadonlyMap<string, readonly OutputItem[]>;
  /** Of the queue, and those that timers will put there. */
  readonly messages: readonly Exclude<Message, { readonly kind: "probe" }>[];
}

export interface Records {
  /** By start id. */
  readonly executions: ReadonlyMap<string, Execution>;
  /** Of rows that stand where they do not belong, or cannot be read. */
  readonly violations: readonly Violation[];
}

/** Names an entry within its execution, and what hangs on it. */
export function at(branch: string, seq: number): string {
  return placeOf(["", keyText(branch), seq]);
}

/** How a violation names an execution. */
export function nameOf({ flow, ref }: Header): string {
  return `${flow}/${ref.name}`;
}

type Building = {
  header: Header;
  input: boolean;
  output: boolean;
  branches: Map<string, Entry[]>;
  verdicts: Map<string, VerdictItem>;
  joins: Map<string, JoinItem>;
  outputs: Map<string, OutputItem[]>;
  messages: Exclude<Message, { readonly kind: "probe" }>[];
};

/** Reads the store. What was written under a start id that no header has is left out: a start that lost the race for its name. */
export function readRecords({ tables }: ReadStore): Records {
  const violations: Violation[] = [];
  const executions = new Map<string, Building>();
  /** By the start id as it stands in keys. */
  const byKey = new Map<unknown, Building>();
  const misplaced = (table: string, key: Key) =>
    violations.push({
      execution: "",
      branch: "",
      text: `row ${JSON.stringify(key)} of ${table} holds another's value`,
    });

  for (const { key, value: header } of tables.headers.rows({})) {
    if (!same(key, headerKey(header.ref))) misplaced("headers", key);
    const execution: Building = {
      header,
      input: tables.data.get([keyText(header.startId), "input"]) !== undefined,
      output: tables.data.get([keyText(header.startId), "output"]) !== undefined,
      branches: new Map(),
      verdicts: new Map(),
      joins: new Map(),
      outputs: new Map(),
      messages: [],
    };
    executions.set(header.startId, execution);
    byKey.set(keyText(header.startId), execution);
  }
  for (const { key, value: entry } of tables.entries.rows({})) {
    if (!same(key, entryKey(entry))) misplaced("entries", key);
    else push(executions.get(entry.startId)?.branches, entry.branch, entry);
  }
  for (const { key, value } of tables.verdicts.rows({})) byKey.get(key[0])?.verdicts.set(placeOf(key), value);
  for (const { key, value } of tables.joins.rows({})) {
    byKey.get(key[0])?.joins.set(placeOf(key), { ...value, done: new Set(value.done) });
  }
  for (const { key, value } of tables.outputs.rows({})) {
    if (key[3] !== value.index || key[4] !== value.chunk) misplaced("outputs", key);
    else push(byKey.get(key[0])?.outputs, placeOf(key), value);
  }
  for (const body of bodies(tables, violations)) {
    const message = readMessage(body, violations);
    if (message !== undefined && message.kind !== "probe") executions.get(message.startId)?.messages.push(message);
  }
  return { executions, violations };
}

/** Texts of the queue and of the timers. */
function* bodies({ messages, messageMarks, timers }: ReadStore["tables"], violations: Violation[]): Generator<string> {
  const odd = (key: Key, what: string) =>
    violations.push({ execution: "", branch: "", text: `message ${JSON.stringify(key)} ${what}` });
  for (const { key, value } of messages.rows({})) {
    if (messageMarks.get(key) === undefined) odd(key, "has no mark: nobody will receive it");
    else yield value;
  }
  for (const key of messageMarks.keys({})) if (messages.get(key) === undefined) odd(key, "has a mark and no body");
  for (const { value } of timers.rows({})) yield value.body;
}

function readMessage(body: string, violations: Violation[]): Message | undefined {
  try {
    return decode(body);
  } catch (error) {
    violations.push({ execution: "", branch: "", text: `a message cannot be read: ${String(error)}` });
    return undefined;
  }
}

/** Branch and seq in the key of a row. */
function placeOf([, branch, seq]: Key): string {
  return `${branch} ${seq}`;
}

function same(one: Key, other: Key): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function push<T>(lists: Map<string, T[]> | undefined, key: string, item: T): void {
  const list = lists?.get(key);
  if (list === undefined) lists?.set(key, [item]);
  else list.push(item);
}
