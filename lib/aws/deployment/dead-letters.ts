/** One invocation by the dead-letter queue: each message goes back to be handled alone, or is parked (architecture §3). */

import { StepwellError } from "../../fdl/errors.ts";
import { type Runtime, revive } from "../../runtime/index.ts";
import { submissionEnd } from "../submissions.ts";
import { fromWire } from "../wire-body.ts";
import { type BatchAnswer, failing, type QueueRecord, type SqsEvent } from "./invocation.ts";
import type { Deployment } from "./ports.ts";

/** The end of a function has no count of deaths: it is tried again after this, s. */
const RETRY_SECONDS = 300;

/** Sends the messages back; those that are named in the answer stay where they are. */
export async function reviveBatch({ runtime }: Deployment, { Records }: SqsEvent): Promise<BatchAnswer> {
  const outcomes = await Promise.all(
    Records.map(async (record) => ((await reviveRecord(runtime, record)) ? [] : [record])),
  );
  return failing(outcomes.flat());
}

/** False: it could not be done now. */
async function reviveRecord(runtime: Runtime, { messageId, body: wire }: QueueRecord): Promise<boolean> {
  const { settings, ports } = runtime;
  try {
    const body = await fromWire(wire, ports.blobs);
    if (submissionEnd(body) === undefined) {
      const what = await revive(runtime, body);
      settings.log(`dead letter ${messageId}: ${what === "sent" ? "is tried again" : "failed for a day, parked"}`);
      return true;
    }
    await ports.queue.send(body, { alone: true, delaySeconds: RETRY_SECONDS });
    settings.log(`dead letter ${messageId}: the end of a function, is tried again`);
    return true;
  } catch (error) {
    settings.log(`dead letter ${messageId}: ${error instanceof Error ? error.message : error}`);
    // What is no message will never be one; it would come back until the queue forgets it.
    return error instanceof StepwellError && error.code === "InvalidMessage";
  }
}
