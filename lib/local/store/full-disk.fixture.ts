/** Appends entries until the disk takes no more; says how many were acknowledged, the error, and that of the next write. */
import { writeSync } from "node:fs";
import { entry, packed } from "../../../test/contracts/journal/items.ts";
import { StepwellError } from "../../fdl/errors.ts";
import { lmdbJournal } from "./journal.ts";
import { openStore } from "./store.ts";

const [, , directory = ""] = process.argv;
const store = await openStore(directory);
const journal = lmdbJournal(store);
const event = packed("x".repeat(20_000));

async function appendUntilFull(): Promise<void> {
  for (let seq = 0; ; seq++) {
    const rivals = [0, 1].map((branch) =>
      journal.append(entry({ startId: "start", branch: `${branch}`, seq }, { event })),
    );
    await Promise.all(rivals);
    await store.durable();
    writeSync(1, `appended ${seq}\n`);
  }
}

try {
  await appendUntilFull();
} catch (error) {
  writeSync(1, `${error instanceof StepwellError ? error.code : error}\n`);
  try {
    store.write(() => {});
  } catch (next) {
    writeSync(1, `then ${next instanceof StepwellError ? next.code : next}\n`);
  }
}
process.exit();
