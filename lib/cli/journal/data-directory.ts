/** The data directory of `stepwell dev` or `stepwell run --dir`, in use or not, as a source of executions. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { under } from "../../local/store/journal/entry-key.ts";
import { keyText } from "../../local/store/keys.ts";
import { isAlive } from "../../local/store/owner.ts";
import { openStoreForReading } from "../../local/store/read-store.ts";
import { printable } from "../run/screen.ts";
import { UsageError } from "../usage.ts";
import type { ExecutionSource } from "./source.ts";

/** Where `stepwell dev` keeps its data when it is not told. */
const DEFAULT_DATA = ".stepwell";

/** Of what `stepwell dev` keeps in its data directory, the part that holds executions. */
const STORE = "store";
/** Every store has it. */
const JOURNAL = "journal.mdb";

export interface DataDirectory extends ExecutionSource {
  /** A process works on it: what is unfinished goes on. */
  inUse(): boolean;
  close(): Promise<void>;
}

/** Throws UsageError when there is nothing, StepwellError `StoreFormat`, `StoreDamaged`. */
export function openDataDirectory(directory: string): DataDirectory {
  const path = [join(directory, STORE), directory].find((one) => existsSync(join(one, JOURNAL)));
  if (path === undefined) {
    throw new UsageError(
      `there are no executions in ${printable(directory)}: name the data directory of "stepwell dev" (its default is ${DEFAULT_DATA}) or of "stepwell run --dir" with --data DIR`,
    );
  }
  const { journal, blobs, tables, close } = openStoreForReading(path);
  return {
    journal,
    blobs,
    async byStartId(startId) {
      const key = tables.starts.get([keyText(startId)]);
      return key && tables.headers.get(key);
    },
    async traces(startId) {
      return [...tables.traces.rows(under([keyText(startId)]))].map(({ value }) => value);
    },
    inUse() {
      const owner = tables.owner.get(["owner"]);
      return owner !== undefined && isAlive(owner);
    },
    close,
  };
}
