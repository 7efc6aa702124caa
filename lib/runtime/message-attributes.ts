/** Attributes that a task's message carries, and the size that counts for the service's limit (fdl.md §12). */
import type { MessageParams } from "../engine/effect.ts";
import type { AttemptContext } from "./ports/functions.ts";

/** Message attributes as SQS and SNS take them. */
export interface Attributes {
  [name: string]: { DataType: string; StringValue?: string; BinaryValue?: string };
}

/** A service's limit for body and attributes together, bytes. */
export const LIMITS = {
  queue: { service: "SQS", bytes: 1024 * 1024, text: "1 MiB" },
  topic: { service: "SNS", bytes: 256 * 1024, text: "256 KB" },
};

/** SQS takes that many attributes with a message. */
const MOST_ATTRIBUTES = 10;

/** What the flow gave: its attributes, and what MNS has and SQS and SNS have not. */
export function givenAttributes({ attributes = {}, priority, tag }: MessageParams): Attributes {
  return Object.fromEntries([
    ...(priority === undefined ? [] : [["Priority", { DataType: "Number", StringValue: String(priority) }] as const]),
    ...(tag === undefined ? [] : [["MessageTag", text(tag)] as const]),
    ...Object.entries(attributes).map(([name, value]) => [name, text(value)] as const),
  ]);
}

/** The same and the attempt that the message is of, where the limits of the service (`bytes`) leave room for it. */
export function withAttempt(given: Attributes, context: AttemptContext, body: string, bytes: number): Attributes {
  const attributes = {
    ...given,
    "stepwell.attempt": text(context.attemptId),
    "stepwell.flow": text(context.flow),
    "stepwell.execution": text(context.execution),
  };
  const fits = Object.keys(attributes).length <= MOST_ATTRIBUTES && sizeOf(body, attributes) <= bytes;
  return fits ? attributes : given;
}

/** Bytes that count: body, and name, type and value of each attribute. */
export function sizeOf(body: string, attributes: Attributes): number {
  const texts = Object.entries(attributes).flatMap(([name, { DataType, StringValue = "" }]) => [
    name,
    DataType,
    StringValue,
  ]);
  return [body, ...texts].reduce((bytes, part) => bytes + Buffer.byteLength(part), 0);
}

function text(value: string) {
  return { DataType: "String", StringValue: value };
}
