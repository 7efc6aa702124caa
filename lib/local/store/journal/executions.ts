/** The journal's headers, inputs, outputs and archives on disk, with the two lists of executions. */
import type { Header, Journal } from "../../../runtime/ports/journal.ts";
import { type Key, keyText, LAST } from "../keys.ts";
import type { Store } from "../store.ts";
import { under } from "./entry-key.ts";
import { headerKey, putHeaderRows } from "./execution-rows.ts";
import { newestFirst } from "./newest-first.ts";

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

/** Running headers a page. */
const PAGE = 100;

/** The executions of a store. */
export function storedExecutions({ tables, write }: Store): Executions {
  const { headers, data, archives, parked } = tables;

  /** The header of `ref` where it has that start id. Inside a write. */
  function ours(row: Key, startId: string): Header | undefined {
    const header = headers.get(row);
    return header?.startId === startId ? header : undefined;
  }

  return {
    async putHeader(header) {
      const row = headerKey(header.ref);
      return write(() => {
        const existing = headers.get(row);
        if (existing === undefined) putHeaderRows(tables, header);
        return existing;
      });
    },
    async readHeader(ref) {
      return headers.get(headerKey(ref));
    },
    async endHeader(ref, startId, end) {
      const row = headerKey(ref);
      return write(() => {
        const before = headers.get(row);
        if (before?.startId !== startId || before.status !== "Running") return before;
        const after = { ...before, ...end };
        putHeaderRows(tables, after, before);
        return after;
      });
    },
    async park(ref, startId, message) {
      const [row, place] = [headerKey(ref), parkedKey(startId, message)];
      return write(() => {
        parked.put(place, message);
        const header = ours(row, startId);
        if (header !== undefined) headers.put(row, { ...header, parked: true });
      });
    },
    async unpark(ref, startId) {
      const row = headerKey(ref);
      return write(() => {
        const found = [...parked.rows(under([keyText(startId)]))];
        for (const { key } of found) parked.remove(key);
        const header = ours(row, startId);
        if (header !== undefined) {
          const { parked: _, ...rest } = header;
          headers.put(row, rest);
        }
        return found.map(({ value }) => value);
      });
    },
    putInput: async (_ref, startId, input) => write(() => data.put([keyText(startId), "input"], input)),
    putResult: async (_ref, startId, output) => write(() => data.put([keyText(startId), "output"], output)),
    async readData(_ref, startId) {
      const input = data.get([keyText(startId), "input"]);
      const output = data.get([keyText(startId), "output"]);
      return { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
    },
    putArchive: async (_ref, startId, archive) => write(() => archives.put([keyText(startId)], archive)),
    async readArchive(_ref, startId) {
      return archives.get([keyText(startId)]);
    },
    async listExecutions(flowId, { limit, status, namePrefix = "", startedFrom, startedTo }, cursor) {
      const flow = keyText(flowId);
      const list = newestFirst(status === undefined ? tables.started : tables.startedByStatus);
      return list({
        prefix: status === undefined ? [flow] : [flow, status],
        limit,
        cursor,
        from: startedFrom,
        to: startedTo,
        item([_time, name = LAST]) {
          const header = headers.get([flow, name]);
          return header?.ref.name.startsWith(namePrefix) ? header : undefined;
        },
      });
    },
    async listRunning(cursor) {
      return newestFirst(tables.running)({
        prefix: [],
        limit: PAGE,
        cursor,
        item: ([_time, flow = LAST, name = LAST]) => headers.get([flow, name]),
      });
    },
  };
}

/** The message's text may be longer than a key, and is parked once however often it comes. */
function parkedKey(startId: string, message: string): Key {
  return [keyText(startId), keyText(message)];
}
