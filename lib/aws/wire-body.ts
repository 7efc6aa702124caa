/**
 * How a message's body stands in an SQS message. Most stand as they are. A text that SQS does not take, or that EventBridge
 * Scheduler would change, becomes a JSON string literal; one that is too long is set aside in blob storage under its hash,
 * and the reference travels. So the first character tells: `"` a literal, `@` a reference.
 */
import { createHash } from "node:crypto";
import { StepwellError } from "../fdl/errors.ts";
import type { Blobs } from "../runtime/ports/blobs.ts";

/** What SQS refuses (SendMessage: #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD and what is above are allowed). */
const REFUSED = /[\p{Cs}\ufffe\uffff]|(?![\t\n\r])\p{Cc}/u;

/** Scheduler replaces `<aws.scheduler.execution-id>` and the like wherever they stand in a target's input. */
const REPLACED = /<aws\.scheduler\./;

export interface WireOptions {
  /** Longest body that travels by itself, bytes. */
  readonly maxBytes: number;
  /** Whose limit that is: "SQS". */
  readonly service: string;
  /** Where longer ones are set aside; absent: they are refused. */
  readonly blobs?: Blobs | undefined;
}

/** The body as it is sent. Throws StepwellError `FnF.DataLimitExceeded` for one that is too long when there are no blobs. */
export async function toWire(body: string, { maxBytes, service, blobs }: WireOptions): Promise<string> {
  const wire = literal(body);
  const bytes = Buffer.byteLength(wire);
  if (bytes <= maxBytes) return wire;
  if (blobs === undefined) {
    throw new StepwellError(
      "FnF.DataLimitExceeded",
      `a message has ${bytes} bytes; the limit of ${service} is ${maxBytes} bytes`,
    );
  }
  const hash = createHash("sha256").update(body).digest("hex");
  await blobs.put(hash, body);
  return `@${hash}`;
}

/** The body that was sent. Rejects when it was set aside and is not there, or was set aside and there are no blobs. */
export async function fromWire(wire: string, blobs?: Blobs): Promise<string> {
  if (wire.startsWith('"')) return JSON.parse(wire) as string;
  if (!wire.startsWith("@")) return wire;
  if (blobs === undefined)
    throw new StepwellError("InvalidMessage", "a message was set aside, and there is no blob storage");
  return blobs.get(wire.slice(1));
}

function literal(body: string): string {
  // SQS refuses an empty body, too.
  if (body !== "" && !/^["@]/.test(body) && !REFUSED.test(body) && !REPLACED.test(body)) return body;
  // JSON escapes control characters and halves of surrogate pairs by itself.
  return JSON.stringify(body).replace(/[\ufffe\uffff<]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
