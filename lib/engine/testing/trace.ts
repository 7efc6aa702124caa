/** Histories in short, for tests to compare. */
import type { JsonObject } from "../../fdl/json.ts";
import type { FnfEvent } from "./timeline.ts";

/** "Type step", one an event. */
export function trace(history: readonly FnfEvent[]): readonly string[] {
  return history.map(({ Type, StepName }) => `${Type} ${StepName}`.trim());
}

/** The details of all events of a type, or of those of one step. */
export function details(history: readonly FnfEvent[], type: string, step?: string): readonly JsonObject[] {
  return history
    .filter(({ Type, StepName }) => Type === type && (step === undefined || step === StepName))
    .map(({ EventDetail }) => EventDetail);
}
