/** The rows that one execution's header has in the lists: put, moved and removed together with it. */
import type { ExecutionRef, Header } from "../../../runtime/ports/journal.ts";
import { type Key, keyText } from "../keys.ts";
import type { Tables } from "../tables.ts";

/** Key of a header. */
export function headerKey({ flowId, name }: ExecutionRef): Key {
  return [keyText(flowId), keyText(name)];
}

/** Puts a header where there was none, or in the place of `before`: then those of its rows move that say its status. */
export function putHeaderRows(tables: Tables, header: Header, before?: Header): void {
  const [flow, name] = [keyText(header.ref.flowId), keyText(header.ref.name)];
  if (before === undefined) {
    tables.starts.put([keyText(header.startId)], [flow, name]);
    tables.started.put([flow, header.startedAt, name], 1);
  } else {
    removeStatusRows(tables, before);
  }
  tables.headers.put([flow, name], header);
  tables.startedByStatus.put([flow, header.status, header.startedAt, name], 1);
  if (header.status === "Running") tables.running.put([header.startedAt, flow, name], 1);
  else tables.ended.put([endOf(header), flow, name], 1);
}

/** Removes a header and all rows that lead to it. */
export function removeHeaderRows(tables: Tables, header: Header): void {
  removeStatusRows(tables, header);
  const [flow = "", name = ""] = headerKey(header.ref);
  tables.started.remove([flow, header.startedAt, name]);
  tables.headers.remove([flow, name]);
  tables.starts.remove([keyText(header.startId)]);
}

function removeStatusRows(tables: Tables, header: Header): void {
  const [flow, name] = [keyText(header.ref.flowId), keyText(header.ref.name)];
  tables.startedByStatus.remove([flow, header.status, header.startedAt, name]);
  if (header.status === "Running") tables.running.remove([header.startedAt, flow, name]);
  else tables.ended.remove([endOf(header), flow, name]);
}

function endOf(header: Header): number {
  return header.endedAt ?? header.startedAt;
}
