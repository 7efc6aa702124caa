/** The history of a whole execution out of its branches': in causal order, numbered as FnF does (fdl.md §7.2). */
import type { JsonObject } from "../../fdl/json.ts";
import type { HistoryEvent } from "../index.ts";

/** An event and its branch. */
export interface Located {
  readonly branch: string;
  readonly event: HistoryEvent;
}

/** An event as GetExecutionHistory shows it, but for `EventDetail`, which is no text here. */
export interface FnfEvent {
  readonly EventId: number;
  readonly ScheduleEventId: number;
  readonly Type: string;
  readonly StepName: string;
  readonly Time: string;
  readonly EventDetail: JsonObject;
}

/** Events of concurrent branches by their time; at the same time by branch. */
export function mergeTimelines(timelines: readonly (readonly Located[])[]): readonly Located[] {
  return timelines.flat().toSorted((a, b) => a.event.time - b.event.time);
}

/** Numbers a timeline. */
export function numbered(timeline: readonly Located[]): readonly FnfEvent[] {
  const ids = new Map<string, number>();
  const lastOfChild = new Map<string, number>();
  return timeline.map(({ branch, event }, position) => {
    const { id, cause, type, step, time, detail } = event;
    const EventId = position + 1;
    const ScheduleEventId =
      cause.in === "child"
        ? lastOfChild.get(`${branch}/${cause.index}`)
        : cause.id === 0
          ? 0
          : ids.get(`${cause.in === "parent" ? parentOf(branch) : branch}#${cause.id}`);
    if (ScheduleEventId === undefined) throw new Error(`Event ${id} of branch "${branch}" comes before its cause.`);
    ids.set(`${branch}#${id}`, EventId);
    lastOfChild.set(`${parentOf(branch)}/${branch.slice(branch.lastIndexOf(".") + 1)}`, EventId);
    return {
      EventId,
      ScheduleEventId,
      Type: type,
      StepName: step,
      Time: new Date(time).toISOString(),
      EventDetail: detail,
    };
  });
}

/** "2.0.3.1" → "2.0", "2.0" → "": without the seq of the fork and the index. */
function parentOf(branch: string): string {
  return branch.split(".").slice(0, -2).join(".");
}
