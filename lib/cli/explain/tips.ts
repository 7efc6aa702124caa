/** Where the live branches of an execution stand. */
import { childBranch, ROOT } from "../../runtime/branch.ts";
import type { ExportedJoin } from "../journal/document.ts";
import type { Beside } from "../replay/beside.ts";
import type { Replay, Replayed } from "../replay/replay.ts";

export interface Tip {
  readonly branch: string;
  /** Absent: it has no entry yet. */
  readonly tip?: Replayed;
  /** The entry before it. */
  readonly before?: Replayed;
  /** Of a tip that is a fork: what its branches came to so far. */
  readonly join?: ExportedJoin;
}

/** The root's tip, or those of its branches that are not finished, at any depth. A fork that may go on is a tip itself. */
export function liveTips(replay: Replay, beside: Beside): readonly Tip[] {
  const branches = Map.groupBy(replay.entries, ({ entry }) => entry.branch);
  const tips: Tip[] = [];
  const open = [ROOT];
  for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
    const entries = branches.get(branch) ?? [];
    const [before, tip] = [entries.at(-2), entries.at(-1)];
    if (tip === undefined) {
      tips.push({ branch });
      continue;
    }
    const effect = tip.transition?.effect;
    const join = beside.join(tip.entry);
    const stands = { branch, tip, ...(before && { before }), ...(join && { join }) };
    if (effect?.kind !== "fork" || join?.failure !== undefined || (join?.done.length ?? 0) >= effect.branches) {
      tips.push(stands);
      continue;
    }
    const done = new Set(join?.done);
    for (let index = effect.branches - 1; index >= 0; index--) {
      if (!done.has(index)) open.push(childBranch(branch, tip.entry.seq, index));
    }
  }
  return tips;
}
