/** Verdicts, joins and outputs: what branches were told is what is stored, and what is stored was done. */
import type { Event } from "../../../lib/engine/index.ts";
import { childBranch } from "../../../lib/runtime/branch.ts";
import type { Entry } from "../../../lib/runtime/ports/journal.ts";
import type { Facts } from "./facts.ts";
import { at, nameOf, type Violation } from "./records.ts";

export function* checkOutcomes(facts: Facts): Generator<Violation> {
  const places = new Map<string, Entry>();
  for (const [branch, entries] of facts.branches) {
    for (const entry of entries) {
      const wrong = (text: string): Violation => ({ execution: nameOf(facts.header), branch, seq: entry.seq, text });
      places.set(at(branch, entry.seq), entry);
      const event = facts.events.get(at(branch, entry.seq));
      if (event !== undefined) for (const text of toldFaults(facts, entry, event)) yield wrong(text);
      if (entry.effect === "fork") for (const text of joinFaults(facts, entry)) yield wrong(text);
    }
  }
  yield* strays(facts, places);
}

/** What the event says that its branch was told. */
function* toldFaults(facts: Facts, { branch, seq }: Entry, event: Event): Generator<string> {
  const fork = at(branch, seq - 1);
  const join = facts.joins.get(fork);
  switch (event.kind) {
    case "reported": {
      const outcome = facts.outcomes.get(at(branch, seq - 2));
      if (JSON.stringify(outcome) !== JSON.stringify(event.verdict)) {
        yield outcome === undefined
          ? "it reports an attempt without a verdict"
          : "it reports another outcome than the verdict";
      }
      break;
    }
    case "joined":
      if (join?.done.size !== facts.widths.get(fork)) yield "it joins a fork whose branches are not all done";
      break;
    case "branchFailed":
      if (join?.failure?.index !== event.index || join.failure.error !== event.error) {
        yield "it tells of a failure that is not its fork's";
      }
      break;
    default:
  }
}

/** What a fork's join says of its branches. */
function* joinFaults({ joins, widths, outputs, branches }: Facts, { branch, seq }: Entry): Generator<string> {
  const place = at(branch, seq);
  const [join, width = 0] = [joins.get(place), widths.get(place)];
  if (join === undefined) return;
  const tipOf = (index: number) => branches.get(childBranch(branch, seq, index))?.at(-1);
  for (const index of join.done) {
    if (index >= width) yield `its join has branch ${index} of ${width}`;
    if (tipOf(index)?.effect !== "branchDone")
      yield `its join has branch ${index}, whose last entry is not "branchDone"`;
    const chunks = (outputs.get(place) ?? []).filter((output) => output.index === index);
    const whole = chunks.every(
      ({ chunk, last }, number) => chunk === number && (last !== undefined) === (number === chunks.length - 1),
    );
    if (chunks.length === 0 || !whole) yield `its join has branch ${index}, whose output is not whole`;
  }
  if (join.failure !== undefined && tipOf(join.failure.index)?.effect !== "branchFailed") {
    yield `its join has the failure of branch ${join.failure.index}, whose last entry is not "branchFailed"`;
  }
}

/** Verdicts of what was never submitted, joins and outputs of what is no fork. */
function* strays(
  { header, verdicts, joins, outputs }: Facts,
  places: ReadonlyMap<string, Entry>,
): Generator<Violation> {
  const kinds = [
    ["verdict", "submit", verdicts],
    ["join", "fork", joins],
    ["output", "fork", outputs],
  ] as const;
  for (const [what, effect, items] of kinds) {
    for (const place of items.keys()) {
      if (places.get(place)?.effect === effect) continue;
      yield { execution: nameOf(header), branch: "", text: `there is a ${what} at ${place}, which is no "${effect}"` };
    }
  }
}
