/** The journal's flows and their revisions on disk. */
import type { FlowItem, Journal } from "../../../runtime/ports/journal.ts";
import { keyText, LAST } from "../keys.ts";
import type { Store } from "../store.ts";
import { newestFirst } from "./newest-first.ts";

type Flows = Pick<Journal, "createFlow" | "readFlow" | "updateFlow" | "deleteFlow" | "readRevision" | "listFlows">;

/** Flows a page. */
const PAGE = 100;

/** The flows of a store. The revisions of a deleted flow stay: executions that it started go on. */
export function storedFlows({ tables: { flows, flowsByTime, revisions }, write }: Store): Flows {
  function putRevision({ flowId, revision }: FlowItem, definition: string): void {
    revisions.put([keyText(flowId), revision], definition);
  }

  return {
    async createFlow(flow, definition) {
      const name = keyText(flow.name);
      return write(() => {
        const existing = flows.get([name]);
        if (existing !== undefined) return existing;
        flows.put([name], flow);
        flowsByTime.put([flow.createdAt, name], 1);
        putRevision(flow, definition);
        return undefined;
      });
    },
    async readFlow(name) {
      return flows.get([keyText(name)]);
    },
    async updateFlow(flow, definition) {
      const name = keyText(flow.name);
      return write(() => {
        const before = flows.get([name]);
        if (before?.flowId !== flow.flowId || before.revision !== flow.revision - 1) return false;
        flowsByTime.remove([before.createdAt, name]);
        flows.put([name], flow);
        flowsByTime.put([flow.createdAt, name], 1);
        putRevision(flow, definition);
        return true;
      });
    },
    async deleteFlow(name, flowId) {
      const key = keyText(name);
      return write(() => {
        const before = flows.get([key]);
        if (before?.flowId !== flowId) return false;
        flows.remove([key]);
        flowsByTime.remove([before.createdAt, key]);
        return true;
      });
    },
    async readRevision(flowId, revision) {
      return revisions.get([keyText(flowId), revision]);
    },
    async listFlows(cursor) {
      return newestFirst(flowsByTime)({
        prefix: [],
        limit: PAGE,
        cursor,
        item: ([_time, name = LAST]) => flows.get([name]),
      });
    },
  };
}
