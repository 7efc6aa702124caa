/**
 * The core run again over an exported execution, without any I/O: each branch's state is made from its beginning by the
 * events that were recorded, and what comes out is compared with what was recorded (architecture §2).
 */
import {
  branchState,
  CORE_VERSION,
  type Event,
  type HistoryEvent,
  initialState,
  type State,
  stepOf,
  type Transition,
  transition,
} from "../../engine/index.ts";
import type { Flow } from "../../fdl/definition.ts";
import { childBranch, forkOf, ROOT } from "../../runtime/branch.ts";
import { parseDefinition } from "../../runtime/definitions.ts";
import { type ExecutionDocument, type ExportedEntry, placeText } from "../journal/document.ts";
import { withheldToken } from "../journal/tokens.ts";
import { UsageError } from "../usage.ts";
import { type Beside, beside } from "./beside.ts";
import { checkEnd, checkStart } from "./check-ends.ts";
import { checkEntry, checkFork, checkReport } from "./check-entry.ts";
import type { Difference } from "./difference.ts";
import { causalOrder } from "./order.ts";

/** One entry, applied. */
export interface Replayed {
  readonly entry: ExportedEntry;
  /** As the core took it: a `joined` one with the branches' outputs. */
  readonly event: Event;
  /** Absent when it could not be computed: what it follows is missing or did not go. */
  readonly transition?: Pick<Transition, "state" | "effect">;
  /** The history events that come out, computed when they are asked for: of a long execution they are too many to be kept. */
  history(): readonly HistoryEvent[];
  /** Name of the step where the branch stands after it; "" where it is in none. */
  readonly step: string;
  readonly differences: readonly Difference[];
}

export interface Replay {
  readonly flow: Flow;
  /** In an order in which they may have come about. */
  readonly entries: readonly Replayed[];
  /** Between the end that was recorded and the one that is computed. */
  readonly end: readonly Difference[];
}

const NO_HISTORY = (): readonly HistoryEvent[] => [];
/** Bound of input + output + local of a step, as the runtime has it when it is not told otherwise (fdl.md §12). */
const MAX_DATA_BYTES = 50 * 1024 * 1024;

/** Throws StepwellError for a definition that no longer parses, UsageError for an execution of another core version. */
export function replay(document: ExecutionDocument): Replay {
  const { core } = document.header;
  if (core !== CORE_VERSION) {
    throw new UsageError(`the execution runs with core version ${core}, this version of Stepwell has ${CORE_VERSION}`);
  }
  const flow = parseDefinition(document.definition);
  const run: Run = {
    document,
    flow,
    strands: new Map(),
    forks: new Map(),
    beside: beside(document),
  };
  const entries = causalOrder(document.entries).map((entry) => apply(run, entry));
  const root = entries.findLast(({ entry }) => entry.branch === ROOT);
  return { flow, entries, end: checkEnd(document, root?.transition) };
}

interface Run {
  readonly document: ExecutionDocument;
  readonly flow: Flow;
  /** How far each branch has come; undefined: it cannot go on. */
  readonly strands: Map<string, { readonly seq: number; readonly state: State } | undefined>;
  /** Transitions that forked, by place. */
  readonly forks: Map<string, Pick<Transition, "state" | "effect">>;
  readonly beside: Beside;
}

function apply(run: Run, entry: ExportedEntry): Replayed {
  const { branch, seq } = entry;
  const known = run.strands.has(branch);
  const strand = known ? run.strands.get(branch) : beginning(run, branch);
  if (strand === undefined || strand.seq !== seq) {
    run.strands.set(branch, undefined);
    const told = known && strand === undefined;
    return {
      entry,
      event: entry.event,
      history: NO_HISTORY,
      step: "",
      differences: told ? [] : [missing(entry, strand?.seq)],
    };
  }
  const event = eventOf(run, entry);
  try {
    return applyTo(run, entry, strand.state, event);
  } catch (error) {
    run.strands.set(branch, undefined);
    const why = error instanceof Error ? error.message : String(error);
    return {
      entry,
      event,
      history: NO_HISTORY,
      step: "",
      differences: [{ what: "event", recorded: entry.event, computed: `refused: ${why}` }],
    };
  }
}

function applyTo(run: Run, entry: ExportedEntry, state: State, event: Event): Replayed {
  const { flow, document } = run;
  const { branch, seq } = entry;
  const { ref, startId, flow: flowName, revision, keyId } = document.header;
  const compute = (): Transition =>
    transition(flow, state, event, {
      token: () => withheldToken({ ref, startId, flow: flowName, revision, keyId }, branch, seq),
      maxDataBytes: MAX_DATA_BYTES,
    });
  const computed = compute();
  const done = { state: computed.state, effect: computed.effect };
  run.strands.set(branch, { seq: seq + 1, state: done.state });
  if (done.effect.kind === "fork") run.forks.set(placeText(entry), done);
  return {
    entry,
    event,
    transition: done,
    history: () => compute().history,
    step: stepOf(flow, done.state)?.name ?? stepOf(flow, state)?.name ?? "",
    differences: [
      ...checkEntry(entry, done),
      ...(branch === ROOT && seq === 0 ? checkStart(document, event) : []),
      ...(event.kind === "reported" ? checkReport(run.beside, entry, event) : []),
      ...checkFork(run.beside, entry, computed),
      ...checkChildren(run, entry),
    ],
  };
}

/** The branches that a fork went on from have ended. */
function checkChildren({ forks, strands }: Run, { branch, seq, event }: ExportedEntry): readonly Difference[] {
  const fork = forks.get(placeText({ branch, seq: seq - 1 }))?.effect;
  if (fork?.kind !== "fork" || (event.kind !== "joined" && event.kind !== "branchFailed")) return [];
  const awaited = event.kind === "joined" ? Array.from({ length: fork.branches }, (_, index) => index) : [event.index];
  return awaited
    .map((index) => childBranch(branch, seq - 1, index))
    .filter((child) => strands.get(child)?.state.waiting.kind !== "ended")
    .map((child) => ({ what: `branch ${child}`, recorded: "ended", computed: "not ended" }));
}

/** The state of a branch before its first entry; undefined: it hangs on nothing. */
function beginning(
  { document, flow, forks }: Run,
  branch: string,
): { readonly seq: 0; readonly state: State } | undefined {
  if (branch === ROOT) {
    const { flow: flowName, ref } = document.header;
    return { seq: 0, state: initialState({ flow: flowName, execution: ref.name }) };
  }
  const up = forkOf("", branch);
  const fork = up && forks.get(placeText(up.fork));
  if (up === undefined || fork?.effect.kind !== "fork" || !(up.index < fork.effect.branches)) return undefined;
  return { seq: 0, state: branchState(flow, fork.state, up.index) };
}

function missing(entry: ExportedEntry, expected: number | undefined): Difference {
  return expected === undefined
    ? { what: "branch", recorded: entry.branch, computed: "no fork made it" }
    : { what: "seq", recorded: entry.seq, computed: expected };
}

/** A `joined` event is recorded without the branches' outputs: they stand beside it. */
function eventOf({ beside, forks }: Run, { branch, seq, event }: ExportedEntry): Event {
  if (event.kind !== "joined") return event;
  const fork = forks.get(placeText({ branch, seq: seq - 1 }));
  const width = fork?.effect.kind === "fork" ? fork.effect.branches : 0;
  const outputs = Array.from({ length: width }, (_, index) => ({
    locals: beside.outputs(childBranch(branch, seq - 1, index)).flatMap(({ locals }) => locals),
  }));
  return { ...event, outputs };
}
