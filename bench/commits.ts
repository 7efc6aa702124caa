/** The store's commits: how long one takes on this machine, and how many there were. */
import { open } from "lmdb";
import { settledSeq } from "../lib/local/store/commits.ts";
import { journalFile } from "../lib/local/store/directory.ts";
import type { Key } from "../lib/local/store/keys.ts";
import { readLog } from "../lib/local/store/log.ts";
import { openStore } from "../lib/local/store/store.ts";
import { median } from "./statistics.ts";
import { temporaryFolder } from "./temporary.ts";

const SAMPLES = 400;

/** Median time of a commit of one small write, ms: written, and known to be on the disk. */
export async function commitMs(): Promise<number> {
  const folder = temporaryFolder("stepwell-commits-");
  const store = await openStore(folder.path);
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const begun = performance.now();
    store.write(() => store.tables.archives.put([`sample-${i}`], "x".repeat(500)));
    await store.durable();
    times.push(performance.now() - begun);
  }
  await store.close();
  folder.remove();
  return median(times);
}

/** How many commits a store has made since it was made, in use or not: each is one record of its log, and one wait for the disk. */
export async function commitsOf(directory: string): Promise<number> {
  const root = open<string, Key>({ path: journalFile(directory), noSubdir: true, encoding: "string", readOnly: true });
  const settled = settledSeq(root);
  await root.close();
  return readLog(directory, settled).at(-1)?.seq ?? settled;
}
