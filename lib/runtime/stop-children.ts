/** Ending the `sync` sub-flows of an execution, or of the dead branches of a fork: nobody waits for them any more (architecture §6). */
import type { Flow } from "../fdl/definition.ts";
import { stepsWithin } from "../fdl/nested-lists.ts";
import { PARENT_ENDED } from "./deadline.ts";
import type { Address } from "./message.ts";
import type { ChildRef, Entry, EntryKey } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import { endFromOutside } from "./stop.ts";
import { entryKey } from "./strand.ts";
import { forkTips, liveTips, type Tip } from "./tips.ts";
import { mintToken } from "./token.ts";

/** Stops the running `sync` children of all live branches. */
export async function stopChildren(runtime: Runtime, address: Address): Promise<void> {
  if (await hasSyncChildren(runtime, address)) await stopEach(runtime, address, liveTips(runtime, address));
}

/** Stops the running `sync` children of the branches of a fork that failed. */
export async function stopChildrenOfFork(runtime: Runtime, address: Address, fork: EntryKey): Promise<void> {
  if (await hasSyncChildren(runtime, address)) await stopEach(runtime, address, forkTips(runtime, address, fork));
}

/** Stops the running `sync` child of an attempt that timed out or was lost: nobody waits for it any more, and a retry starts another. */
export async function stopChildOfAttempt(
  runtime: Runtime,
  address: Address,
  attempt: Omit<EntryKey, "startId">,
): Promise<void> {
  if (!(await hasSyncChildren(runtime, address))) return;
  const submit = await runtime.ports.journal.readEntry(entryKey(address, attempt.branch, attempt.seq));
  if (submit?.child) await stopChild(runtime, address, submit, submit.child);
}

async function stopEach(runtime: Runtime, address: Address, tips: AsyncIterable<Tip>): Promise<void> {
  for await (const { entry } of tips) {
    const submit = entry && (await submitOf(runtime, address, entry));
    if (submit?.child) await stopChild(runtime, address, submit, submit.child);
  }
}

/** The entry whose call a tip waits for or makes: itself, or the one before. */
function submitOf(runtime: Runtime, address: Address, tip: Entry): Entry | undefined | Promise<Entry | undefined> {
  if (tip.effect === "submit") return tip;
  return tip.effect === "awaitVerdict"
    ? runtime.ports.journal.readEntry(entryKey(address, tip.branch, tip.seq - 1))
    : undefined;
}

async function stopChild(runtime: Runtime, address: Address, submit: Entry, child: ChildRef): Promise<void> {
  const { journal, keys } = runtime.ports;
  const flow = await journal.readFlow(child.flow);
  const header = flow && (await journal.readHeader({ flowId: flow.flowId, name: child.name }));
  // A stranger may have the name: the child is the one that reports to this attempt.
  if (
    header?.status !== "Running" ||
    header.parentToken !== mintToken(keys, { ...address, branch: submit.branch, seq: submit.seq })
  )
    return;
  await endFromOutside(runtime, header, PARENT_ENDED);
}

async function hasSyncChildren(runtime: Runtime, { ref, revision }: Address): Promise<boolean> {
  return contains(await runtime.definitions.load(ref.flowId, revision));
}

/** Cache by definition: most flows have no sub-flows, and then nothing is looked through. */
const answers = new WeakMap<Flow, boolean>();

function contains(flow: Flow): boolean {
  const known = answers.get(flow);
  if (known !== undefined) return known;
  const answer = [...stepsWithin(flow.steps)].some(
    (step) => step.type === "task" && step.resource.kind === "flow" && step.pattern === "sync",
  );
  answers.set(flow, answer);
  return answer;
}
