/** Executions in memory as the commands read them. */
import type { Ports, Trace } from "../../../runtime/index.ts";
import type { ExecutionRef } from "../../../runtime/ports/journal.ts";
import { exportExecution } from "../collect.ts";
import type { ExecutionDocument } from "../document.ts";
import { documentText } from "../document-text.ts";
import { parseDocument } from "../parse-document.ts";
import type { ExecutionSource } from "../source.ts";

type Memory = Pick<Ports, "journal" | "blobs" | "clock">;

export function sourceOf({ journal, blobs }: Memory, traces: readonly Trace[] = []): ExecutionSource {
  return {
    journal,
    blobs,
    async byStartId(startId) {
      for (const { flowId } of (await journal.listFlows()).items) {
        const { items } = await journal.listExecutions(flowId, { limit: 1_000 });
        const found = items.find((header) => header.startId === startId);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    traces: async (startId) => traces.filter((trace) => trace.startId === startId),
  };
}

/** The text of an execution's export. */
export async function exportText(memory: Memory, ref: ExecutionRef, traces: readonly Trace[] = []): Promise<string> {
  const header = await memory.journal.readHeader(ref);
  if (header === undefined) throw new Error(`no execution ${ref.name}`);
  return [...documentText(await exportExecution(sourceOf(memory, traces), header, memory.clock.now()))].join("");
}

/** The export of an execution, written and read again. */
export async function exported(
  memory: Memory,
  ref: ExecutionRef,
  traces: readonly Trace[] = [],
): Promise<ExecutionDocument> {
  const { document, intact } = parseDocument(await exportText(memory, ref, traces), "the export");
  if (!intact) throw new Error("the export is not what was written");
  return document;
}
