/** Writes the flows of a plan down: the last first, since flows call those behind them only. */
import type { Kid } from "./place.ts";
import type { FlowSketch } from "./sketch.ts";
import { writeList } from "./write-list.ts";

export interface WrittenFlow extends Kid {
  /** The definition, as JSON. */
  readonly text: string;
}

const NAMES = ["main", "kid", "grandkid"];

/** The flows, the first first. */
export function writeFlows(sketches: readonly FlowSketch[]): readonly WrittenFlow[] {
  let written: readonly WrittenFlow[] = [];
  for (const [flow, { list, more }] of [...sketches.entries()].reverse()) {
    const cost = { transitions: 1 };
    const steps = writeList(list, { flow, depth: 0, times: 1, looped: false, kids: written, cost });
    const text = JSON.stringify({ version: "v1", type: "flow", ...more, steps });
    written = [{ name: NAMES[flow] ?? `flow${flow}`, text, transitions: cost.transitions }, ...written];
  }
  return written;
}

/** Of the flows those that are started, and those that they call. */
export function withCalled(flows: readonly WrittenFlow[], started: ReadonlySet<string>): readonly WrittenFlow[] {
  const used = new Set(started);
  // Flows call only those behind them.
  for (const { name, text } of flows) {
    if (used.has(name)) for (const kid of flows) if (text.includes(`:flow/${kid.name}"`)) used.add(kid.name);
  }
  return flows.filter(({ name }) => used.has(name));
}
