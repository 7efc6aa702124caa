/**
 * The journal's flows and their revisions. A definition is not in the item of its flow, which is read at each start, so a
 * change is two writes. Whoever puts revision n has made it; moving the flow on to n comes after, by the same conditional
 * write whether its author makes it or, where that one died in between, the next who finds the revision there.
 */
import { randomUUID } from "node:crypto";
import type { FlowItem, Journal } from "../../runtime/ports/journal.ts";
import { FLOWS_SHARD, placeInTime } from "./index-keys.ts";
import { type Item, item, number, text } from "./item.ts";
import { flowKey, revisionKey } from "./keys.ts";
import { longTexts } from "./long-text.ts";
import { newestFirst } from "./newest-first.ts";
import type { Stored } from "./stored.ts";
import type { Refused } from "./table.ts";

type Flows = Pick<Journal, "createFlow" | "readFlow" | "updateFlow" | "deleteFlow" | "readRevision" | "listFlows">;

/** Flows a page. */
const PAGE = 100;

/** The revisions of a deleted flow stay: executions that it started go on. */
export function tableFlows({ table }: Stored): Flows {
  const texts = longTexts(table);

  async function read(name: string): Promise<FlowItem | undefined> {
    const found = await table.get(flowKey(name));
    return found && readFlowItem(found);
  }

  /** Writes a revision if it is not there yet; undefined: it is this one's. */
  async function putRevision(flow: FlowItem, definition: string): Promise<Refused | undefined> {
    const key = revisionKey(flow.flowId, flow.revision);
    const writer = randomUUID();
    const attributes = {
      definition: await texts.write(key.pk, definition),
      ...item({ writer, flow: JSON.stringify(flow) }),
    };
    const refused = await table.put(key, attributes, { absent: ["pk"] });
    return refused?.there?.writer?.S === writer ? undefined : refused;
  }

  async function removeRevision(flow: FlowItem): Promise<void> {
    const key = revisionKey(flow.flowId, flow.revision);
    const definition = (await table.get(key))?.definition;
    await table.remove(key);
    await texts.remove(key.pk, definition);
  }

  /** Moves a flow on to a revision that is there. False: the flow is gone. */
  async function moveOn(flow: FlowItem): Promise<boolean> {
    const before = item({ flowId: flow.flowId, revision: flow.revision - 1 });
    const refused = await table.put(flowKey(flow.name), flowItem(flow), { equal: before });
    if (refused === undefined) return true;
    const there = refused.there && readFlowItem(refused.there);
    return there?.flowId === flow.flowId && there.revision >= flow.revision;
  }

  return {
    async createFlow(flow, definition) {
      const existing = await read(flow.name);
      if (existing !== undefined) return existing;
      await putRevision(flow, definition);
      const refused = await table.put(flowKey(flow.name), flowItem(flow), { absent: ["pk"] });
      const there = refused?.there && readFlowItem(refused.there);
      if (there === undefined || there.flowId === flow.flowId) return undefined;
      await removeRevision(flow);
      return there;
    },
    readFlow: read,
    async updateFlow(flow, definition) {
      const existing = await read(flow.name);
      if (existing?.flowId !== flow.flowId || existing.revision !== flow.revision - 1) return false;
      const refused = await putRevision(flow, definition);
      if (refused === undefined) return moveOn(flow);
      if (refused.there !== undefined) await moveOn(JSON.parse(text(refused.there, "flow")) as FlowItem);
      return false;
    },
    async deleteFlow(name, flowId) {
      const refused = await table.remove(flowKey(name), { equal: item({ flowId }) });
      // Its own removal, repeated by the SDK.
      return refused === undefined || (refused.again && refused.there === undefined);
    },
    async readRevision(flowId, revision) {
      const key = revisionKey(flowId, revision);
      return texts.read(key.pk, (await table.get(key))?.definition);
    },
    async listFlows(cursor) {
      const page = await newestFirst(table, { shards: [FLOWS_SHARD], limit: PAGE, cursor });
      const keys = page.rows.map((row) => ({ pk: text(row, "pk"), sk: text(row, "sk") }));
      const found = await table.getMany(keys, { consistent: false });
      const items = found.flatMap((one) => (one === undefined ? [] : [readFlowItem(one)]));
      return { items, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
    },
  };
}

function flowItem({ flowId, name, revision, mode, createdAt, updatedAt }: FlowItem): Item {
  return item({
    ...{ flowId, name, revision, mode, createdAt, updatedAt },
    listShard: FLOWS_SHARD,
    startedAt: placeInTime(createdAt, flowId),
  });
}

function readFlowItem(from: Item): FlowItem {
  return {
    flowId: text(from, "flowId"),
    name: text(from, "name"),
    revision: number(from, "revision"),
    mode: text(from, "mode") as FlowItem["mode"],
    createdAt: number(from, "createdAt"),
    updatedAt: number(from, "updatedAt"),
  };
}
