/** A store filled with ended executions: copies of one that a server ran, each with its own name, start id and time. */
import { randomUUID } from "node:crypto";
import { lmdbJournal } from "../lib/local/store/journal.ts";
import { openStore } from "../lib/local/store/store.ts";
import type { Entry, Header, Journal } from "../lib/runtime/ports/journal.ts";

/** Written between two waits for the disk. */
const BATCH = 2_000;

/** Ends of copies lie in the last ten days: nothing is old enough to be removed. */
const AGE_MS = 10 * 86_400_000;

/** Names of the copies: `copy-0` and so on. */
export const copyName = (number: number): string => `copy-${number}`;

/** Adds `count` copies of the execution `name` of `flow` through the journal's own writes. Nothing else may have the store open. */
export async function addCopies(
  directory: string,
  { flow, name, count }: { readonly flow: string; readonly name: string; readonly count: number },
): Promise<void> {
  const store = await openStore(directory);
  const journal = lmdbJournal(store);
  try {
    const original = await read(journal, flow, name);
    for (let from = 0; from < count; from += BATCH) {
      const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => from + i);
      for (const number of numbers) await copy(journal, original, number, AGE_MS * (1 - number / count));
      await store.durable();
    }
  } finally {
    await store.close();
  }
}

interface Original {
  readonly header: Header;
  readonly entries: readonly Entry[];
  readonly data: Awaited<ReturnType<Journal["readData"]>>;
}

async function read(journal: Journal, flow: string, name: string): Promise<Original> {
  const item = await journal.readFlow(flow);
  const header = item && (await journal.readHeader({ flowId: item.flowId, name }));
  if (header?.status !== "Succeeded") throw new Error(`Execution ${name} of flow ${flow} has not succeeded.`);
  const entries = await journal.readEntries(header.startId, "", 0, 1_000);
  return { header, entries, data: await journal.readData(header.ref, header.startId) };
}

/** Writes what the runtime would have written, in its order. */
async function copy(
  journal: Journal,
  { header, entries, data }: Original,
  number: number,
  ageMs: number,
): Promise<void> {
  const { status, endedAt = 0, ...running } = header;
  if (status === "Running") throw new Error("Only ended executions are copied.");
  const [startId, ref] = [randomUUID(), { ...header.ref, name: copyName(number) }];
  const moved = (time: number) => Math.round(time - ageMs);
  const started = { ...running, ref, startId, startedAt: moved(header.startedAt), deadline: moved(header.deadline) };
  if (data.input !== undefined) await journal.putInput(ref, startId, data.input);
  await journal.putHeader({ ...started, status: "Running" });
  for (const entry of entries) await journal.append({ ...entry, startId, at: moved(entry.at), writer: randomUUID() });
  if (data.output !== undefined) await journal.putResult(ref, startId, data.output);
  await journal.endHeader(ref, startId, { status, endedAt: moved(endedAt) });
}
