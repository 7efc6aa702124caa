/** What SNS pushes: the HTTP request of a notification or of a confirmation, and the event of a Lambda function. */
import type { Json } from "../../fdl/json.ts";
import type { Attributes } from "../../runtime/message-attributes.ts";
import type { Signer } from "./signing.ts";

/** A message on its way to one subscription. */
export type Pushed =
  | {
      readonly kind: "notification";
      readonly topicArn: string;
      readonly messageId: string;
      readonly subject?: string;
      readonly message: string;
      readonly attributes: Attributes;
      /** ISO 8601. */
      readonly timestamp: string;
    }
  | {
      readonly kind: "confirmation";
      readonly topicArn: string;
      readonly messageId: string;
      readonly token: string;
      readonly timestamp: string;
    };

export interface EnvelopeTarget {
  readonly subscriptionArn: string;
  /** Where URLs in the message lead. */
  readonly endpoint: string;
  readonly signer: Signer;
  readonly signatureVersion: "1" | "2";
}

export interface PushTarget extends EnvelopeTarget {
  readonly raw: boolean;
}

export interface PushRequest {
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** The POST request that an http or https subscription gets. */
export function pushRequest(pushed: Pushed, target: PushTarget): PushRequest {
  const raw = target.raw && pushed.kind === "notification";
  return {
    headers: {
      "x-amz-sns-message-type": pushed.kind === "notification" ? "Notification" : "SubscriptionConfirmation",
      "x-amz-sns-message-id": pushed.messageId,
      "x-amz-sns-topic-arn": pushed.topicArn,
      ...(pushed.kind === "notification" ? { "x-amz-sns-subscription-arn": target.subscriptionArn } : {}),
      ...(raw ? { "x-amz-sns-rawdelivery": "true" } : {}),
      "content-type": "text/plain; charset=UTF-8",
      "user-agent": "Amazon Simple Notification Service Agent",
    },
    body: raw ? pushed.message : JSON.stringify(httpBody(pushed, target), undefined, 2),
  };
}

/** `{Records: […]}`, as Lambda functions subscribed to a topic get it. */
export function lambdaEvent(pushed: Extract<Pushed, { kind: "notification" }>, target: PushTarget): Json {
  const { Signature, SigningCertURL, UnsubscribeURL, ...rest } = signed(notification(pushed), target);
  const Sns = {
    ...rest,
    Subject: pushed.subject ?? null,
    Signature,
    SigningCertUrl: SigningCertURL,
    UnsubscribeUrl: UnsubscribeURL,
    MessageAttributes: formatted(pushed.attributes),
  };
  const Record = { EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: target.subscriptionArn, Sns };
  return { Records: [Record] };
}

function httpBody(pushed: Pushed, target: PushTarget): object {
  if (pushed.kind === "confirmation") {
    const { UnsubscribeURL: _, ...body } = signed(confirmation(pushed, target), target);
    return body;
  }
  const attributes = formatted(pushed.attributes);
  const body = signed(notification(pushed), target);
  return Object.keys(attributes).length === 0 ? body : { ...body, MessageAttributes: attributes };
}

function notification({ messageId, topicArn, subject, message, timestamp }: Extract<Pushed, { kind: "notification" }>) {
  return {
    Type: "Notification",
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: message,
    Timestamp: timestamp,
  };
}

function confirmation(
  { messageId, topicArn, token, timestamp }: Extract<Pushed, { kind: "confirmation" }>,
  target: PushTarget,
) {
  const query = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn: topicArn, Token: token });
  return {
    Type: "SubscriptionConfirmation",
    MessageId: messageId,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `${target.endpoint}/?${query}`,
    Timestamp: timestamp,
  };
}

/** The message with what SNS adds to every one: signature, and addresses of certificate and unsubscription. */
export function signed<T extends { readonly Type: string }>(
  body: T,
  { signer, signatureVersion, endpoint, subscriptionArn }: EnvelopeTarget,
) {
  const query = new URLSearchParams({ Action: "Unsubscribe", SubscriptionArn: subscriptionArn });
  return {
    ...body,
    SignatureVersion: signatureVersion,
    Signature: signer.sign(body, signatureVersion),
    SigningCertURL: `${endpoint}${signer.path}`,
    UnsubscribeURL: `${endpoint}/?${query}`,
  };
}

function formatted(attributes: Attributes): { [name: string]: { Type: string; Value: string } } {
  const entries = Object.entries(attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) =>
      [name, { Type: DataType, Value: StringValue ?? BinaryValue ?? "" }] as const,
  );
  return Object.fromEntries(entries);
}
