/**
 * The contract of the journal port: what every adapter must do, each sentence of the port a test. Run it from the
 * adapter's own test file:
 *
 *     journalContract("memory", async () => ({ journal: memoryJournal(), close: async () => {} }));
 */
import { afterEach, beforeEach, describe } from "vitest";
import type { Journal } from "../../lib/runtime/ports/journal.ts";
import { entriesContract } from "./journal/entries.ts";
import { executionsContract } from "./journal/executions.ts";
import { flowsContract } from "./journal/flows.ts";
import { joinsContract } from "./journal/joins.ts";
import { listsContract } from "./journal/lists.ts";
import { probeContract } from "./journal/probe.ts";
import { verdictsContract } from "./journal/verdicts.ts";

export interface JournalUnderTest {
  /** Empty. */
  readonly journal: Journal;
  close(): Promise<void>;
}

export interface JournalContractOptions {
  /** Size of the largest text that the adapter takes in one item, bytes. */
  readonly textBytes?: number;
}

/** Registers the suite. `makeJournal` is called for each test. */
export function journalContract(
  name: string,
  makeJournal: () => Promise<JournalUnderTest>,
  { textBytes = 1024 * 1024 }: JournalContractOptions = {},
): void {
  describe(`journal contract: ${name}`, () => {
    let made: JournalUnderTest;
    beforeEach(async () => {
      made = await makeJournal();
    });
    afterEach(() => made.close());

    const journal = () => made.journal;
    const largeText = "ö".repeat(textBytes / 2);
    entriesContract(journal, largeText);
    verdictsContract(journal);
    joinsContract(journal);
    executionsContract(journal, largeText);
    listsContract(journal);
    flowsContract(journal, largeText);
    probeContract(journal);
  });
}
