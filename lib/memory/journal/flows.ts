/** The journal's flows and their revisions in memory. */
import type { FlowItem, Journal } from "../../runtime/ports/journal.ts";
import { getOrAdd } from "./get-or-add.ts";
import { type Cell, newestFirst } from "./newest-first.ts";

type Flows = Pick<Journal, "createFlow" | "readFlow" | "updateFlow" | "deleteFlow" | "readRevision" | "listFlows">;

/** Flows a page. */
const PAGE = 100;

/** No flows yet. The revisions of a deleted flow stay: executions that it started go on. */
export function memoryFlows(): Flows {
  const byName = new Map<string, Cell<FlowItem>>();
  const list = newestFirst<FlowItem>();
  const revisions = new Map<string, Map<number, string>>();

  function putRevision({ flowId, revision }: FlowItem, definition: string): void {
    getOrAdd(revisions, flowId, () => new Map<number, string>()).set(revision, definition);
  }

  return {
    async createFlow(flow, definition) {
      const existing = byName.get(flow.name);
      if (existing !== undefined) return existing.value;
      const cell = { value: flow };
      byName.set(flow.name, cell);
      list.add(flow.createdAt, cell);
      putRevision(flow, definition);
      return undefined;
    },
    async readFlow(name) {
      return byName.get(name)?.value;
    },
    async updateFlow(flow, definition) {
      const cell = byName.get(flow.name);
      if (cell?.value.flowId !== flow.flowId || cell.value.revision !== flow.revision - 1) return false;
      cell.value = flow;
      putRevision(flow, definition);
      return true;
    },
    async deleteFlow(name, flowId) {
      if (byName.get(name)?.value.flowId !== flowId) return false;
      byName.delete(name);
      list.prune((flow) => flow.flowId !== flowId);
      return true;
    },
    async readRevision(flowId, revision) {
      return revisions.get(flowId)?.get(revision);
    },
    async listFlows(cursor) {
      return list.page({ limit: PAGE, cursor });
    },
  };
}
