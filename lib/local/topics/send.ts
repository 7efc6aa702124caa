/** The destinations port over local queues and topics: tasks send what an SDK would send (fdl.md §3.1.5). */
import { createHash, randomUUID } from "node:crypto";
import type { MessageParams } from "../../engine/effect.ts";
import { type Attributes, givenAttributes, LIMITS, sizeOf, withAttempt } from "../../runtime/message-attributes.ts";
import type { Destinations } from "../../runtime/ports/destinations.ts";
import type { CallResult } from "../../runtime/ports/functions.ts";
import type { Actions, Answer } from "./actions.ts";
import { ACCOUNT, type Fauxqs, REGION } from "./fauxqs.ts";
import { readSnsError } from "./sns-error.ts";
import type { Topics } from "./topics.ts";

export interface SendOptions {
  readonly fauxqs: Fauxqs;
  readonly actions: Actions;
  readonly topics: Topics;
  /** `127.0.0.1:4566` */
  readonly host: () => string;
  /** Make a queue or topic that a task names and that is not there. */
  readonly createMissing: boolean;
  readonly log: (line: string) => void;
}

interface Message {
  readonly params: MessageParams;
  readonly attributes: Attributes;
  readonly attemptId: string;
}

/** SQS's longest delay, seconds. */
const LONGEST_DELAY = 900;

export function localDestinations(options: SendOptions): Destinations {
  /** What is being made: of several tasks that send to it at the same time one makes it. */
  const making = new Map<string, Promise<CallResult | undefined>>();

  function ensureOnce(kind: "queue" | "topic", name: string): Promise<CallResult | undefined> {
    const key = `${kind} ${name}`;
    const made = making.get(key) ?? ensure(kind, name, options).finally(() => making.delete(key));
    making.set(key, made);
    return made;
  }

  return {
    async send(call, context) {
      const name = call.kind === "queue" ? call.queue : call.topic;
      const limit = LIMITS[call.kind];
      const { body } = call.message;
      const given = givenAttributes(call.message);
      const bytes = sizeOf(body, given);
      if (bytes > limit.bytes) {
        const cause = `The message has ${bytes} bytes; the limit of ${limit.service} is ${limit.bytes} bytes (${limit.text}).`;
        return { kind: "failed", error: "FnF.DataLimitExceeded", cause };
      }
      const missing = await ensureOnce(call.kind, name);
      if (missing !== undefined) return missing;
      const attributes = withAttempt(given, context, body, limit.bytes);
      const message = { params: call.message, attributes, attemptId: context.attemptId };
      return call.kind === "queue" ? sendMessage(name, message, options) : publish(name, message, options);
    },
  };
}

async function sendMessage(
  queue: string,
  { params, attributes, attemptId }: Message,
  options: SendOptions,
): Promise<CallResult> {
  const { body, delaySeconds, groupId, deduplicationId } = params;
  if (delaySeconds !== undefined && delaySeconds > LONGEST_DELAY) {
    const cause = `DelaySeconds is ${delaySeconds}; SQS delays a message by at most ${LONGEST_DELAY} seconds.`;
    return { kind: "failed", error: "MNS.InvalidParameterValue", cause };
  }
  const fifo = queue.endsWith(".fifo");
  const answer = await options.actions.sqs(
    "SendMessage",
    {
      QueueUrl: `http://${options.host()}/${ACCOUNT}/${queue}`,
      MessageBody: body,
      MessageAttributes: attributes,
      ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
      ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
      // A run of the same attempt again sends no second message.
      ...(fifo ? { MessageDeduplicationId: deduplicationId ?? digest(attemptId) } : {}),
    },
    options.host(),
  );
  if (answer.status >= 300) return failed(sqsError(answer));
  const { MessageId } = JSON.parse(answer.body) as { MessageId: string };
  return succeeded(MessageId, body);
}

async function publish(
  topic: string,
  { params, attributes, attemptId }: Message,
  options: SendOptions,
): Promise<CallResult> {
  const { body, subject, groupId, deduplicationId } = params;
  const fifo = topic.endsWith(".fifo");
  const answer = await options.topics({
    Action: "Publish",
    TopicArn: topicArn(topic),
    Message: body,
    ...(subject === undefined ? {} : { Subject: subject }),
    ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
    ...(fifo ? { MessageDeduplicationId: deduplicationId ?? digest(attemptId) } : {}),
    ...attributeParams(attributes),
  });
  if (answer.status >= 300) return failed(readSnsError(answer.body));
  return succeeded(/<MessageId>([^<]+)</.exec(answer.body)?.[1] ?? "", body);
}

/** Makes the queue or topic that is not there; the error when it may not, or cannot, be made. */
async function ensure(kind: "queue" | "topic", name: string, options: SendOptions): Promise<CallResult | undefined> {
  const { fauxqs, actions, createMissing, log } = options;
  const there = kind === "queue" ? fauxqs.sqs.getQueueByName(name) : fauxqs.sns.getTopic(topicArn(name));
  if (there !== undefined) return undefined;
  const error = `MNS.${kind === "queue" ? "Queue" : "Topic"}NotExist`;
  if (!createMissing) return { kind: "failed", error, cause: `There is no ${kind} "${name}".` };
  const longest = kind === "queue" ? 80 : 256;
  if (name.length > longest || !/^[\w-]+(\.fifo)?$/.test(name)) {
    const cause = `There cannot be a ${kind} "${name}": names have up to ${longest} letters, digits, "-" and "_".`;
    return { kind: "failed", error, cause };
  }
  const answer =
    kind === "queue"
      ? await actions.sqs("CreateQueue", { QueueName: name }, options.host())
      : await actions.sns(newTopic(name));
  if (answer.status >= 300) return failed(kind === "queue" ? sqsError(answer) : readSnsError(answer.body));
  log(`made ${kind} ${name}, which a task sends to and nobody had made`);
  return undefined;
}

function newTopic(name: string) {
  const fifo = { "Attributes.entry.1.key": "FifoTopic", "Attributes.entry.1.value": "true" };
  return { Action: "CreateTopic", Name: name, ...(name.endsWith(".fifo") ? fifo : {}) };
}

function attributeParams(attributes: Attributes): { readonly [name: string]: string } {
  const pairs = Object.entries(attributes).flatMap(([name, { DataType, StringValue = "" }], index) => {
    const start = `MessageAttributes.entry.${index + 1}`;
    return [
      [`${start}.Name`, name],
      [`${start}.Value.DataType`, DataType],
      [`${start}.Value.StringValue`, StringValue],
    ] as const;
  });
  return Object.fromEntries(pairs);
}

function succeeded(messageId: string, body: string): CallResult {
  const md5 = createHash("md5").update(body).digest("hex").toUpperCase();
  return { kind: "succeeded", output: { MessageId: messageId, MessageBodyMD5: md5, RequestId: randomUUID() } };
}

function failed({ code, message }: { readonly code: string; readonly message: string }): CallResult {
  return { kind: "failed", error: `MNS.${code}`, cause: message };
}

function sqsError({ body }: Answer): { readonly code: string; readonly message: string } {
  const { __type, message } = JSON.parse(body) as { __type: string; message: string };
  return { code: __type.split("#").at(-1) ?? __type, message };
}

function topicArn(name: string): string {
  return `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
}

/** An id of at most 128 characters, as SQS wants. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
