/**
 * The destinations port on SNS and SQS: tasks send to a topic or queue by its name, in the deployment's own account and region,
 * or by an ARN in another account of AWS (fdl.md §3.1.5, §12).
 */
import { createHash } from "node:crypto";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { MessageParams } from "../engine/effect.ts";
import { type Attributes, givenAttributes, LIMITS, sizeOf, withAttempt } from "../runtime/message-attributes.ts";
import type { Destinations } from "../runtime/ports/destinations.ts";
import type { CallResult } from "../runtime/ports/functions.ts";
import { AwsError, calling } from "./errors.ts";

export interface AwsDestinationsOptions {
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** The deployment's account id: topics are addressed by ARN. */
  readonly account: string;
}

type Call = Parameters<Destinations["send"]>[0];

interface Message {
  readonly params: MessageParams;
  readonly attributes: Attributes;
  readonly attemptId: string;
}

/** SQS's longest delay, seconds. */
const LONGEST_DELAY = 900;

export function awsDestinations({ sns, sqs, account }: AwsDestinationsOptions): Destinations {
  /** URLs by queue, for as long as the process lives: a queue's URL does not change. */
  const urls = new Map<string, string>();

  async function urlOf({ queue, account: owner }: Extract<Call, { kind: "queue" }>): Promise<string> {
    const other = isAwsAccount(owner) && owner !== account ? { QueueOwnerAWSAccountId: owner } : {};
    const key = JSON.stringify([queue, other]);
    const known = urls.get(key);
    if (known !== undefined) return known;
    const command = new GetQueueUrlCommand({ QueueName: queue, ...other });
    const { QueueUrl = "" } = await calling("SQS GetQueueUrl", () => sqs.send(command));
    urls.set(key, QueueUrl);
    return QueueUrl;
  }

  async function sendMessage(call: Extract<Call, { kind: "queue" }>, message: Message): Promise<CallResult> {
    const { body, delaySeconds } = message.params;
    if (delaySeconds !== undefined && delaySeconds > LONGEST_DELAY) {
      const cause = `DelaySeconds is ${delaySeconds}; SQS delays a message by at most ${LONGEST_DELAY} seconds.`;
      return { kind: "failed", error: "MNS.InvalidParameterValue", cause };
    }
    const command = new SendMessageCommand({
      QueueUrl: await urlOf(call),
      MessageBody: body,
      ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
      ...toSend(call.queue, message),
    });
    const { MessageId, $metadata } = await calling("SQS SendMessage", () => sqs.send(command));
    return succeeded(MessageId, $metadata.requestId, body);
  }

  async function publish(call: Extract<Call, { kind: "topic" }>, message: Message): Promise<CallResult> {
    const { body, subject } = message.params;
    const command = new PublishCommand({
      TopicArn: await arnOf(call),
      Message: body,
      ...(subject === undefined ? {} : { Subject: subject }),
      ...toSend(call.topic, message),
    });
    const { MessageId, $metadata } = await calling("SNS Publish", () => sns.send(command));
    return succeeded(MessageId, $metadata.requestId, body);
  }

  async function arnOf({ topic, region, account: owner }: Extract<Call, { kind: "topic" }>): Promise<string> {
    const own = await sns.config.region();
    if (!isAwsAccount(owner)) return `arn:aws:sns:${own}:${account}:${topic}`;
    return `arn:aws:sns:${region === "" ? own : region}:${owner}:${topic}`;
  }

  return {
    async send(call, context) {
      const limit = LIMITS[call.kind];
      const { message: params } = call;
      const given = givenAttributes(params);
      const bytes = sizeOf(params.body, given);
      if (bytes > limit.bytes) {
        const cause = `The message has ${bytes} bytes; the limit of ${limit.service} is ${limit.bytes} bytes (${limit.text}).`;
        return { kind: "failed", error: "FnF.DataLimitExceeded", cause };
      }
      const attributes = withAttempt(given, context, params.body, limit.bytes);
      const message = { params, attributes, attemptId: context.attemptId };
      try {
        return await (call.kind === "queue" ? sendMessage(call, message) : publish(call, message));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return failed(call, error);
      }
    },
  };
}

/** Others are Alibaba Cloud's, whose account and region mean the deployment's own. */
function isAwsAccount(account: string): boolean {
  return /^\d{12}$/.test(account);
}

function toSend(name: string, { params, attributes, attemptId }: Message) {
  const { groupId, deduplicationId } = params;
  return {
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([key, { DataType, StringValue }]) => [key, { DataType, StringValue }]),
    ),
    ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
    // A run of the same attempt again sends no second message.
    ...(name.endsWith(".fifo") ? { MessageDeduplicationId: deduplicationId ?? digest(attemptId) } : {}),
  };
}

/** As MNS answers it. */
function succeeded(messageId = "", requestId = "", body: string): CallResult {
  const md5 = createHash("md5").update(body).digest("hex").toUpperCase();
  return { kind: "succeeded", output: { MessageId: messageId, MessageBodyMD5: md5, RequestId: requestId } };
}

/** What SQS and SNS say of a queue or topic that is not there, or whose name none can have. */
const MISSING =
  /^(QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue|NonExistentQueue|NotFound|NotFoundException)$/;

function failed(call: Call, error: AwsError): CallResult {
  // Nothing was sent, not for the flow's fault: credentials or settings are missing.
  if (error.kind === "rejected" && !isAnswer(error.cause)) throw error;
  if (MISSING.test(error.code)) {
    const [code, what] =
      call.kind === "queue" ? ["QueueNotExist", `queue "${call.queue}"`] : ["TopicNotExist", `topic "${call.topic}"`];
    return { kind: "failed", error: `MNS.${code}`, cause: `There is no ${what}. ${error.message}` };
  }
  const code = error.code.replace(/(Exception|Error)$/, "").replace(/\W/g, "") || "Unknown";
  return { kind: "failed", error: `MNS.${code}`, cause: error.message };
}

function isAnswer(cause: unknown): boolean {
  if (typeof cause !== "object" || cause === null || !("$metadata" in cause)) return false;
  return (cause.$metadata as { readonly httpStatusCode?: number } | undefined)?.httpStatusCode !== undefined;
}

/** An id of at most 128 characters, as SQS wants. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
