/**
 * The table: the six requests that the journal makes, each with its expressions and its errors translated. A conditional
 * write that is refused is a result, not an error, and says what is there.
 */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../runtime/ports/clock.ts";
import { AwsError, calling } from "../errors.ts";
import { type Change, type Condition, conditionExpression, placeholders, updateExpression } from "./expression.ts";
import { type Item, item, sizeOf } from "./item.ts";
import type { Key } from "./keys.ts";

/** A conditional write that was not made. */
export interface Refused {
  readonly refused: true;
  /** What is there; undefined: nothing. */
  readonly there: Item | undefined;
  /** The SDK sent the request more than once: the first may have been made. */
  readonly again: boolean;
}

/** An update that was made, and the item after it. */
export interface Updated {
  readonly refused: false;
  readonly item: Item;
}

export interface Range {
  readonly pk: string;
  /** Beginning of the sort key, or both bounds, inclusive. */
  readonly sk: string | readonly [from: string, to: string];
  readonly newestFirst?: boolean;
  /** Items that a page looks at, at most; as many as fit a megabyte when not given. */
  readonly pageItems?: number;
  /** Only items that have this attribute. */
  readonly having?: string;
  /** A secondary index and the names of its keys. Reading one may lag behind. */
  readonly index?: { readonly name: string; readonly pk: string; readonly sk: string };
}

export interface Table {
  get(key: Key): Promise<Item | undefined>;
  /** Undefined: written. */
  put(key: Key, attributes: Item, condition?: Condition): Promise<Refused | undefined>;
  update(key: Key, change: Change, condition?: Condition): Promise<Updated | Refused>;
  /** Undefined: removed. */
  remove(key: Key, condition?: Condition): Promise<Refused | undefined>;
  /** Pages of a range, each read when it is asked for. */
  query(range: Range): AsyncGenerator<readonly Item[]>;
  /** Items by their keys, in that order; undefined where there is none. */
  getMany(keys: readonly Key[], options: { readonly consistent: boolean }): Promise<readonly (Item | undefined)[]>;
}

/** DynamoDB's limit of an item, bytes. */
const MAX_ITEM_BYTES = 400 * 1024;
/** DynamoDB's limit of a BatchGetItem, keys. */
const BATCH = 100;
/** A batch that gets nothing so often in a row is throttled. */
const MAX_EMPTY_BATCHES = 8;
const FIRST_PAUSE_MS = 25;

export interface TableOptions {
  readonly client: DynamoDBClient;
  readonly name: string;
  readonly clock: Pick<Clock, "sleep">;
}

export function openTable({ client, name, clock }: TableOptions): Table {
  async function batch(keys: readonly Key[], consistent: boolean, found: Map<string, Item>): Promise<void> {
    let left = keys.map((key) => item({ ...key }));
    for (let empty = 0; left.length > 0; ) {
      const request = { RequestItems: { [name]: { Keys: left, ConsistentRead: consistent } } };
      const answer = await calling("DynamoDB BatchGetItem", () => client.send(new BatchGetItemCommand(request)));
      const items = answer.Responses?.[name] ?? [];
      for (const one of items) found.set(place(one.pk?.S ?? "", one.sk?.S ?? ""), one);
      left = answer.UnprocessedKeys?.[name]?.Keys ?? [];
      if (left.length === 0) return;
      empty = items.length === 0 ? empty + 1 : 0;
      if (empty > MAX_EMPTY_BATCHES) {
        throw new AwsError(
          "throttled",
          "DynamoDB BatchGetItem",
          "UnprocessedKeys",
          `${left.length} keys were not read`,
        );
      }
      await clock.sleep(FIRST_PAUSE_MS * 2 ** empty);
    }
  }

  return {
    async get(key) {
      const request = { TableName: name, Key: item({ ...key }), ConsistentRead: true };
      const { Item } = await calling("DynamoDB GetItem", () => client.send(new GetItemCommand(request)));
      return Item;
    },
    put(key, attributes, condition) {
      const whole = { ...item({ ...key }), ...attributes };
      const bytes = sizeOf(whole);
      if (bytes > MAX_ITEM_BYTES) return Promise.reject(tooLarge(key, bytes));
      const at = placeholders();
      const request = { TableName: name, Item: whole, ...conditional(condition, at), ...at.parameters() };
      return refusable("DynamoDB PutItem", async () => {
        await client.send(new PutItemCommand(request));
        return undefined;
      });
    },
    update(key, change, condition) {
      const at = placeholders();
      const request = {
        TableName: name,
        Key: item({ ...key }),
        UpdateExpression: updateExpression(change, at),
        ReturnValues: "ALL_NEW" as const,
        ...conditional(condition, at),
        ...at.parameters(),
      };
      return refusable("DynamoDB UpdateItem", async () => {
        const { Attributes = {} } = await client.send(new UpdateItemCommand(request));
        return { refused: false, item: Attributes } satisfies Updated;
      });
    },
    remove(key, condition) {
      const at = placeholders();
      const request = { TableName: name, Key: item({ ...key }), ...conditional(condition, at), ...at.parameters() };
      return refusable("DynamoDB DeleteItem", async () => {
        await client.send(new DeleteItemCommand(request));
        return undefined;
      });
    },
    async *query({ pk, sk, newestFirst = false, pageItems, having, index }) {
      const at = placeholders();
      const [hash, range] = [at.name(index?.pk ?? "pk"), at.name(index?.sk ?? "sk")];
      const where =
        typeof sk === "string"
          ? `begins_with(${range}, ${at.value({ S: sk })})`
          : `${range} BETWEEN ${at.value({ S: sk[0] })} AND ${at.value({ S: sk[1] })}`;
      const request = {
        TableName: name,
        ...(index === undefined ? { ConsistentRead: true } : { IndexName: index.name }),
        KeyConditionExpression: `${hash} = ${at.value({ S: pk })} AND ${where}`,
        ...(having === undefined ? {} : { FilterExpression: `attribute_exists(${at.name(having)})` }),
        ScanIndexForward: !newestFirst,
        ...(pageItems === undefined ? {} : { Limit: pageItems }),
        ...at.parameters(),
      };
      let next: Record<string, Item[string]> | undefined;
      do {
        const command = new QueryCommand({ ...request, ...(next === undefined ? {} : { ExclusiveStartKey: next }) });
        const { Items = [], LastEvaluatedKey } = await calling("DynamoDB Query", () => client.send(command));
        yield Items;
        next = LastEvaluatedKey;
      } while (next !== undefined);
    },
    async getMany(keys, { consistent }) {
      const found = new Map<string, Item>();
      // A batch takes no key twice.
      const distinct = [...new Map(keys.map((key) => [place(key.pk, key.sk), key])).values()];
      const batches = Array.from({ length: Math.ceil(distinct.length / BATCH) }, (_, at) =>
        distinct.slice(at * BATCH, (at + 1) * BATCH),
      );
      await Promise.all(batches.map((one) => batch(one, consistent, found)));
      return keys.map((key) => found.get(place(key.pk, key.sk)));
    },
  };
}

function conditional(condition: Condition | undefined, at: ReturnType<typeof placeholders>) {
  if (condition === undefined) return {};
  return {
    ConditionExpression: conditionExpression(condition, at),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
  };
}

function refusable<T>(operation: string, call: () => Promise<T>): Promise<T | Refused> {
  return calling(operation, async () => {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { refused: true, there: error.Item, again: (error.$metadata.attempts ?? 1) > 1 } satisfies Refused;
    }
  });
}

/** A key as one text. */
function place(pk: string, sk: string): string {
  return JSON.stringify([pk, sk]);
}

function tooLarge({ pk, sk }: Key, bytes: number): AwsError {
  return new AwsError(
    "rejected",
    "DynamoDB PutItem",
    "ItemTooLarge",
    `item ${pk} ${sk} would take ${bytes} bytes; DynamoDB takes at most ${MAX_ITEM_BYTES}. ` +
      "Values above the inline limit go to blob storage: is it set higher than 64 KB, or are names or causes that long?",
  );
}
