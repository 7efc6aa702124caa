/** What stands beside the entries, by where it belongs. */
import { childBranch } from "../../runtime/branch.ts";
import {
  type ExecutionDocument,
  type ExportedJoin,
  type ExportedOutput,
  type ExportedVerdict,
  type Place,
  placeText,
} from "../journal/document.ts";

export interface Beside {
  /** Of the attempt that the entry at that place submitted. */
  verdict(place: Place): ExportedVerdict | undefined;
  /** Of the fork that the entry at that place made. */
  join(place: Place): ExportedJoin | undefined;
  /** What a branch handed to its fork, by chunk. */
  outputs(branch: string): readonly ExportedOutput[];
}

export function beside({ verdicts, joins, outputs }: ExecutionDocument): Beside {
  const verdictAt = new Map(verdicts.map((item) => [placeText(item), item]));
  const joinAt = new Map(joins.map((item) => [placeText(item), item]));
  const outputsOf = Map.groupBy(outputs, ({ branch, seq, index }) => childBranch(branch, seq, index));
  return {
    verdict: (place) => verdictAt.get(placeText(place)),
    join: (place) => joinAt.get(placeText(place)),
    outputs: (branch) => outputsOf.get(branch) ?? [],
  };
}
