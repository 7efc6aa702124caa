/**
 * Writes to a store without end until it is killed, and says what was acknowledged, a line each, as soon as it was:
 * `won <branch> <seq> <writer>`, `sent <body>`, `consuming <body>`, `consumed <body>`, `timer <name>`, `blob <text>`.
 */
import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import { entry } from "../../../test/contracts/journal/items.ts";
import { countingIds } from "../../memory/ids.ts";
import { systemClock } from "../../memory/system-clock.ts";
import { fileBlobs } from "./blobs.ts";
import { lmdbJournal } from "./journal.ts";
import { lmdbQueue } from "./queue.ts";
import { openStore } from "./store.ts";
import { lmdbTimers } from "./timers.ts";

const [, , directory = "", round = ""] = process.argv;
const YEAR_MS = 365 * 24 * 3600 * 1000;
const store = await openStore(directory);
const clock = systemClock();
const journal = lmdbJournal(store);
const queue = lmdbQueue(store, { clock, ids: countingIds(`delivery-${round}`) });
const timers = lmdbTimers(store, { clock, queue });
const blobs = fileBlobs(store.blobsFolder);

function say(...words: readonly (string | number)[]): void {
  writeSync(1, `${words.join(" ")}\n`);
}

/** One of three who fight for every entry of a branch, beginning with some that earlier rounds may have won. */
async function append(branch: string, writer: string): Promise<never> {
  const tip = (await journal.readTip("start", branch))?.seq ?? 0;
  for (let seq = Math.max(tip - 3, 0); ; seq++) {
    const lost = await journal.append(entry({ startId: "start", branch, seq }, { writer }));
    await store.durable();
    if (lost === undefined) say("won", branch, seq, writer);
  }
}

async function send(): Promise<never> {
  for (let number = 0; ; number++) {
    const body = `message-${round}-${number}`;
    await queue.send(body);
    await store.durable();
    say("sent", body);
  }
}

/** Consumes every other message. */
async function receive(): Promise<never> {
  for (;;) {
    for (const delivery of await queue.receive(4, new AbortController().signal)) {
      if (!/[02468]$/.test(delivery.body)) continue;
      say("consuming", delivery.body);
      await delivery.consume();
      await store.durable();
      say("consumed", delivery.body);
    }
  }
}

async function schedule(): Promise<never> {
  for (let number = 0; ; number++) {
    const name = `timer-${round}-${number}`;
    await timers.schedule(name, Date.now() + YEAR_MS, name);
    await store.durable();
    say("timer", name);
  }
}

async function put(): Promise<never> {
  for (let number = 0; ; number++) {
    const text = `text-${round}-${number}`;
    await blobs.put(createHash("sha256").update(text).digest("hex"), text);
    say("blob", text);
  }
}

await Promise.all([
  ...["", "1.0"].flatMap((branch) => [1, 2, 3].map((rival) => append(branch, `${round}.${rival}`))),
  send(),
  receive(),
  schedule(),
  put(),
]);
