/** The destinations port that sends nowhere and remembers what was sent: for tests and the simulation. */
import { createHash } from "node:crypto";
import type { Call } from "../engine/effect.ts";
import { givenAttributes, LIMITS, sizeOf } from "../runtime/message-attributes.ts";
import type { Ids } from "../runtime/ports/clock.ts";
import type { Destinations } from "../runtime/ports/destinations.ts";
import type { AttemptContext } from "../runtime/ports/functions.ts";
import { countingIds } from "./ids.ts";

export interface Sent {
  readonly messageId: string;
  readonly call: Extract<Call, { kind: "queue" | "topic" }>;
  readonly context: AttemptContext;
}

export interface RecordingDestinations extends Destinations {
  /** What was accepted, in order. */
  readonly sent: readonly Sent[];
}

export interface RecordingDestinationsOptions {
  /** Makes message ids; request ids are derived from them. */
  readonly ids?: Ids;
  /** Names of queues and topics that do not exist; all others do. */
  readonly missing?: readonly string[];
  /** Hears of each message that was accepted. */
  readonly onSent?: ((sent: Sent) => void) | undefined;
}

/** Accepts whatever real queues and topics would. */
export function recordingDestinations(options: RecordingDestinationsOptions = {}): RecordingDestinations {
  const { ids = countingIds("message"), missing = [], onSent } = options;
  const sent: Sent[] = [];
  return {
    sent,
    async send(call, context) {
      const [name, absent] = call.kind === "queue" ? [call.queue, "QueueNotExist"] : [call.topic, "TopicNotExist"];
      if (missing.includes(name)) {
        return { kind: "failed", error: `MNS.${absent}`, cause: `There is no ${call.kind} "${name}".` };
      }
      const limit = LIMITS[call.kind];
      const bytes = sizeOf(call.message.body, givenAttributes(call.message));
      if (bytes > limit.bytes) {
        const cause = `The message has ${bytes} bytes; the limit of ${limit.service} is ${limit.bytes} bytes (${limit.text}).`;
        return { kind: "failed", error: "FnF.DataLimitExceeded", cause };
      }
      const messageId = ids.next();
      const message: Sent = { messageId, call, context };
      sent.push(message);
      onSent?.(message);
      const md5 = createHash("md5").update(call.message.body).digest("hex").toUpperCase();
      const output = { MessageId: messageId, MessageBodyMD5: md5, RequestId: `request-${messageId}` };
      return { kind: "succeeded", output };
    },
  };
}
