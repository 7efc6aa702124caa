/** Reads what a request publishes: one message, or a batch of them. */

import type { Attributes } from "../../runtime/message-attributes.ts";
import type { Params } from "./actions.ts";

export interface Publication {
  /** Of its parameters' names. */
  readonly prefix: string;
  readonly subject?: string;
  readonly attributes: Attributes;
  /** What is wrong with it, in SNS's words. */
  readonly problem?: string;
  /** What a subscription of that protocol gets. */
  message(protocol: string): string;
  /** The id that the answer (XML) gives it; undefined: it was refused. */
  messageId(xml: string): string | undefined;
}

const NO_DEFAULT = "Invalid parameter: Message Structure - No default entry in JSON message body";

/** The message whose parameters begin with `prefix`. */
export function publicationOf(params: Params, prefix: string): Publication {
  const text = params[`${prefix}Message`] ?? "";
  const subject = params[`${prefix}Subject`];
  const id = params[`${prefix}Id`];
  const messages = params[`${prefix}MessageStructure`] === "json" ? parseStructure(text) : { default: text };
  return {
    prefix,
    ...(messages === undefined ? { problem: NO_DEFAULT } : {}),
    ...(subject === undefined || subject === "" ? {} : { subject }),
    attributes: attributesOf(params, prefix),
    message: (protocol) => messages?.[protocol] ?? messages?.default ?? "",
    messageId(xml) {
      const before = id === undefined ? "" : `<Id>${id}</Id>\\s*`;
      return new RegExp(`${before}<MessageId>([^<]+)</MessageId>`).exec(xml)?.[1];
    },
  };
}

/** The messages of a PublishBatch. */
export function publicationsOf(params: Params): readonly Publication[] {
  return numbers(params, "PublishBatchRequestEntries.member.").map((number) =>
    publicationOf(params, `PublishBatchRequestEntries.member.${number}.`),
  );
}

/** With MessageStructure `json`, the message is an object of texts, one for each protocol, and one by the name `default`. */
function parseStructure(text: string): { readonly [protocol: string]: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null) return undefined;
    const texts = Object.entries(parsed).filter(([, value]) => typeof value === "string");
    const messages = new Map(texts);
    return messages.has("default") ? Object.fromEntries(messages) : undefined;
  } catch {
    return undefined;
  }
}

function attributesOf(params: Params, prefix: string): Attributes {
  const attributes: Attributes = {};
  const start = `${prefix}MessageAttributes.entry.`;
  for (const number of numbers(params, start)) {
    const name = params[`${start}${number}.Name`] ?? "";
    const DataType = params[`${start}${number}.Value.DataType`] ?? "";
    const StringValue = params[`${start}${number}.Value.StringValue`];
    const BinaryValue = params[`${start}${number}.Value.BinaryValue`];
    if (name === "" || DataType === "") continue;
    attributes[name] = {
      DataType,
      ...(StringValue === undefined ? {} : { StringValue }),
      ...(BinaryValue === undefined ? {} : { BinaryValue }),
    };
  }
  return attributes;
}

/** Numbers of the list whose parameters begin so. */
function numbers(params: Params, start: string): readonly string[] {
  const found = Object.keys(params)
    .filter((name) => name.startsWith(start))
    .map((name) => name.slice(start.length).split(".")[0] ?? "");
  return [...new Set(found)].filter((number) => /^\d+$/.test(number));
}
