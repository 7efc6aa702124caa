/** The journal's headers, inputs, outputs and archives in memory, with the two lists that are read from them. */
import type { ExecutionRef, Header, Journal, Packed } from "../../runtime/ports/journal.ts";
import { getOrAdd } from "./get-or-add.ts";
import { type Cell, type NewestFirst, newestFirst } from "./newest-first.ts";

type Executions = Pick<
  Journal,
  | "putHeader"
  | "readHeader"
  | "endHeader"
  | "park"
  | "unpark"
  | "putInput"
  | "putResult"
  | "readData"
  | "putArchive"
  | "readArchive"
  | "listExecutions"
  | "listRunning"
>;

interface FlowExecutions {
  readonly byName: Map<string, Cell<Header>>;
  readonly list: NewestFirst<Header>;
}

interface Data {
  input?: Packed;
  output?: Packed;
}

/** Running headers a page. */
const PAGE = 100;

/** No executions yet. */
export function memoryExecutions(): Executions {
  const flows = new Map<string, FlowExecutions>();
  const data = new Map<string, Data>();
  const archives = new Map<string, string>();
  const parked = new Map<string, Set<string>>();
  const running = newestFirst<Header>();
  let endedInRunning = 0;

  function find(ref: ExecutionRef): Cell<Header> | undefined {
    return flows.get(ref.flowId)?.byName.get(ref.name);
  }

  function executionsOf(flowId: string): FlowExecutions {
    return getOrAdd(flows, flowId, () => ({ byName: new Map<string, Cell<Header>>(), list: newestFirst<Header>() }));
  }

  /** Ended headers leave the list of running ones together, so that ending one does not move all the others. */
  function leaveRunning(): void {
    endedInRunning++;
    if (endedInRunning * 2 <= running.size()) return;
    running.prune((header) => header.status === "Running");
    endedInRunning = 0;
  }

  function dataOf(startId: string): Data {
    return getOrAdd(data, startId, () => ({}));
  }

  return {
    async putHeader(header) {
      const { byName, list } = executionsOf(header.ref.flowId);
      const existing = byName.get(header.ref.name);
      if (existing !== undefined) return existing.value;
      const cell = { value: header };
      byName.set(header.ref.name, cell);
      list.add(header.startedAt, cell);
      if (header.status === "Running") running.add(header.startedAt, cell);
      return undefined;
    },
    async readHeader(ref) {
      return find(ref)?.value;
    },
    async endHeader(ref, startId, end) {
      const cell = find(ref);
      if (cell === undefined) return undefined;
      if (cell.value.startId === startId && cell.value.status === "Running") {
        cell.value = { ...cell.value, ...end };
        leaveRunning();
      }
      return cell.value;
    },
    async park(ref, startId, message) {
      getOrAdd(parked, startId, () => new Set<string>()).add(message);
      const cell = find(ref);
      if (cell?.value.startId === startId) cell.value = { ...cell.value, parked: true };
    },
    async unpark(ref, startId) {
      const messages = [...(parked.get(startId) ?? [])];
      parked.delete(startId);
      const cell = find(ref);
      if (cell?.value.startId === startId) {
        const { parked: _, ...header } = cell.value;
        cell.value = header;
      }
      return messages;
    },
    async putInput(_ref, startId, input) {
      dataOf(startId).input = input;
    },
    async putResult(_ref, startId, output) {
      dataOf(startId).output = output;
    },
    async readData(_ref, startId) {
      return { ...data.get(startId) };
    },
    async putArchive(_ref, startId, archive) {
      archives.set(startId, archive);
    },
    async readArchive(_ref, startId) {
      return archives.get(startId);
    },
    async listExecutions(flowId, { limit, status, namePrefix = "", startedFrom, startedTo }, cursor) {
      const accept = (header: Header): boolean =>
        (status === undefined || header.status === status) && header.ref.name.startsWith(namePrefix);
      const list = flows.get(flowId)?.list;
      return list?.page({ limit, cursor, from: startedFrom, to: startedTo, accept }) ?? { items: [] };
    },
    async listRunning(cursor) {
      return running.page({ limit: PAGE, cursor, accept: (header) => header.status === "Running" });
    },
  };
}
