/** What must hold when a run is over, whatever happened in it. */
import type { Event, Verdict } from "../../lib/engine/index.ts";
import { ROOT } from "../../lib/runtime/branch.ts";
import { readToken } from "../../lib/runtime/token.ts";
import { keyText } from "../../lib/sim/witness.ts";
import type { World } from "../../lib/sim/world.ts";
import type { Told } from "./outcome.ts";
import { checkReplay } from "./replay.ts";

/** Longer than the crash harness freezes anybody, and a visibility. */
export const SOON_MS = 600_000;

/** Everything that is wrong, as sentences. `soonMs`: a `sync` child ends so long after its parent at the latest. */
export async function verify(world: World, outcome: ReadonlyMap<string, Told>, soonMs = SOON_MS): Promise<string[]> {
  const wrong = [...world.witness.violations];
  for (const [name, ended] of outcome) {
    if (ended.header.status === "Running") wrong.push(`${name} is still running, and nothing is in flight`);
    else wrong.push(...checkHistory(world, ended).map((text) => `history of ${name}: ${text}`));
  }
  wrong.push(
    ...(await checkEntries(world)),
    ...(await checkReplay(world)),
    ...(await checkReports(world)),
    ...(await checkInputs(world)),
    ...checkChildren(world, outcome, soonMs),
  );
  return wrong;
}

/** Gapless, causes before effects, from the start to the end that the header and the stored output tell of. */
function checkHistory({ witness }: World, { header, events, output }: Told): string[] {
  const wrong: string[] = [];
  for (const [index, { id, causeId, type, time }] of events.entries()) {
    if (id !== index + 1) wrong.push(`event ${index + 1} has id ${id}`);
    const cause = events[causeId - 1];
    if (causeId >= id || (cause === undefined) !== (index === 0))
      wrong.push(`event ${id} (${type}) is caused by ${causeId}`);
    if (cause !== undefined && cause.time > time) wrong.push(`event ${id} (${type}) is earlier than its cause`);
  }
  const begun = witness.entries.has(keyText({ startId: header.startId, branch: ROOT, seq: 0 }));
  if (begun && events[0]?.type !== "ExecutionStarted") wrong.push(`it begins with ${events[0]?.type}`);
  const last = events.at(-1);
  if (last?.type !== `Execution${header.status}`)
    wrong.push(`it ends with ${last?.type}, but the execution is ${header.status}`);
  if (last !== undefined && last.time !== header.endedAt)
    wrong.push(`it ends at ${last.time}, the execution at ${header.endedAt}`);
  if (header.status === "Succeeded" && last !== undefined) {
    const [shown, stored] = [JSON.stringify(last.detail), JSON.stringify({ output })];
    if (shown !== stored) wrong.push(`its output is ${shown}, the stored one ${stored}`);
  }
  return wrong;
}

/** The journal's entries are as they were written, and what they record of attempts and forks is what these came to. */
async function checkEntries({ witness, observer }: World): Promise<string[]> {
  const wrong: string[] = [];
  const { journal } = observer.ports;
  for (const [key, entry] of witness.entries) {
    const stored = await journal.readEntry(entry);
    if (stored?.event !== entry.event || stored.at !== entry.at || stored.writer !== entry.writer)
      wrong.push(`entry ${key} was changed`);
    const event = await observer.claims.unpack<Event>(entry.event);
    if (event.kind === "reported") {
      const given = witness.verdicts.get(keyText({ ...entry, seq: entry.seq - 2 }));
      if (given === undefined || !same(await observer.claims.unpack<Verdict>(given.outcome), event.verdict))
        wrong.push(`entry ${key} is not the attempt's verdict`);
    }
    if (event.kind === "joined" || event.kind === "branchFailed") {
      const [join] = await journal.readJoins([{ ...entry, seq: entry.seq - 1 }]);
      const failed = join?.failure !== undefined && event.kind === "branchFailed" && join.failure.index === event.index;
      if (event.kind === "joined" ? join === undefined : !failed) wrong.push(`entry ${key} is not what its join says`);
    }
  }
  return wrong;
}

/** A report that was accepted is the verdict of its attempt, and the only one. */
async function checkReports({ callers, witness, observer }: World): Promise<string[]> {
  const wrong: string[] = [];
  const accepted = new Set<string>();
  for (const { token, verdict, accepted: ok } of callers.reports) {
    if (!ok) continue;
    if (accepted.has(token)) wrong.push(`two reports of one task were accepted`);
    accepted.add(token);
    const given = witness.verdicts.get(keyText(readToken(observer.ports.keys, token)));
    if (given === undefined || !same(await observer.claims.unpack<Verdict>(given.outcome), verdict))
      wrong.push(`a report was accepted but is not the verdict: ${JSON.stringify(verdict)}`);
  }
  return wrong;
}

/** A header is never without its input. */
async function checkInputs({ witness, observer }: World): Promise<string[]> {
  const wrong: string[] = [];
  for (const { ref, startId } of witness.headers.values()) {
    if ((await observer.ports.journal.readData(ref, startId)).input === undefined)
      wrong.push(`the input of ${ref.name} was not stored`);
  }
  return wrong;
}

/** A `sync` child ends with its parent: soon, even when a worker was frozen over it. */
function checkChildren({ observer, witness }: World, outcome: ReadonlyMap<string, Told>, soonMs: number): string[] {
  const wrong: string[] = [];
  for (const { header } of outcome.values()) {
    if (!header.stopWithParent || header.parentToken === undefined || header.status === "Stopped") continue;
    const parent = witness.headers.get(readToken(observer.ports.keys, header.parentToken).startId);
    const late = (header.endedAt ?? 0) - (parent?.endedAt ?? Number.POSITIVE_INFINITY);
    if (late > soonMs) wrong.push(`${header.ref.name} ran on for ${late} ms after its parent had ended`);
  }
  return wrong;
}

function same(one: Verdict, other: Verdict): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
