/**
 * What must hold of a store that nobody works on, whatever happened to the processes that did (docs/architecture.md §3 to
 * §6): `node test/chaos/invariants.ts DIRECTORY` prints each violation, and exits with 1 when there is one.
 */
import { fileURLToPath } from "node:url";
import { openStoreForReading, type ReadStore } from "../../lib/local/store/read-store.ts";
import type { Runtime } from "../../lib/runtime/index.ts";
import { checkEntries } from "./invariants/entries.ts";
import { checkExecution, checkLists } from "./invariants/executions.ts";
import { factsOf } from "./invariants/facts.ts";
import { checkHistory } from "./invariants/histories.ts";
import { checkLiveness } from "./invariants/liveness.ts";
import { checkOutcomes } from "./invariants/outcomes.ts";
import { readingRuntime } from "./invariants/reading.ts";
import { type Execution, nameOf, type Records, readRecords, type Violation } from "./invariants/records.ts";
import { checkReplay } from "./invariants/replay.ts";

export type { Violation };

export interface Checked {
  readonly executions: number;
  readonly entries: number;
  readonly violations: readonly Violation[];
}

/** Checks a directory as it is. */
export async function checkDirectory(directory: string): Promise<Checked> {
  const store = openStoreForReading(directory);
  try {
    return await checkStore(store);
  } finally {
    await store.close();
  }
}

/** Checks a store that does not change meanwhile. */
export async function checkStore(store: ReadStore): Promise<Checked> {
  const records = readRecords(store);
  const checked = await checkRecords(records, readingRuntime(store));
  return { ...checked, violations: [...checkLists(store, records), ...checked.violations] };
}

/** Checks what was read of any store. The runtime reads the same store. */
export async function checkRecords(records: Records, runtime: Runtime): Promise<Checked> {
  const violations = [...records.violations];
  const byName = new Map([...records.executions.values()].map((one) => [nameOf(one.header), one]));
  let entries = 0;
  for (const execution of records.executions.values()) {
    for (const branch of execution.branches.values()) entries += branch.length;
    for await (const violation of checkOne(runtime, byName, execution)) violations.push(violation);
  }
  return { executions: records.executions.size, entries, violations };
}

async function* checkOne(
  runtime: Runtime,
  byName: ReadonlyMap<string, Execution>,
  execution: Execution,
): AsyncGenerator<Violation> {
  const facts = await factsOf(runtime, execution);
  yield* facts.unreadable;
  yield* checkExecution(facts);
  yield* checkEntries(facts);
  yield* checkOutcomes(facts);
  yield* checkLiveness(facts, (flow, name) => byName.get(`${flow}/${name}`), Date.now());
  yield* checkReplay(runtime, facts);
  yield* checkHistory(runtime, facts);
}

/** A violation on one line. */
export function violationText({ execution, branch, seq, text }: Violation): string {
  return `${execution || "store"} ${branch || "root"}${seq === undefined ? "" : `#${seq}`}: ${text}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , directory] = process.argv;
  if (directory === undefined) throw new Error("usage: node test/chaos/invariants.ts DIRECTORY");
  const { executions, entries, violations } = await checkDirectory(directory);
  for (const violation of violations) console.log(violationText(violation));
  console.log(`${executions} executions, ${entries} entries, ${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
