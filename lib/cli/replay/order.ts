/** All entries of an execution as one sequence: by time, but never before what caused them. */
import { dueHeap } from "../../memory/due-heap.ts";
import { childBranch, forkOf } from "../../runtime/branch.ts";
import type { ExportedEntry } from "../journal/document.ts";
import { type EntryIndex, entryIndex } from "./entry-index.ts";

interface Node {
  readonly entry: ExportedEntry;
  /** Causes that are not yet in the sequence. */
  missing: number;
  readonly effects: Node[];
}

/** The entries in an order in which they may have come about. Entries whose cause is not there, or comes after them, are last. */
export function causalOrder(entries: readonly ExportedEntry[]): readonly ExportedEntry[] {
  const index = entryIndex(entries);
  const nodes = new Map<ExportedEntry, Node>(entries.map((entry) => [entry, { entry, missing: 0, effects: [] }]));
  for (const node of nodes.values()) {
    for (const cause of causesOf(node.entry, index)) {
      const before = nodes.get(cause);
      if (before === undefined) continue;
      before.effects.push(node);
      node.missing += 1;
    }
  }
  const ready = dueHeap<Node>();
  for (const node of nodes.values()) if (node.missing === 0) ready.add(node.entry.at, node);
  const ordered = new Set<ExportedEntry>();
  for (let first = ready.first(); first !== undefined; first = ready.first()) {
    ready.remove(first);
    ordered.add(first.value.entry);
    for (const node of first.value.effects) {
      node.missing -= 1;
      if (node.missing === 0) ready.add(node.entry.at, node);
    }
  }
  return [...ordered, ...entries.filter((entry) => !ordered.has(entry))];
}

/** The entry before it; of a branch's first one the fork; of one that goes on from a fork, the last ones of the branches it waited for. */
function causesOf({ branch, seq, event }: ExportedEntry, index: EntryIndex): readonly ExportedEntry[] {
  const up = seq === 0 ? forkOf("", branch)?.fork : { branch, seq: seq - 1 };
  const before = up && index.at(up);
  if (before === undefined) return [];
  if (event.kind === "branchFailed") return [before, ...index.tip(childBranch(branch, seq - 1, event.index))];
  if (event.kind !== "joined") return [before];
  return [before, ...index.children(before).flatMap((child) => index.tip(child))];
}
