/** The journal of an Express run as one compressed text: what its history is derived from afterwards (architecture §3, Hops and fusing). */
import { gunzipSync, gzipSync } from "node:zlib";
import { childBranch, ROOT } from "./branch.ts";
import type { Address } from "./message.ts";
import type { Entry, EntryKey, Journal, OutputItem } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import { forkWidth } from "./strand.ts";

interface Archive {
  readonly entries: readonly Entry[];
  readonly outputs: readonly { readonly fork: EntryKey; readonly items: readonly OutputItem[] }[];
}

/** All that the history of an execution is derived from. */
export async function archive(runtime: Runtime, address: Address): Promise<string> {
  const entries: Entry[] = [];
  const outputs: { fork: EntryKey; items: readonly OutputItem[] }[] = [];
  const branches: string[] = [ROOT];
  for (let branch = branches.pop(); branch !== undefined; branch = branches.pop()) {
    for await (const entry of entriesOf(runtime.ports.journal, address.startId, branch)) {
      entries.push(entry);
      const width = await forkWidth(runtime, address, entry);
      for (let index = 0; index < width; index++) branches.push(childBranch(branch, entry.seq, index));
      if (width > 0) outputs.push({ fork: key(entry), items: await runtime.ports.journal.readOutputs(entry) });
    }
  }
  return gzipSync(JSON.stringify({ entries, outputs } satisfies Archive)).toString("base64");
}

/** Puts an archive's content into an empty journal. */
export async function restore(journal: Journal, text: string): Promise<void> {
  const { entries, outputs }: Archive = JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString());
  for (const entry of entries) await journal.append(entry);
  for (const { fork, items } of outputs) for (const item of items) await journal.putOutput(fork, item);
}

async function* entriesOf(journal: Journal, startId: string, branch: string): AsyncGenerator<Entry> {
  for (let seq = 0; ; ) {
    const page = await journal.readEntries(startId, branch, seq, Number.MAX_SAFE_INTEGER);
    if (page.length === 0) return;
    yield* page;
    seq += page.length;
  }
}

function key({ startId, branch, seq }: EntryKey): EntryKey {
  return { startId, branch, seq };
}
