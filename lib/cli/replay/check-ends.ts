/** The beginning and the end of an execution: what stands beside the journal against what the core says. */
import type { Event, Transition } from "../../engine/index.ts";
import type { ExecutionDocument } from "../journal/document.ts";
import { type Difference, differences } from "./difference.ts";

/** The input that was given is the one that it started with. */
export function checkStart({ input }: ExecutionDocument, event: Event): readonly Difference[] {
  return event.kind === "started" && input !== undefined ? differences("input", input, event.input) : [];
}

/** How the execution ended is what its root's last transition says. `last` is that transition. A stop and a time-out come from outside, and may come after it. */
export function checkEnd(
  { header, output }: ExecutionDocument,
  last: Pick<Transition, "state" | "effect"> | undefined,
): readonly Difference[] {
  const effect = last?.effect;
  switch (header.status) {
    case "Succeeded":
      return effect?.kind === "succeeded"
        ? [...differences("output", output, effect.output), ...differences("end", header.endedAt, last?.state.time)]
        : [{ what: "status", recorded: header.status, computed: effect?.kind ?? "nothing" }];
    case "Failed": {
      // A message that the core cannot digest ends the execution from outside (architecture §3).
      if (effect?.kind !== "failed" && header.error === "FnF.RuntimeError") return [];
      const recorded = { error: header.error, cause: header.cause };
      return effect?.kind === "failed"
        ? differences("failure", recorded, { error: effect.error, cause: effect.cause })
        : [{ what: "status", recorded: header.status, computed: effect?.kind ?? "nothing" }];
    }
    default:
      return [];
  }
}
