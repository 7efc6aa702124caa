/**
 * A meter for what AWS bills: middleware on SDK clients notes each request that was answered, also those that the SDK repeats,
 * and what it takes of DynamoDB and SQS. It keeps the items of the table as the requests write them, since what a write costs depends on
 * what was there: so all clients that write must be told to it.
 */
import { performance } from "node:perf_hooks";
import { ConditionalCheckFailedException, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import { type Index, type Item, indexUnits, itemBytes, readUnits, writeUnits } from "./count-capacity.ts";

/** Who sends: a function of Stepwell's, Lambda's event source before it, or Scheduler when a schedule is due. */
export type Sender = "api" | "advance" | "eventSource" | "scheduler";

export interface CountedRequest {
  readonly by: Sender;
  readonly service: string;
  /** What it does to what, as "PutItem entry if absent" or "SendMessageBatch of 1". */
  readonly what: string;
  /** Write request units: of the table, and of its indexes. */
  readonly written: number;
  readonly indexed: number;
  /** Read request units. */
  readonly read: number;
  /** Requests that SQS bills: one for 64 KB. */
  readonly queued: number;
  /** Messages that were sent. */
  readonly sent: number;
  /** When it was under way, ms of this process. */
  readonly from: number;
  readonly until: number;
}

export interface Meter {
  readonly requests: CountedRequest[];
  /** Counts the requests of an SDK client. */
  watch(client: Watchable, by: Sender): void;
}

interface Watchable {
  readonly middlewareStack: {
    add(middleware: unknown, options: unknown): void;
  };
}

interface Args {
  readonly input: Input;
}

/** What the requests that are counted may hold. */
interface Input {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConsistentRead?: boolean;
  readonly ConditionExpression?: string;
  readonly RequestItems?: { readonly [table: string]: { readonly ConsistentRead?: boolean; readonly Keys: Item[] } };
  readonly Entries?: readonly { readonly MessageBody?: string }[];
  readonly MessageBody?: string;
  readonly Target?: { readonly Input?: string };
}

interface Output {
  readonly Item?: Item;
  readonly Attributes?: Item;
  readonly Items?: QueryCommandOutput["Items"];
  readonly Responses?: { readonly [table: string]: Item[] };
  readonly Messages?: readonly { readonly Body?: string }[];
}

type Billed = Pick<CountedRequest, "what" | "written" | "indexed" | "read" | "queued" | "sent">;

const NOTHING: Omit<Billed, "what"> = { written: 0, indexed: 0, read: 0, queued: 0, sent: 0 };

/** SQS bills each 64 KB of the bodies of a request as one. */
const CHUNK_BYTES = 64 * 1024;

export function openMeter(indexes: readonly Index[]): Meter {
  const requests: CountedRequest[] = [];
  const items = new Map<string, Item>();

  function write(operation: string, key: Item, after: Item | undefined, { ConditionExpression }: Input): Billed {
    const place = JSON.stringify([key.pk, key.sk]);
    const before = items.get(place);
    if (after === undefined) items.delete(place);
    else items.set(place, after);
    const indexed = indexes.reduce((units, index) => units + indexUnits(index, before, after), 0);
    const what = `${operation} ${kindOf(key)}${conditionOf(ConditionExpression)}`;
    return { ...NOTHING, what, written: writeUnits(before, after), indexed };
  }

  function billed(service: string, operation: string, input: Input, output: Output): Billed {
    const { Item: item = {}, Key: key = {}, Entries = [], ConsistentRead: consistent = false } = input;
    const consistency = consistent ? ", consistent" : "";
    switch (operation) {
      case "PutItem":
        return write(operation, item, item, input);
      case "UpdateItem":
        return write(operation, key, output.Attributes, input);
      case "DeleteItem":
        return write(operation, key, undefined, input);
      case "GetItem": {
        const read = readUnits(output.Item ? itemBytes(output.Item) : 0, consistent);
        return { ...NOTHING, what: `${operation} ${kindOf(key)}${consistency}`, read };
      }
      case "BatchGetItem": {
        // Each item is rounded up by itself; keys without one are billed as the smallest read.
        const tables = Object.values(input.RequestItems ?? {});
        const asked = tables.reduce((count, { Keys }) => count + Keys.length, 0);
        const found = Object.values(output.Responses ?? {}).flat();
        const isConsistent = tables.some(({ ConsistentRead }) => ConsistentRead);
        const sizes = Array.from({ length: asked }, (_, at) => (found[at] ? itemBytes(found[at]) : 0));
        const read = sizes.reduce((units, bytes) => units + readUnits(bytes, isConsistent), 0);
        return { ...NOTHING, what: `${operation} of ${asked}${isConsistent ? ", consistent" : ""}`, read };
      }
      case "Query": {
        const bytes = (output.Items ?? []).reduce((all, one) => all + itemBytes(one), 0);
        return { ...NOTHING, what: `${operation}${consistency}`, read: readUnits(bytes, consistent) };
      }
      case "SendMessageBatch": {
        const bodies = Entries.map(({ MessageBody = "" }) => MessageBody);
        return { ...NOTHING, what: `${operation} of ${bodies.length}`, queued: chunks(bodies), sent: bodies.length };
      }
      case "ReceiveMessage": {
        const bodies = (output.Messages ?? []).map(({ Body = "" }) => Body);
        return { ...NOTHING, what: `${operation} of ${bodies.length}`, queued: chunks(bodies) };
      }
      case "ChangeMessageVisibilityBatch":
      case "DeleteMessageBatch":
        return { ...NOTHING, what: `${operation} of ${Entries.length}`, queued: 1 };
      case "SendMessage":
        return { ...NOTHING, what: operation, queued: chunks([input.MessageBody ?? ""]), sent: 1 };
      default:
        if (service === "DynamoDB") throw new Error(`count-requests.ts does not know what ${operation} costs`);
        return { ...NOTHING, what: operation, queued: service === "SQS" ? 1 : 0 };
    }
  }

  /** A refused write costs what is there, and leaves it. */
  function refused(operation: string, { Item: item, Key: key = item ?? {}, ConditionExpression }: Input): Billed {
    const there = items.get(JSON.stringify([key.pk, key.sk]));
    const what = `${operation} ${kindOf(key)}${conditionOf(ConditionExpression)}: refused`;
    return { ...NOTHING, what, written: writeUnits(there, undefined) };
  }

  return {
    requests,
    watch(client, by) {
      const middleware =
        (next: (args: Args) => Promise<{ readonly output: Output }>, context: Readonly<Record<string, unknown>>) =>
        async (args: Args) => {
          const service = String(context.clientName).replace(/Client$/, "");
          const operation = String(context.commandName).replace(/Command$/, "");
          const from = performance.now();
          const note = (bill: Billed, who: Pick<CountedRequest, "by" | "service"> = { by, service }) =>
            requests.push({ ...who, ...bill, from, until: performance.now() });
          try {
            const answer = await next(args);
            // What Lambda pays for itself is not counted: looking into an empty queue.
            if (operation === "ReceiveMessage" && !answer.output.Messages?.length) return answer;
            note(billed(service, operation, args.input, answer.output));
            if (operation === "CreateSchedule") note(sentWhenDue(args.input), { by: "scheduler", service: "SQS" });
            return answer;
          } catch (error) {
            if (!(error instanceof ConditionalCheckFailedException)) throw error;
            note(refused(operation, args.input));
            throw error;
          }
        };
      // Below the SDK's retries, above the reading of answers.
      client.middlewareStack.add(middleware, { step: "deserialize", name: "meter", priority: "high" });
    },
  };
}

/** The request to SQS that Scheduler makes when the schedule is due: nobody sees it, and SQS bills it. */
function sentWhenDue({ Target }: Input): Billed {
  return { ...NOTHING, what: "SendMessage", queued: chunks([Target?.Input ?? ""]), sent: 1 };
}

/** What an item is, by its key (architecture §7). */
function kindOf({ pk, sk }: Item): string {
  const [partition = "", sort = ""] = [pk?.S, sk?.S];
  if (partition.startsWith("F#")) return sort === "!" ? "flow" : "revision";
  if (partition.startsWith("X#")) return sort === "!" ? "header" : sort.startsWith("A#") ? "archive" : "data";
  return KINDS[sort.slice(0, 2)] ?? "other";
}

const KINDS: { readonly [prefix: string]: string } = {
  "J#": "entry",
  "V#": "verdict",
  "B#": "join",
  "O#": "output",
  "P#": "parked",
};

function conditionOf(expression: string | undefined): string {
  if (expression === undefined) return "";
  return /^attribute_not_exists\(#\w+\)$/.test(expression) ? " if absent" : " if as expected";
}

function chunks(bodies: readonly string[]): number {
  return Math.max(1, Math.ceil(bodies.reduce((bytes, body) => bytes + Buffer.byteLength(body), 0) / CHUNK_BYTES));
}

/** How many requests had to wait for one another: the longest chain in which each began when the one before had ended. */
export function roundTrips(requests: readonly Pick<CountedRequest, "from" | "until">[]): number {
  let [trips, free] = [0, Number.NEGATIVE_INFINITY];
  for (const { from, until } of requests.toSorted((a, b) => a.until - b.until)) {
    if (from < free) continue;
    trips++;
    free = until;
  }
  return trips;
}

/** How often each was made, as `{"advance: PutItem entry if absent": 11}`. */
export function tally(requests: readonly CountedRequest[]): { readonly [request: string]: number } {
  const counts: Record<string, number> = {};
  for (const { by, what } of requests) counts[`${by}: ${what}`] = (counts[`${by}: ${what}`] ?? 0) + 1;
  return counts;
}
