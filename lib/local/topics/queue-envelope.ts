/**
 * Notifications that fauxqs puts into queues (without raw delivery) point at AWS and are signed by nobody. On their way into the
 * queue they get this endpoint's addresses and signature.
 */
import { createHash } from "node:crypto";
import { type EnvelopeTarget, signed } from "./envelope.ts";
import type { SnsStore, SqsStore } from "./fauxqs.ts";

type Queue = NonNullable<ReturnType<SqsStore["getQueueByArn"]>>;
type Message = Parameters<Queue["enqueue"]>[0];

/** Who signs, and where URLs in the message lead. */
export type EnvelopeSigner = Pick<EnvelopeTarget, "signer" | "endpoint">;

/** The queues as a topic's publications see them. `current`: undefined while nobody can sign; messages then stay as they are. */
export function queuesOfTopics(sqs: SqsStore, sns: SnsStore, current: () => EnvelopeSigner | undefined): SqsStore {
  function viewOf(queue: Queue): Pick<Queue, keyof typeof view> {
    const view = {
      isFifo: () => queue.isFifo(),
      checkDeduplication: (id: string) => queue.checkDeduplication(id),
      recordDeduplication: (id: string, messageId: string) => queue.recordDeduplication(id, messageId),
      nextSequenceNumber: () => queue.nextSequenceNumber(),
      enqueue(message: Message) {
        const by = current();
        queue.enqueue(by === undefined ? message : withEnvelope(message, sns, by));
      },
    };
    return view;
  }
  const queues: Pick<SqsStore, "getQueueByArn"> = {
    getQueueByArn(arn) {
      const queue = sqs.getQueueByArn(arn);
      return queue === undefined ? undefined : (viewOf(queue) as Queue);
    },
  };
  return queues as SqsStore;
}

interface Envelope {
  readonly Type: string;
  readonly TopicArn: string;
  readonly UnsubscribeURL: string;
}

/** What fauxqs puts where a signature, and an address, should be. */
const MADE_UP_SIGNATURE = '"Signature":"EXAMPLE"';
const MADE_UP_ADDRESS = "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=";

function withEnvelope(message: Message, sns: SnsStore, by: EnvelopeSigner): Message {
  const envelope = readEnvelope(message.body);
  if (envelope === undefined) return message;
  const body = JSON.stringify(
    signed(envelope, {
      ...by,
      subscriptionArn: envelope.UnsubscribeURL.slice(MADE_UP_ADDRESS.length),
      signatureVersion: sns.getTopic(envelope.TopicArn)?.attributes.SignatureVersion === "2" ? "2" : "1",
    }),
  );
  return { ...message, body, md5OfBody: createHash("md5").update(body).digest("hex") };
}

/** Undefined: the message is not of fauxqs' making, but was delivered raw. */
function readEnvelope(body: string): Envelope | undefined {
  if (!body.includes(MADE_UP_SIGNATURE) || !body.includes(MADE_UP_ADDRESS)) return undefined;
  try {
    const envelope = JSON.parse(body) as Partial<Envelope> | null;
    const { Type, TopicArn, UnsubscribeURL } = envelope ?? {};
    if (Type !== "Notification" || typeof TopicArn !== "string") return undefined;
    if (typeof UnsubscribeURL !== "string" || !UnsubscribeURL.startsWith(MADE_UP_ADDRESS)) return undefined;
    return { ...envelope, Type, TopicArn, UnsubscribeURL };
  } catch {
    return undefined;
  }
}
