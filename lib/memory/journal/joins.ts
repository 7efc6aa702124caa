/** The journal's joins, and the outputs that branches hand over, in memory. */
import type { JoinItem, Journal, OutputItem } from "../../runtime/ports/journal.ts";
import { byEntry } from "./by-entry.ts";

/** No joins yet. A join once returned stays as it was: each caller sees the set as its own write left it. */
export function memoryJoins(): Pick<Journal, "addDone" | "putFailure" | "readJoins" | "putOutput" | "readOutputs"> {
  const joins = byEntry<JoinItem>();
  const outputs = byEntry<Map<string, OutputItem>>();
  return {
    async addDone(key, index) {
      const join = joins.get(key);
      if (join?.done.has(index)) return join;
      const after = { ...join, done: new Set(join?.done).add(index) };
      joins.set(key, after);
      return after;
    },
    async putFailure(key, failure) {
      const join = joins.get(key);
      if (join?.failure !== undefined) return join;
      const after = { done: join?.done ?? new Set<number>(), failure };
      joins.set(key, after);
      return after;
    },
    async readJoins(keys) {
      return keys.map((key) => joins.get(key));
    },
    async putOutput(key, output) {
      const chunks = outputs.getOrAdd(key, () => new Map<string, OutputItem>());
      chunks.set(`${output.index}.${output.chunk}`, output);
    },
    async readOutputs(key) {
      const chunks = [...(outputs.get(key)?.values() ?? [])];
      return chunks.sort((one, other) => one.index - other.index || one.chunk - other.chunk);
    },
  };
}
