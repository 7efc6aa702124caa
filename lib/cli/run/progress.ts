/** What a person sees of a run: a line for each step entered and left, each failure, retry and wait, in words. */
import type { Effect, HistoryEvent } from "../../engine/index.ts";
import type { JsonObject } from "../../fdl/json.ts";
import { causeText } from "./cause.ts";
import { duration } from "./duration.ts";
import type { Transit } from "./engine.ts";
import type { Places } from "./places.ts";

export type Tone = "plain" | "good" | "bad" | "faint";

export interface Line {
  readonly time: number;
  readonly tone: Tone;
  readonly mark: string;
  /** Where: the branch, then the step. */
  readonly place: string;
  readonly text: string;
}

/** The lines that a transition is worth. */
export function linesOf(transit: Transit, places: Places): readonly Line[] {
  const lines: Line[] = [];
  for (const event of transit.events) {
    const place = places.placeOf(transit, event);
    const said = eventLine(event);
    if (said === undefined) continue;
    // A task that fails for good is told once: TaskFailed, then StepFailed, say the same.
    const before = lines.at(-1);
    const again = before?.mark === said.mark && before.place === place && before.text === said.text;
    if (!again) lines.push({ time: event.time, place, ...said });
  }
  const last = transit.events.at(-1);
  const waiting = effectLine(transit.effect, last);
  if (waiting !== undefined && last !== undefined)
    lines.push({ time: last.time, place: places.placeOf(transit, last), ...waiting });
  return lines;
}

type Said = Pick<Line, "tone" | "mark" | "text">;

function eventLine({ type, detail }: HistoryEvent): Said | undefined {
  switch (type) {
    case "StepEntered":
      return { tone: "plain", mark: "→", text: "" };
    case "StepExited":
      return exitLine(detail);
    case "StepFailed":
    case "TaskFailed":
    case "TaskTimedOut":
    case "TaskSubmitFailed":
      return { tone: "bad", mark: "✗", text: failureText(detail) };
    case "TaskSubmitted":
      return { tone: "faint", mark: "…", text: "submitted" };
    default:
      return undefined;
  }
}

function exitLine(detail: JsonObject): Said {
  const goto = typeof detail.goto === "string" ? `go to ${detail.goto}` : "";
  return typeof detail.error === "string"
    ? { tone: "bad", mark: "✓", text: `caught ${detail.error}${goto === "" ? "" : `, ${goto}`}` }
    : { tone: "good", mark: "✓", text: goto };
}

function effectLine(effect: Effect, last: HistoryEvent | undefined): Said | undefined {
  switch (effect.kind) {
    case "timer": {
      const left = duration(effect.due - (last?.time ?? effect.due));
      return {
        tone: "faint",
        mark: effect.purpose === "retry" ? "↻" : "…",
        text: effect.purpose === "retry" ? `next attempt in ${left}` : `waits ${left}`,
      };
    }
    case "awaitVerdict":
      if (effect.due === undefined || last === undefined) return undefined;
      return { tone: "faint", mark: "…", text: `times out in ${duration(effect.due - last.time)}` };
    case "fork":
      return {
        tone: "faint",
        mark: "⇉",
        text: `in ${effect.branches} ${effect.branches === 1 ? "branch" : "branches"}`,
      };
    case "invoke":
    case "submit":
      return effect.retryCount === 0
        ? undefined
        : { tone: "plain", mark: "↻", text: `attempt ${effect.retryCount + 1}` };
    default:
      return undefined;
  }
}

function failureText({ error, cause }: JsonObject): string {
  const name = typeof error === "string" && error !== "" ? error : "failed";
  const why = typeof cause === "string" ? causeText(cause) : "";
  return why === "" ? name : `${name}: ${why}`;
}
