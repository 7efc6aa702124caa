/** The journal's joins, one item a fork whose set grows by ADD, and the outputs that branches hand over. */
import type { JoinItem, Journal, OutputItem, Packed } from "../../runtime/ports/journal.ts";
import type { Change } from "./expression.ts";
import { type Item, item, number, optionalNumber, optionalText, text } from "./item.ts";
import { branchPartition, entryItemKey, lastNumber, outputKey, outputsPrefix } from "./keys.ts";
import type { Stored } from "./stored.ts";

type Joins = Pick<Journal, "addDone" | "putFailure" | "readJoins" | "putOutput" | "readOutputs">;

export function tableJoins({ table, expiry }: Stored): Joins {
  async function change(key: Parameters<Joins["addDone"]>[0], what: Change): Promise<JoinItem> {
    const set = { expiresAt: expiry.whileItRuns() };
    const result = await table.update(entryItemKey("B", key), { set, ...what });
    return readJoinItem(result.refused ? {} : result.item);
  }

  return {
    addDone: (key, index) => change(key, { add: { done: { NS: [String(index)] } } }),
    // As JSON: a cause may be cut off within a character, which DynamoDB would refuse.
    putFailure: (key, failure) => change(key, { setOnce: item({ failure: JSON.stringify(failure) }) }),
    async readJoins(keys) {
      const [only, ...others] = keys.map((key) => entryItemKey("B", key));
      if (only === undefined) return [];
      const joins =
        others.length === 0 ? [await table.get(only)] : await table.getMany([only, ...others], { consistent: true });
      return joins.map((join) => join && readJoinItem(join));
    },
    async putOutput(key, { index, chunk, locals, last }) {
      const attributes = item({ locals, lastAt: last?.at, lastEvents: last?.events });
      await table.put(outputKey(key, index, chunk), { ...attributes, expiresAt: expiry.whileItRuns() });
    },
    async readOutputs(key) {
      const outputs: OutputItem[] = [];
      const range = { pk: branchPartition(key.startId, key.branch), sk: outputsPrefix(key) };
      for await (const page of table.query(range)) outputs.push(...page.map(readOutputItem));
      return outputs;
    },
  };
}

function readJoinItem(from: Item): JoinItem {
  const failure = optionalText(from, "failure");
  return {
    done: new Set((from.done?.NS ?? []).map(Number)),
    ...(failure === undefined ? {} : { failure: JSON.parse(failure) }),
  };
}

function readOutputItem(from: Item): OutputItem {
  const sk = text(from, "sk");
  const at = optionalNumber(from, "lastAt");
  return {
    index: lastNumber(sk.slice(0, sk.lastIndexOf("#"))),
    chunk: lastNumber(sk),
    locals: text(from, "locals") as Packed,
    ...(at === undefined ? {} : { last: { at, events: number(from, "lastEvents") } }),
  };
}
