/** What must hold of the entries of each branch: by the journal alone, without the core. */
import type { Event } from "../../../lib/engine/index.ts";
import { forkOf, ROOT } from "../../../lib/runtime/branch.ts";
import type { Entry } from "../../../lib/runtime/ports/journal.ts";
import type { Facts } from "./facts.ts";
import { at, nameOf, type Violation } from "./records.ts";

/** Events that may follow an effect; none after a closing one. */
const FOLLOWS: { readonly [effect: string]: readonly Event["kind"][] } = {
  invoke: ["taskSucceeded", "taskFailed"],
  submit: ["submitted", "taskFailed"],
  awaitVerdict: ["reported"],
  timer: ["elapsed"],
  fork: ["joined", "branchFailed"],
  continue: ["continued"],
  branchDone: [],
  branchFailed: [],
  succeeded: [],
  failed: [],
};
const SUSPENDED: readonly string[] = ["awaitVerdict", "timer", "fork"];

/** True for an effect after which nothing comes. */
export function isClosing(effect: string): boolean {
  return FOLLOWS[effect]?.length === 0;
}

export function* checkEntries(facts: Facts): Generator<Violation> {
  for (const [branch, entries] of facts.branches) {
    const wrong = (seq: number, text: string): Violation => ({ execution: nameOf(facts.header), branch, seq, text });
    if (!isForked(facts, branch)) yield wrong(0, "its branch hangs on no fork");
    let before: Entry | undefined;
    for (const entry of entries) {
      for (const text of [...ownFaults(entry), ...orderFaults(facts, entry, before)]) yield wrong(entry.seq, text);
      before = entry;
    }
  }
}

function isForked({ branches, widths }: Facts, branch: string): boolean {
  const up = forkOf("", branch);
  if (up === undefined) return true;
  const { fork, index } = up;
  const entry = branches.get(fork.branch)?.find(({ seq }) => seq === fork.seq);
  return entry?.effect === "fork" && index < (widths.get(at(fork.branch, fork.seq)) ?? 0);
}

function* ownFaults({ seq, anchor, effect, snapshot, lease }: Entry): Generator<string> {
  if (anchor > seq) yield `its anchor ${anchor} is a later message`;
  if (FOLLOWS[effect] === undefined) yield `"${effect}" is no effect`;
  const suspended = SUSPENDED.includes(effect);
  if (suspended && snapshot === undefined) yield `it suspends its branch (${effect}) without a snapshot`;
  if (suspended && lease !== undefined) yield `it suspends its branch (${effect}) and holds a lease`;
  if (!suspended && lease === undefined) yield `its effect "${effect}" has no lease`;
}

function* orderFaults({ events }: Facts, entry: Entry, before: Entry | undefined): Generator<string> {
  const { branch, seq, anchor } = entry;
  const expected = before === undefined ? 0 : before.seq + 1;
  if (seq !== expected) yield `it comes where entry ${expected} should`;
  if (before !== undefined && anchor < before.anchor) {
    yield `its anchor ${anchor} is earlier than the ${before.anchor} of the entry before`;
  }
  if (before !== undefined && entry.at < before.at) yield "its time is earlier than that of the entry before";
  const event = events.get(at(branch, seq));
  if (event === undefined) return;
  const first = branch === ROOT ? "started" : "branchStarted";
  const fitting = before === undefined ? [first] : FOLLOWS[before.effect];
  if (fitting?.length === 0) yield `it follows the closing effect "${before?.effect}"`;
  else if (fitting?.includes(event.kind) === false) {
    yield `its event "${event.kind}" does not follow ${before === undefined ? "the start" : `"${before.effect}"`}`;
  }
}
