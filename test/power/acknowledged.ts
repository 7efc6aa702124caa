/** What was told to the outside before the power went, and which of it the store does not hold. */
import { openStoreForReading } from "../../lib/local/store/read-store.ts";
import { systemKeys } from "../../lib/memory/keys.ts";
import { readToken } from "../../lib/runtime/token.ts";
import { readingRuntime } from "../chaos/invariants/reading.ts";
import { at, type Execution, nameOf, readRecords } from "../chaos/invariants/records.ts";
import { checkStore, violationText } from "../chaos/invariants.ts";

/** All that was acknowledged so far. */
export interface Acknowledged {
  readonly directory: string;
  /** Flow and name of executions whose start was answered. */
  readonly starts: readonly string[];
  /** Those that were seen to have ended, with status and output. */
  readonly ends: readonly { readonly name: string; readonly status: string; readonly output: string }[];
  /** Task tokens whose report was answered. */
  readonly reported: readonly string[];
  /** Attempts that a function was called for: whatever they do outside, they do as part of what is recorded. */
  readonly called: readonly string[];
}

export interface Held {
  /** Acknowledgements that do not hold, as sentences. */
  readonly lost: readonly string[];
  /** Why the store cannot be read at all. */
  readonly unreadable?: string;
  /** What else is wrong with the store. */
  readonly violations: readonly string[];
}

/** How many they are. */
export function countOf({ starts, ends, reported, called }: Acknowledged): number {
  return starts.length + ends.length + reported.length + called.length;
}

export async function checkHeld(acknowledged: Acknowledged): Promise<Held> {
  const { directory, starts, ends, reported, called } = acknowledged;
  // Where nothing was promised there need not be a store; whether the next server can begin here is seen by that.
  if (countOf(acknowledged) === 0) return { lost: [], violations: [] };
  const store = openStoreForReading(directory);
  try {
    const { executions } = readRecords(store);
    const runtime = readingRuntime(store);
    const byName = new Map([...executions.values()].map((one) => [nameOf(one.header), one]));
    const lost: string[] = [];
    for (const name of starts) {
      const execution = byName.get(name);
      if (execution?.input !== true)
        lost.push(`${name} was started and is ${execution ? "without its input" : "not there"}`);
    }
    for (const { name, status, output } of ends) {
      const execution = byName.get(name);
      const now = execution && (await endOf(execution));
      if (now !== `${status} ${output}`)
        lost.push(`${name} had ended as ${status} ${output} and is ${now ?? "not there"}`);
    }
    for (const token of reported) {
      const { startId, branch, seq } = readToken(UNSIGNED, unsigned(token));
      const verdict = executions.get(startId)?.verdicts.get(at(branch, seq));
      if (verdict?.outcome === undefined)
        lost.push(`a report for ${startId}:${branch}:${seq} was accepted and is not there`);
    }
    for (const attempt of called) {
      const [startId = "", branch = "", seq = ""] = attempt.split(":");
      const entries = executions.get(startId)?.branches.get(branch) ?? [];
      if (!entries.some((entry) => entry.seq === Number(seq)))
        lost.push(`attempt ${attempt} was begun and is not there`);
    }
    return { lost, violations: (await checkStore(store)).violations.map(violationText) };

    async function endOf({ header: { ref, startId, status } }: Execution): Promise<string> {
      const { output } = await store.journal.readData(ref, startId);
      const shown =
        status === "Succeeded" && output !== undefined ? JSON.stringify(await runtime.claims.unpack(output)) : "";
      return `${status} ${shown}`;
    }
  } finally {
    await store.close();
  }
}

/** A token is only read here, not trusted: it is signed again with a key that is known. */
const UNSIGNED = { ...systemKeys({ id: "", secret: "" }), sign: () => "unsigned" };

function unsigned(token: string): string {
  return `${token.slice(0, token.lastIndexOf("."))}.unsigned`;
}
