/**
 * An execution as a document: all that the journal says of it, in plain JSON that stands alone. `stepwell journal export`
 * writes it, `stepwell replay` runs the core over it, `stepwell explain` makes its table of it.
 */
import type { Event, State, Verdict } from "../../engine/index.ts";
import type { Json, JsonObject } from "../../fdl/json.ts";
import type { Trace } from "../../runtime/index.ts";
import type { Entry, EntryKey, Header, JoinItem, OutputItem, VerdictItem } from "../../runtime/ports/journal.ts";

/** Of what is written now. A change that an older reader would misunderstand makes another number. */
export const FORMAT = 1;

/** Where something stands in the execution. */
export type Place = Omit<EntryKey, "startId">;

export interface ExportedEntry extends Omit<Entry, "startId" | "event" | "snapshot"> {
  readonly event: Event;
  readonly snapshot?: State;
}

/** Of the attempt that the entry at its place submitted. */
export interface ExportedVerdict extends Place, Omit<VerdictItem, "outcome"> {
  readonly outcome?: Verdict;
}

/** Of the fork that the entry at its place made. */
export interface ExportedJoin extends Place, Omit<JoinItem, "done"> {
  readonly done: readonly number[];
}

/** A chunk of what a branch of the fork at its place handed over. */
export interface ExportedOutput extends Place, Omit<OutputItem, "locals"> {
  readonly locals: readonly JsonObject[];
}

export interface ExecutionDocument {
  /** Says what kind of file it is. */
  readonly stepwell: "execution";
  readonly format: typeof FORMAT;
  /** Milliseconds since the epoch, as all times. */
  readonly exportedAt: number;
  readonly header: Header;
  /** Text of the revision that it runs. */
  readonly definition: string;
  readonly input?: Json;
  readonly output?: Json;
  /** The root's, then each branch's, in the order of seq. */
  readonly entries: readonly ExportedEntry[];
  readonly verdicts: readonly ExportedVerdict[];
  readonly joins: readonly ExportedJoin[];
  readonly outputs: readonly ExportedOutput[];
  readonly traces: readonly Trace[];
  /** Large values, each once however often it occurs; null stands in its places. */
  readonly values: { readonly [hash: string]: Json };
  readonly places: readonly LargePlace[];
}

/** Where a value of `values` belongs: the path to it from the document's top. */
export type LargePlace = readonly [path: readonly (string | number)[], hash: string];

/** For people, and for `--to`: `root:3`, `3.0:2`. */
export function placeText({ branch, seq }: Place): string {
  return `${branchText(branch)}:${seq}`;
}

/** For people: the root's id is the empty text. */
export function branchText(branch: string): string {
  return branch === "" ? "root" : branch;
}
