/** Reads everything of one execution into a document. */
import { randomUUID } from "node:crypto";
import type { BranchOutput, Event, State, Verdict } from "../../engine/index.ts";
import { StepwellError } from "../../fdl/errors.ts";
import type { Json } from "../../fdl/json.ts";
import { memoryJournal } from "../../memory/journal.ts";
import { restore } from "../../runtime/archive.ts";
import { childBranch, ROOT } from "../../runtime/branch.ts";
import { type ClaimCheck, claimCheck } from "../../runtime/claim-check.ts";
import type { Entry, Header, Journal, Packed } from "../../runtime/ports/journal.ts";
import {
  type ExecutionDocument,
  type ExportedEntry,
  type ExportedJoin,
  type ExportedOutput,
  type ExportedVerdict,
  FORMAT,
} from "./document.ts";
import { setApart } from "./large-values.ts";
import type { ExecutionSource } from "./source.ts";
import { withoutSignatures } from "./tokens.ts";

type Reading = Pick<Journal, "readEntries" | "readVerdict" | "readJoins" | "readOutputs">;

/**
 * The execution whose header was just read, as it is now. It may go on meanwhile: the header is older than the entries, and
 * each branch's entries are older than those of the branches that it forks into, so that what the document holds of a cause
 * is never newer than its effects. Throws StepwellError `FlowNotExists` when its definition is gone.
 */
export async function exportExecution(
  source: ExecutionSource,
  header: Header,
  now: number,
): Promise<ExecutionDocument> {
  const { ref, startId, flow, revision } = header;
  const definition = await source.journal.readRevision(ref.flowId, revision);
  if (definition === undefined) {
    throw new StepwellError("FlowNotExists", `Revision ${revision} of flow ${flow}, which ${ref.name} runs, is gone.`);
  }
  const { claims, found } = apartClaims();
  const journal = await entriesJournal(source, header);
  const execution = await collect(journal, claims, startId);
  const data = await source.journal.readData(ref, startId);
  const document: Omit<ExecutionDocument, "values" | "places"> = {
    stepwell: "execution",
    format: FORMAT,
    exportedAt: now,
    header: plain(header),
    definition,
    ...(data.input === undefined ? {} : { input: await claims.unpack<Json>(data.input) }),
    ...(data.output === undefined ? {} : { output: await claims.unpack<Json>(data.output) }),
    ...execution,
    traces: await source.traces(startId),
  };
  const places = setApart(document, found.hashOf);
  const values = await Promise.all(
    [...found.hashes].map(async (hash) => [hash, parsed(await source.blobs.get(hash))] as const),
  );
  return { ...document, values: Object.fromEntries(values), places };
}

/** Where the entries stand: of an Express run in its archive. */
async function entriesJournal({ journal }: ExecutionSource, { ref, startId }: Header): Promise<Reading> {
  const archive = await journal.readArchive(ref, startId);
  if (archive === undefined) return journal;
  const run = memoryJournal();
  await restore(run, archive);
  return run;
}

interface Collected {
  readonly entries: ExportedEntry[];
  readonly verdicts: ExportedVerdict[];
  readonly joins: ExportedJoin[];
  readonly outputs: ExportedOutput[];
}

async function collect(journal: Reading, claims: Unpack, startId: string): Promise<Collected> {
  const all: Collected = { entries: [], verdicts: [], joins: [], outputs: [] };
  const branches: string[] = [ROOT];
  for (let branch = branches.pop(); branch !== undefined; branch = branches.pop()) {
    const children: string[] = [];
    for await (const entry of entriesOf(journal, startId, branch)) {
      const exported = await exportEntry(claims, entry);
      all.entries.push(exported);
      if (entry.effect === "submit") await collectVerdict(journal, claims, entry, all);
      const width = widthOf(exported);
      for (let index = 0; index < width; index++) children.push(childBranch(branch, entry.seq, index));
      if (width > 0) await collectFork(journal, claims, entry, all);
    }
    branches.push(...children.reverse());
  }
  return all;
}

/** How many branches an entry forked into; 0 when it is no fork. */
function widthOf({ effect, snapshot }: ExportedEntry): number {
  return effect === "fork" && snapshot?.waiting.kind === "fork" ? snapshot.waiting.width : 0;
}

async function* entriesOf(journal: Reading, startId: string, branch: string): AsyncGenerator<Entry> {
  for (let seq = 0; ; ) {
    const page = await journal.readEntries(startId, branch, seq, Number.MAX_SAFE_INTEGER);
    const last = page.at(-1);
    if (last === undefined) return;
    yield* page;
    seq = last.seq + 1;
  }
}

async function exportEntry(claims: Unpack, entry: Entry): Promise<ExportedEntry> {
  const { startId: _, event, snapshot, ...rest } = entry;
  return {
    ...rest,
    event: await claims.unpack<Event>(event),
    ...(snapshot === undefined ? {} : { snapshot: await claims.unpack<State>(snapshot) }),
  };
}

async function collectVerdict(journal: Reading, claims: Unpack, { startId, branch, seq }: Entry, all: Collected) {
  const item = await journal.readVerdict({ startId, branch, seq });
  if (item === undefined) return;
  const { outcome, ...rest } = item;
  const given = outcome === undefined ? {} : { outcome: await claims.unpack<Verdict>(outcome) };
  all.verdicts.push({ branch, seq, ...rest, ...given });
}

async function collectFork(journal: Reading, claims: Unpack, { startId, branch, seq }: Entry, all: Collected) {
  const key = { startId, branch, seq };
  const [join] = await journal.readJoins([key]);
  if (join !== undefined) all.joins.push({ branch, seq, ...join, done: [...join.done].sort((a, b) => a - b) });
  for (const { locals, ...rest } of await journal.readOutputs(key)) {
    all.outputs.push({ branch, seq, ...rest, locals: (await claims.unpack<BranchOutput>(locals)).locals });
  }
}

type Unpack = Pick<ClaimCheck, "unpack">;

/** Large values are not put into their places: a mark is, which says which it was. */
function apartClaims(): {
  readonly claims: Unpack;
  readonly found: { readonly hashes: ReadonlySet<string>; hashOf(value: object): string | undefined };
} {
  const hashes = new Set<string>();
  // Users' data cannot hold it.
  const key = randomUUID();
  const inner = claimCheck({
    blobs: {
      put: () => Promise.reject(new Error("nothing is packed here")),
      async get(hash) {
        hashes.add(hash);
        return JSON.stringify({ [key]: hash });
      },
    },
    keys: { hash: () => "" },
    inlineBytes: 0,
    cacheBytes: 0,
  });
  return {
    claims: { unpack: (text) => inner.unpack(withoutSignatures(text) as Packed) },
    found: {
      hashes,
      hashOf: (value) => (Object.hasOwn(value, key) ? String(Reflect.get(value, key)) : undefined),
    },
  };
}

function plain<T>(value: T): T {
  return parsed(JSON.stringify(value)) as T;
}

function parsed(text: string): Json {
  return JSON.parse(withoutSignatures(text)) as Json;
}
