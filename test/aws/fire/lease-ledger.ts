/**
 * Who held which entry's lease from when until when, and which attempts were invoked: noted as the requests pass the proxy.
 * The journal itself keeps only an entry's last lease.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { AwsAnswer, AwsRequest } from "./aws-request.ts";

/** A lease that was written: with its entry, extended, or taken over. */
export interface Grant {
  readonly owner: string;
  /** ms */
  readonly until: number;
  /** When the write was answered, ms. */
  readonly at: number;
}

/** A function that was invoked for an attempt. */
export interface Invoked {
  readonly attemptId: string;
  /** When the request came, ms. */
  readonly at: number;
}

export interface LeaseLedger {
  /** By entry (`placeOf`), in the order in which they were written. */
  readonly grants: ReadonlyMap<string, readonly Grant[]>;
  readonly invoked: readonly Invoked[];
  /** To be told of each request that was carried out. */
  note(request: AwsRequest, answer: AwsAnswer): void;
}

type Item = { readonly [attribute: string]: AttributeValue };

/** The parameters of PutItem and UpdateItem that matter here. */
interface Write {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: { readonly [placeholder: string]: string };
  readonly ExpressionAttributeValues?: Item;
}

export function leaseLedger(): LeaseLedger {
  const grants = new Map<string, Grant[]>();
  const invoked: Invoked[] = [];

  function noteWrite(body: Buffer): void {
    // Most writes are of no lease: they need not be read.
    if (!body.includes("leaseOwner")) return;
    const write = JSON.parse(body.toString()) as Write;
    const { leaseOwner, leaseUntil, pk, sk } = { ...write.Key, ...(write.Item ?? changed(write)) };
    if (leaseOwner?.S === undefined || leaseUntil?.N === undefined) return;
    const place = placeOf({ pk: pk?.S ?? "", sk: sk?.S ?? "" });
    const grant = { owner: leaseOwner.S, until: Number(leaseUntil.N), at: Date.now() };
    // Each is written on the condition of the one before and ends later: answers may overtake each other.
    grants.set(
      place,
      [...(grants.get(place) ?? []), grant].sort((one, other) => one.until - other.until),
    );
  }

  return {
    grants,
    invoked,
    note(request, { status }) {
      const { service, action, headers, body, at } = request;
      if (service === "dynamodb" && status === 200 && (action === "PutItem" || action === "UpdateItem"))
        noteWrite(body);
      // Throttled is not invoked; any other answer may come of a function that ran.
      if (service === "lambda" && action === "Invoke" && status !== 429) {
        const attemptId = attemptOf(headers["x-amz-client-context"]);
        if (attemptId !== undefined) invoked.push({ attemptId, at });
      }
    },
  };
}

/** Names an item of the table. */
export function placeOf({ pk, sk }: { readonly pk: string; readonly sk: string }): string {
  return `${pk} ${sk}`;
}

/** The attributes that an update sets. */
function changed({
  UpdateExpression = "",
  ExpressionAttributeNames = {},
  ExpressionAttributeValues = {},
}: Write): Item {
  const set = UpdateExpression.matchAll(/(#\w+) = (:\w+)/g);
  const pairs = [...set].flatMap(([, name = "", value = ""]) => {
    const [attribute, written] = [ExpressionAttributeNames[name], ExpressionAttributeValues[value]];
    return attribute === undefined || written === undefined ? [] : [[attribute, written] as const];
  });
  return Object.fromEntries(pairs);
}

/** Of the client context, in which an invocation names its attempt. */
function attemptOf(context: string | readonly string[] | undefined): string | undefined {
  if (typeof context !== "string") return undefined;
  const { custom } = JSON.parse(Buffer.from(context, "base64").toString()) as { custom?: { attemptId?: string } };
  return custom?.attemptId;
}
