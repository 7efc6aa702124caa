/** Ways to spoil the store of good-store.ts, and what the checker says of each. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { entryKey } from "../../lib/local/store/journal/entry-key.ts";
import { putHeaderRows } from "../../lib/local/store/journal/execution-rows.ts";
import { keyText } from "../../lib/local/store/keys.ts";
import type { Tables } from "../../lib/local/store/tables.ts";
import { decode } from "../../lib/runtime/message.ts";
import type { Entry, Header, Packed } from "../../lib/runtime/ports/journal.ts";
import type { Name } from "./good-store.ts";

/** Spoils a store; `directory` is where it stands. */
export type Spoil = (tables: Tables, directory: string) => void;

function header({ headers }: Tables, name: Name): Header {
  for (const { value } of headers.rows({})) if (value.flow === name && value.ref.name === name) return value;
  throw new Error(`no execution ${name}`);
}

function entry(tables: Tables, name: Name, branch: string, seq: number): Entry {
  const found = tables.entries.get(entryKey({ startId: header(tables, name).startId, branch, seq }));
  if (found === undefined) throw new Error(`${name} has no entry ${branch}#${seq}`);
  return found;
}

function change(tables: Tables, name: Name, branch: string, seq: number, by: (entry: Entry) => Entry): void {
  const before = entry(tables, name, branch, seq);
  tables.entries.put(entryKey(before), by(before));
}

function without<K extends keyof Entry>(one: Entry, key: K): Entry {
  const { [key]: _, ...rest } = one;
  return rest as Entry;
}

function putHeader(tables: Tables, name: Name, by: Partial<Header>): void {
  const before = header(tables, name);
  putHeaderRows(tables, { ...before, ...by }, before);
}

/** Takes away the messages and timers of an execution that `wanted` says. */
function silence(tables: Tables, name: Name, wanted: (kind: string) => boolean = () => true): void {
  const { startId } = header(tables, name);
  const isOf = (body: string) => {
    const message = decode(body);
    return message.kind !== "probe" && message.startId === startId && wanted(message.kind);
  };
  for (const { key, value } of [...tables.messages.rows({})]) {
    if (!isOf(value)) continue;
    tables.messages.remove(key);
    tables.messageMarks.remove(key);
  }
  for (const { key, value } of [...tables.timers.rows({})]) if (isOf(value.body)) tables.timers.remove(key);
}

function packed(value: object): Packed {
  return JSON.stringify(value) as Packed;
}

const at = (tables: Tables, name: Name, branch: string, seq: number) =>
  entryKey({ startId: header(tables, name).startId, branch, seq });

/** What is wrong then, how it comes about, and what is said of it. */
export const SPOILED: readonly (readonly [what: string, spoil: Spoil, said: string])[] = [
  // -- entries
  [
    "an entry is missing",
    (t) => t.entries.remove(at(t, "chain", "", 1)),
    "chain/chain root#2: it comes where entry 1 should",
  ],
  [
    "an entry stands under another's key",
    (t) => t.entries.put(at(t, "chain", "", 9), entry(t, "chain", "", 2)),
    "of entries holds another's value",
  ],
  [
    "an anchor is later than its entry",
    (t) => change(t, "chain", "", 1, (e) => ({ ...e, anchor: 2 })),
    "chain/chain root#1: its anchor 2 is a later message",
  ],
  [
    "an anchor is earlier than the one before",
    (t) => change(t, "chain", "", 3, (e) => ({ ...e, anchor: 0 })),
    "chain/chain root#3: its anchor 0 is earlier than",
  ],
  [
    "an entry is earlier than the one before",
    (t) => change(t, "chain", "", 1, (e) => ({ ...e, at: 1 })),
    "chain/chain root#1: its time is earlier",
  ],
  [
    "an event does not fit the effect before",
    (t) => change(t, "chain", "", 1, (e) => ({ ...e, event: packed({ kind: "elapsed", at: e.at }) })),
    `chain/chain root#1: its event "elapsed" does not follow "invoke"`,
  ],
  [
    "a branch does not begin with its start",
    (t) => change(t, "chain", "", 0, (e) => ({ ...e, event: packed({ kind: "continued", at: e.at }) })),
    `chain/chain root#0: its event "continued" does not follow the start`,
  ],
  [
    "an entry follows a closing one",
    (t) => t.entries.put(at(t, "failing", "", 2), { ...entry(t, "failing", "", 1), seq: 2 }),
    `failing/failing root#2: it follows the closing effect "failed"`,
  ],
  [
    "an effect is unknown",
    (t) => change(t, "chain", "", 0, (e) => ({ ...e, effect: "dance" })),
    `"dance" is no effect`,
  ],
  [
    "what a task needs is not leased",
    (t) => change(t, "running", "", 0, (e) => without(e, "lease")),
    `its effect "invoke" has no lease`,
  ],
  [
    "what waits has no snapshot",
    (t) => change(t, "napping", "", 0, (e) => without(e, "snapshot")),
    "it suspends its branch (timer) without a snapshot",
  ],
  [
    "what waits holds a lease",
    (t) => change(t, "napping", "", 0, (e) => ({ ...e, lease: { owner: "x", until: 0 } })),
    "it suspends its branch (timer) and holds a lease",
  ],
  [
    "a branch hangs on no fork",
    (t) =>
      t.entries.put(at(t, "chain", "0.0", 0), {
        ...entry(t, "joined", "0.0", 0),
        startId: header(t, "chain").startId,
      }),
    "chain/chain 0.0#0: its branch hangs on no fork",
  ],
  // -- what branches were told
  [
    "a verdict is another",
    (t) => t.verdicts.put(at(t, "reported", "", 0), { outcome: packed({ kind: "timedOut" }), reportId: "x", at: 1 }),
    "reported/reported root#2: it reports another outcome than the verdict",
  ],
  [
    "a verdict is missing",
    (t) => t.verdicts.remove(at(t, "reported", "", 0)),
    "reported/reported root#2: it reports an attempt without a verdict",
  ],
  ["a verdict is of no attempt", (t) => t.verdicts.put(at(t, "chain", "", 0), { due: 1 }), `which is no "submit"`],
  [
    "a join has lost a branch",
    (t) => t.joins.put(at(t, "joined", "", 0), { done: [1] }),
    "joined/joined root#1: it joins a fork whose branches are not all done",
  ],
  [
    "a join has a branch that is not done",
    (t) => t.entries.remove(at(t, "joined", "0.1", 1)),
    `joined/joined root#0: its join has branch 1, whose last entry is not "branchDone"`,
  ],
  [
    "a join has a branch that never was",
    (t) => t.joins.put(at(t, "forked", "", 0), { done: [0, 2] }),
    "forked/forked root#0: its join has branch 2 of 2",
  ],
  ["a join is of no fork", (t) => t.joins.put(at(t, "chain", "", 0), { done: [] }), "there is a join at"],
  [
    "a failure is another's",
    (t) => t.joins.put(at(t, "caught", "", 0), { done: [], failure: { index: 0, error: "E", cause: "", at: 1 } }),
    "caught/caught root#1: it tells of a failure that is not its fork's",
  ],
  [
    "a failed branch did not fail",
    (t) => t.entries.remove(at(t, "caught", "0.1", 1)),
    `its join has the failure of branch 1, whose last entry is not "branchFailed"`,
  ],
  [
    "an output is missing",
    (t) => t.outputs.remove([...at(t, "joined", "", 0), 1, 0]),
    "its join has branch 1, whose output is not whole",
  ],
  // -- headers
  [
    "the input is missing",
    (t) => t.data.remove([keyText(header(t, "chain").startId), "input"]),
    "chain/chain root#3: its input is not there",
  ],
  [
    "the output is missing",
    (t) => t.data.remove([keyText(header(t, "chain").startId), "output"]),
    "it succeeded and its output is not there",
  ],
  [
    "a header says that it failed, the root that it succeeded",
    (t) => putHeader(t, "chain", { status: "Failed" }),
    `it is Failed, its root ends with "succeeded"`,
  ],
  [
    "a header says that it succeeded, the root goes on",
    (t) => putHeader(t, "running", { status: "Succeeded", endedAt: Date.now() }),
    `it is Succeeded, its root ends with "invoke"`,
  ],
  [
    "an end has no time",
    (t) => {
      const { endedAt: _, ...rest } = header(t, "chain");
      putHeaderRows(t, rest, header(t, "chain"));
    },
    "it is Succeeded, and ended at undefined",
  ],
  [
    "a list lacks a header",
    (t) =>
      t.running.remove([header(t, "asking").startedAt, keyText(header(t, "asking").ref.flowId), keyText("asking")]),
    `the list "running" has not`,
  ],
  ["a list has what is gone", (t) => t.ended.put([1, "=flow", "=name"], 1), "which is no execution's"],
  [
    "a start id leads nowhere",
    (t) => t.starts.remove([keyText(header(t, "asking").startId)]),
    "its start id does not lead to it",
  ],
  // -- what is to go on
  [
    "an execution has neither entry 0 nor its message",
    (t) => {
      t.entries.remove(at(t, "running", "", 0));
      silence(t, "running");
    },
    "running/running root: it has neither entry 0 nor its message",
  ],
  [
    "the message of a running task is lost",
    (t) => silence(t, "running", (kind) => kind === "advance"),
    `running/running root#0: nothing goes on with its "invoke"`,
  ],
  [
    "the message of a time-out is lost",
    (t) => {
      silence(t, "running");
    },
    "running/running root: it has a time-out that nothing will bring about",
  ],
  ["a far timer is lost", (t) => silence(t, "napping"), `napping/napping root#0: nothing goes on with its "timer"`],
  ["a delayed message is lost", (t) => silence(t, "short"), `short/short root#0: nothing goes on with its "timer"`],
  [
    "a callback's time-out is lost",
    (t) => silence(t, "asking"),
    "asking/asking root#1: its attempt has a time-out that nothing will bring about",
  ],
  [
    "nobody tells of a verdict",
    (t) => t.verdicts.put(at(t, "asking", "", 0), { outcome: packed({ kind: "timedOut" }), reportId: "x", at: 1 }),
    "asking/asking root#1: its verdict was given and nothing tells it",
  ],
  [
    "a sub-flow is gone",
    (t) => {
      const child = [...t.headers.rows({})].find(
        ({ value }) => value.flow === "napping" && value.ref.name !== "napping",
      );
      if (child !== undefined) t.headers.remove(child.key);
    },
    "parent/parent root#1: its sub-flow napping/",
  ],
  [
    "nobody tells of a sub-flow's end",
    (t) => {
      const child = [...t.headers.rows({})].find(
        ({ value }) => value.flow === "napping" && value.ref.name !== "napping",
      );
      if (child === undefined) return;
      putHeaderRows(t, { ...child.value, status: "Stopped", endedAt: Date.now() }, child.value);
      for (const { key, value } of [...t.timers.rows({})])
        if (value.body.includes(child.value.startId)) t.timers.remove(key);
    },
    "has ended and nothing tells it",
  ],
  [
    "nobody tells of a complete fork",
    (t) => {
      for (const seq of [1, 2]) t.entries.remove(at(t, "joined", "", seq));
      const { endedAt: _, ...rest } = header(t, "joined");
      putHeaderRows(t, { ...rest, status: "Running" }, header(t, "joined"));
    },
    "joined/joined root#0: its fork is complete and nothing tells it",
  ],
  [
    "nobody tells of a failed fork",
    (t) => {
      for (const seq of [1, 2]) t.entries.remove(at(t, "caught", "", seq));
      const { endedAt: _, ...rest } = header(t, "caught");
      putHeaderRows(t, { ...rest, status: "Running" }, header(t, "caught"));
    },
    "caught/caught root#0: its fork has failed and nothing tells it",
  ],
  [
    "a branch was not started",
    (t) => {
      t.entries.remove(at(t, "forked", "0.1", 0));
      silence(t, "forked");
    },
    "forked/forked 0.1: it has neither entry 0 nor its message",
  ],
  ["a branch's message is lost", (t) => silence(t, "forked"), `forked/forked 0.1#0: nothing goes on with its "invoke"`],
  [
    "an end was not written to the header",
    (t) => {
      const { endedAt: _, ...rest } = header(t, "chain");
      putHeaderRows(t, { ...rest, status: "Running" }, header(t, "chain"));
    },
    "chain/chain root#3: its closing effect is not done and nothing will do it",
  ],
  [
    "a message is none",
    (t) => {
      t.messages.put([9999], "no message");
      t.messageMarks.put([9999], { due: 0, alone: false, receiveCount: 0 });
    },
    "a message cannot be read",
  ],
  ["a message has no mark", (t) => t.messages.put([9999], "{}"), "has no mark"],
  [
    "a mark has no message",
    (t) => t.messageMarks.put([9999], { due: 0, alone: false, receiveCount: 0 }),
    "has a mark and no body",
  ],
  // -- what the core makes of it
  [
    "an effect is not what the core says",
    (t) => change(t, "chain", "", 0, (e) => ({ ...e, effect: "submit" })),
    "chain/chain root#0: it says (submit, ",
  ],
  [
    "a count of events is not what the core says",
    (t) => change(t, "chain", "", 2, (e) => ({ ...e, events: e.events + 1 })),
    "chain/chain root#2: it says (invoke, ",
  ],
  [
    "a snapshot is another state",
    (t) =>
      change(t, "napping", "", 0, (e) => ({ ...e, snapshot: packed({ ...JSON.parse(e.snapshot ?? ""), time: 1 }) })),
    "napping/napping root#0: its snapshot is not the state",
  ],
  [
    "a large value is gone",
    (_t, directory) => rmSync(join(directory, "blobs"), { recursive: true }),
    "bulky/bulky root#1: its event cannot be read",
  ],
  [
    "a definition is gone",
    (t) => t.revisions.remove([keyText(header(t, "chain").ref.flowId), 1]),
    "chain/chain root#0: the definition cannot be read",
  ],
  [
    "the history ends at another time than the header",
    (t) => putHeader(t, "chain", { endedAt: (header(t, "chain").endedAt ?? 0) + 5 }),
    "its history: it ends at",
  ],
];
