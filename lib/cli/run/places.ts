/** Names for the strands of a run: which sub-flow, which branch of which parallel step, which item of which foreach. */
import type { HistoryEvent } from "../../engine/index.ts";
import { forkOf } from "../../runtime/branch.ts";
import type { Transit } from "./engine.ts";

export interface Places {
  /**
   * Where an event happened, for example `pack[3] › label`: step `label` in iteration 3 of step `pack`. To be asked for all
   * events of a run in turn: what branches and lanes work on is learnt from them.
   */
  placeOf(transit: Transit, event: HistoryEvent): string;
}

/** `main` tells the start id of the execution that needs no name. */
export function places(main: () => string | undefined): Places {
  /** What a branch is for now, e.g. `pack[3]`, by start id and branch. */
  const names = new Map<string, string>();

  function strand(startId: string, branch: string): string {
    const up = forkOf(startId, branch);
    if (up === undefined) return "";
    return `${strand(startId, up.fork.branch)}${names.get(`${startId}/${branch}`) ?? ""} › `;
  }

  return {
    placeOf({ startId, flow, branch }, { type, step, detail }) {
      if (type === "BranchEntered" || type === "IterationEntered")
        names.set(`${startId}/${branch}`, `${step}[${String(detail.index)}]`);
      return `${startId === main() ? "" : `${flow} › `}${strand(startId, branch)}${step}`;
    },
  };
}
