/** `stepwell replay FILE`: runs the core over an exported execution and compares. */
import type { State } from "../../engine/index.ts";
import { branchText, type ExecutionDocument } from "../journal/document.ts";
import { parseDocument } from "../journal/parse-document.ts";
import { readAll, readText } from "../read-text.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, UsageError } from "../usage.ts";
import { entryLines, jsonText } from "./entry-text.ts";
import { inspect } from "./inspect.ts";
import { type Replay, type Replayed, replay } from "./replay.ts";
import { headline, isFaithful, verdictLines } from "./summary.ts";
import { indexOfPlace, parsePlace } from "./target.ts";

export interface ReplayOptions {
  readonly to?: string;
  readonly inspect: boolean;
  readonly json: boolean;
}

/** `-` reads standard input. Exit code 0 when everything is as it was recorded, 1 when something is not. Throws UsageError for a file that cannot be replayed. */
export async function replayCommand(terminal: Terminal, path: string, options: ReplayOptions): Promise<number> {
  if (options.json && options.inspect)
    throw new UsageError("--json and --inspect do not go together: name one of them");
  if (path === "-" && options.inspect) {
    throw new UsageError("--inspect reads its commands from standard input: give the export as a file");
  }
  const text = path === "-" ? await readAll(terminal.stdin) : await readText(path);
  const { document, intact } = parseDocument(text, path === "-" ? "standard input" : path);
  const whole = replay(document);
  const last =
    options.to === undefined ? whole.entries.length - 1 : indexOfPlace(whole.entries, parsePlace(options.to));
  const since = document.header.startedAt;
  if (options.inspect) {
    await inspect(terminal, whole, since, options.to === undefined ? 0 : last);
    return isFaithful(whole, intact) ? EXIT.ok : EXIT.failed;
  }
  // Up to a place only what stands before it counts.
  const seen = options.to === undefined ? whole : { ...whole, entries: whole.entries.slice(0, last + 1), end: [] };
  if (options.json) terminal.out(`${JSON.stringify(jsonDocument(document, seen, intact), null, 2)}\n`);
  else printReplay(terminal, document, seen, intact, options.to !== undefined);
  return isFaithful(seen, intact) ? EXIT.ok : EXIT.failed;
}

function printReplay(terminal: Terminal, document: ExecutionDocument, seen: Replay, intact: boolean, part: boolean) {
  const since = document.header.startedAt;
  terminal.out(`${headline(document)}\n\n`);
  for (const replayed of seen.entries) terminal.out(`${entryLines(replayed, since).join("\n")}\n`);
  for (const { branch, state } of part ? lastState(seen) : openStates(seen)) {
    terminal.out(`\nstate of ${branchText(branch)}:\n${jsonText(state)}\n`);
  }
  terminal.out(`\n${verdictLines(seen, intact).join("\n")}\n`);
}

interface BranchState {
  readonly branch: string;
  readonly state: State;
}

/** The state after the last entry. */
function lastState({ entries }: Replay): readonly BranchState[] {
  return statesOf(entries.slice(-1));
}

/** The states of branches that have not ended, or, when all have, the root's. */
function openStates({ entries }: Replay): readonly BranchState[] {
  const states = statesOf([...new Map(entries.map((replayed) => [replayed.entry.branch, replayed])).values()]);
  const open = states.filter(({ state }) => state.waiting.kind !== "ended");
  return open.length > 0 ? open : states.filter(({ branch }) => branch === "");
}

function statesOf(entries: readonly Replayed[]): readonly BranchState[] {
  return entries.flatMap(({ entry, transition }) =>
    transition === undefined ? [] : [{ branch: entry.branch, state: transition.state }],
  );
}

function jsonDocument({ header }: ExecutionDocument, seen: Replay, intact: boolean) {
  return {
    execution: `${header.flow}/${header.ref.name}`,
    startId: header.startId,
    status: header.status,
    faithful: isFaithful(seen, intact),
    intact,
    entries: seen.entries.map(({ entry, event, history, transition, step, differences }) => ({
      branch: entry.branch,
      seq: entry.seq,
      at: entry.at,
      step,
      event,
      history: history(),
      effect: transition?.effect ?? null,
      differences,
    })),
    states: Object.fromEntries(openStates(seen).map(({ branch, state }) => [branchText(branch), state])),
    differences: seen.end,
  };
}
