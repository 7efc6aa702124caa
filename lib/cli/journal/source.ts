/** What executions are read from: the reading half of a journal, and what stands beside it. */

import type { Trace } from "../../runtime/index.ts";
import type { Blobs } from "../../runtime/ports/blobs.ts";
import type { Header, Journal } from "../../runtime/ports/journal.ts";

export interface ExecutionSource {
  readonly journal: Pick<
    Journal,
    | "readEntries"
    | "readVerdict"
    | "readJoins"
    | "readOutputs"
    | "readHeader"
    | "readData"
    | "readArchive"
    | "readRevision"
    | "readFlow"
    | "listFlows"
    | "listExecutions"
  >;
  readonly blobs: Pick<Blobs, "get">;
  byStartId(startId: string): Promise<Header | undefined>;
  /** What workers met with, in the order of time. */
  traces(startId: string): Promise<readonly Trace[]>;
}
