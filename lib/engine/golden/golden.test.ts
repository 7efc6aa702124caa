/**
 * Golden journals: what earlier releases recorded must derive the same history for ever (architecture §2). A file that
 * no longer derives byte for byte means that running executions would go wrong: raise CORE_VERSION, keep the old core
 * and its files, and record new ones.
 *
 * Recording, on purpose only: `GOLDEN=record npx vitest run lib/engine/golden` plays scenarios.ts and writes the files.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CORE_VERSION, type Event, type Transition } from "../index.ts";
import { drive, type Names, type Step } from "../testing/drive.ts";
import { flowOf } from "../testing/flow.ts";
import { play } from "../testing/play.ts";
import { type FnfEvent, numbered } from "../testing/timeline.ts";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

interface Golden {
  readonly core: number;
  readonly definition: string;
  readonly names: Names;
  readonly maxDataBytes: number;
  /** Events of each branch, by seq. */
  readonly journal: Readonly<Record<string, readonly Event[]>>;
  /** What each transition asked for, by branch and seq. */
  readonly effects: Readonly<Record<string, readonly Asked[]>>;
  readonly history: readonly FnfEvent[];
}

type Asked = Pick<Transition, "effect" | "flush">;

const folder = new URL(".", import.meta.url);
// A text of one long repeated character is written short, as "x×20000".
const asText = (golden: Golden) =>
  `${JSON.stringify(golden, (_, value) => (/^(.)\1{999,}$/su.test(value) ? `${[...value][0]}×${value.length}` : value), 1)}\n`;
const fromText = (text: string): Golden =>
  JSON.parse(text, (_, value) => {
    const [, letter, length] = (typeof value === "string" && /^(.)×(\d+)$/su.exec(value)) || [];
    return letter === undefined ? value : letter.repeat(Number(length));
  });

/** What was recorded or derived of each transition, by branch and seq. */
function bySeq<T>(steps: readonly Step[], of: (step: Step) => T): Readonly<Record<string, readonly T[]>> {
  const branches: Record<string, T[]> = {};
  for (const step of steps.toSorted((a, b) => a.seq - b.seq || (a.branch < b.branch ? -1 : 1))) {
    branches[step.branch] ??= [];
    branches[step.branch]?.push(of(step));
  }
  return branches;
}

function goldenOf(
  head: Pick<Golden, "core" | "definition" | "names" | "maxDataBytes">,
  steps: readonly Step[],
  history: Golden["history"],
): Golden {
  const journal = bySeq(steps, ({ event }) => event);
  const effects = bySeq(steps, ({ after: { effect, flush } }) => ({ effect, ...(flush && { flush }) }));
  return { ...head, journal, effects, history };
}

function record({ definition, world }: Scenario): Golden {
  const { steps, history } = play(flowOf(definition), world());
  const { maxDataBytes = 50_000_000 } = world();
  return goldenOf(
    { core: CORE_VERSION, definition, names: { flow: "flow", execution: "execution" }, maxDataBytes },
    steps,
    history,
  );
}

/** Derives a golden file again from its definition and what the world said. */
function derive({ core, definition, names, maxDataBytes, journal }: Golden): Golden {
  const started = journal[""]?.[0];
  if (started?.kind !== "started") throw new Error("A journal begins with its started event.");
  const { steps, timeline } = drive(flowOf(definition), {
    names,
    started,
    maxDataBytes,
    maxTransitions: 1000,
    answers: ({ branch, seq }) => {
      const event = journal[branch]?.[seq + 1];
      if (event === undefined) throw new Error(`The journal has no entry ${seq + 1} of branch "${branch}".`);
      return event;
    },
  });
  return goldenOf({ core, definition, names, maxDataBytes }, steps, numbered(timeline));
}

if (process.env.GOLDEN === "record") {
  for (const [name, scenario] of Object.entries(scenarios)) {
    writeFileSync(new URL(`${name}.json`, folder), asText(record(scenario)));
  }
}

const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe("golden journals", () => {
  it.each(Object.entries(scenarios))("%s is what its scenario plays to", (name, scenario) => {
    expect(asText(record(scenario))).toBe(readFileSync(new URL(`${name}.json`, folder), "utf8"));
  });

  it.each(files)("%s derives the same history as ever", (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    expect(asText(derive(fromText(text)))).toBe(text);
  });

  it("between them have every type of event that the core writes", () => {
    const types = files.flatMap((name) => {
      const { history } = fromText(readFileSync(new URL(name, folder), "utf8"));
      return history.map(({ Type }) => Type);
    });
    expect([...new Set(types)].toSorted()).toEqual([
      "BranchEntered",
      "BranchExited",
      "ExecutionFailed",
      "ExecutionStarted",
      "ExecutionSucceeded",
      "IterationEntered",
      "IterationExited",
      "StepEntered",
      "StepExited",
      "StepFailed",
      "StepStarted",
      "StepSucceeded",
      "TaskFailed",
      "TaskScheduled",
      "TaskStarted",
      "TaskSubmitFailed",
      "TaskSubmitted",
      "TaskSucceeded",
      "TaskTimedOut",
    ]);
  });
});
