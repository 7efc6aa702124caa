/** What an entry recorded against what its transition computes; and what hangs on it: outputs, joins, verdicts. */
import type { Effect, Event, Transition } from "../../engine/index.ts";
import { forkOf } from "../../runtime/branch.ts";
import { firstDue } from "../../runtime/record.ts";
import type { ExportedEntry } from "../journal/document.ts";
import type { Beside } from "./beside.ts";
import { type Difference, differences } from "./difference.ts";

/** Time, history events, effect, snapshot, due time, sub-flow. */
export function checkEntry(
  entry: ExportedEntry,
  { state, effect }: Pick<Transition, "state" | "effect">,
): readonly Difference[] {
  const { at, events, child, snapshot } = entry;
  return [
    ...differences("effect", entry.effect, effect.kind),
    ...differences("at", at, state.time),
    ...differences("events", events, state.events),
    ...differences("due", entry.due, dueOf(effect, state.time)),
    ...differences("child", child?.flow, childOf(effect)),
    ...(snapshot === undefined ? [] : differences("snapshot", snapshot, state)),
  ];
}

function dueOf(effect: Effect, at: number): number | undefined {
  switch (effect.kind) {
    case "timer":
      return effect.due;
    case "submit":
      return effect.timeoutSeconds === undefined ? undefined : at + effect.timeoutSeconds * 1000;
    case "awaitVerdict":
      return firstDue(effect, at);
    default:
      return undefined;
  }
}

/** The flow that a `sync` sub-flow task starts. */
function childOf(effect: Effect): string | undefined {
  const started = effect.kind === "submit" && effect.pattern === "sync" && effect.call.kind === "flow";
  return started && effect.call.kind === "flow" ? effect.call.flow : undefined;
}

/** What a branch hands to its fork, where it does: its outputs, its end, its failure. */
export function checkFork(
  beside: Beside,
  { branch }: ExportedEntry,
  { state, effect, flush }: Transition,
): readonly Difference[] {
  const up = forkOf("", branch);
  if (up === undefined) return [];
  const chunk = (number: number) => beside.outputs(branch).find((output) => output.chunk === number);
  const flushed = flush && chunk(flush.chunk);
  const found = flushed ? differences("flushed output", flushed.locals, flush.locals) : [];
  switch (effect.kind) {
    case "branchDone": {
      const last = chunk(effect.chunk);
      const done = beside.join(up.fork)?.done.includes(up.index);
      if (last === undefined) return done ? [...found, { what: "output", computed: effect.output }] : found;
      return [
        ...found,
        ...differences("output", last.locals, effect.output),
        ...differences("output's end", last.last, { at: state.time, events: effect.events }),
      ];
    }
    case "branchFailed": {
      const failure = beside.join(up.fork)?.failure;
      if (failure?.index !== up.index) return found;
      const { error, cause } = effect;
      return [...found, ...differences("failure", failure, { index: up.index, error, cause, at: state.time })];
    }
    default:
      return found;
  }
}

/** A report as the branch took it is the verdict that was given. */
export function checkReport(
  beside: Beside,
  { branch, seq }: ExportedEntry,
  event: Extract<Event, { kind: "reported" }>,
): readonly Difference[] {
  const item = beside.verdict({ branch, seq: seq - 2 });
  return item?.outcome === undefined ? [] : differences("verdict", item.outcome, event.verdict);
}
