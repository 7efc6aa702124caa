/** The live branches of an execution and where each stands: what a stop looks through for children, and the sweeper for what is missing. */
import { childBranch, ROOT } from "./branch.ts";
import type { Address } from "./message.ts";
import type { Entry, EntryKey, JoinItem } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import { entryKey, forkWidth } from "./strand.ts";

export interface Tip {
  readonly branch: string;
  /** Absent: the branch was forked but has no entry yet. */
  readonly entry?: Entry;
  /** The fork that the tip is, with what its branches came to so far. */
  readonly fork?: { readonly width: number; readonly join: JoinItem | undefined };
}

/** Tips of `branch` and of all branches below it, but those whose index is in a join's set: a final entry alone is not finished. */
export async function* liveTips(runtime: Runtime, address: Address, branch: string = ROOT): AsyncGenerator<Tip> {
  const entry = await runtime.ports.journal.readTip(address.startId, branch);
  if (entry === undefined) {
    yield { branch };
    return;
  }
  const width = await forkWidth(runtime, address, entry);
  if (width === 0) {
    yield { branch, entry };
    return;
  }
  const [join] = await runtime.ports.journal.readJoins([entry]);
  yield { branch, entry, fork: { width, join } };
  if (join?.failure === undefined) yield* branchTips(runtime, address, entry, width, join);
}

/** Tips of all branches of one fork and below, also of one that has failed. */
export async function* forkTips(runtime: Runtime, address: Address, fork: EntryKey): AsyncGenerator<Tip> {
  const entry = await runtime.ports.journal.readEntry(entryKey(address, fork.branch, fork.seq));
  if (entry === undefined) return;
  const [join] = await runtime.ports.journal.readJoins([entry]);
  yield* branchTips(runtime, address, entry, await forkWidth(runtime, address, entry), join);
}

async function* branchTips(
  runtime: Runtime,
  address: Address,
  fork: Entry,
  width: number,
  join: JoinItem | undefined,
): AsyncGenerator<Tip> {
  for (let index = 0; index < width; index++) {
    if (!join?.done.has(index)) yield* liveTips(runtime, address, childBranch(fork.branch, fork.seq, index));
  }
}
