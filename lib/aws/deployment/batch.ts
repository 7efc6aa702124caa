/**
 * One invocation by the transitions queue: all records of its batch at the same time (architecture §3). What is done stays
 * Lambda's to delete when the invocation returns; only in a batch in which something takes long it is deleted before, since
 * its visibility would end.
 */
import { handle, type Runtime, reportResult } from "../../runtime/index.ts";
import type { Delivery } from "../../runtime/ports/queue.ts";
import type { Disposition } from "../../runtime/work.ts";
import { type SqsSettling, sqsDelivery } from "../delivery.ts";
import { settleSubmission, submissionEnd } from "../submissions.ts";
import { type BatchAnswer, failing, type Invocation, type QueueRecord, type SqsEvent } from "./invocation.ts";
import { type Deployment, lastOf } from "./ports.ts";

/** What a call leaves of the invocation for recording its outcome, ms. */
const CALL_MARGIN_MS = 20_000;
/** A token that is on its way is there by then, s. */
const TOKEN_RETRY_SECONDS = 3;
/** A record that failed comes back after 2, 4, 8 s, and so on up to its visibility. */
const FIRST_RETRY_SECONDS = 2;

interface Batch {
  readonly deployment: Deployment;
  readonly runtime: Runtime;
  readonly settling: SqsSettling;
}

/** Handles the records; those that are named in the answer come back when their visibility ends. Never rejects for a record. */
export async function handleBatch(
  deployment: Deployment,
  event: SqsEvent,
  invocation: Invocation,
): Promise<BatchAnswer> {
  const [first] = event.Records;
  if (first === undefined) return failing([]);
  const settling = deployment.settling(lastOf(first.eventSourceARN, ":"));
  const runtime = withinInvocation(deployment.runtime, invocation);
  const { settings } = runtime;
  for (const record of event.Records) deployment.inHand.add(record);
  const hidden = hideAll(event.Records, settling, runtime);
  const finished: Delivery[] = [];
  const removed: Promise<void>[] = [];
  const removing = setInterval(() => {
    for (const delivery of finished.splice(0)) removed.push(quietly(runtime, delivery.consume()));
  }, settings.extendEveryMs);
  try {
    const outcomes = await Promise.all(
      event.Records.map(async (record) => {
        const delivery = await handleRecord({ deployment, runtime, settling }, record, hidden);
        deployment.inHand.delete(record);
        if (delivery === undefined) return [record];
        finished.push(delivery);
        return [];
      }),
    );
    return failing(outcomes.flat());
  } finally {
    clearInterval(removing);
    // What is still under way would go on in the next invocation, or never.
    await Promise.all([hidden, ...removed]);
  }
}

/** A call takes what is left of this invocation, and a little less. */
function withinInvocation(runtime: Runtime, invocation: Invocation): Runtime {
  const { maxCallMs, ...settings } = runtime.settings;
  return {
    ...runtime,
    settings: {
      ...settings,
      get maxCallMs() {
        return Math.max(0, Math.min(maxCallMs, invocation.getRemainingTimeInMillis() - CALL_MARGIN_MS));
      },
    },
  };
}

/** The queue's own visibility is the longest invocation's: a crash would heal that late. One request for the whole batch, beside the appends. */
async function hideAll(records: readonly QueueRecord[], { hide }: SqsSettling, runtime: Runtime): Promise<void> {
  const seconds = runtime.settings.visibilitySeconds;
  await Promise.all(records.map(({ receiptHandle }) => quietly(runtime, hide({ receiptHandle, seconds }))));
}

/** The delivery that is done with; undefined: it comes back. */
async function handleRecord(
  { deployment, runtime, settling }: Batch,
  record: QueueRecord,
  hidden: Promise<void>,
): Promise<Delivery | undefined> {
  let delivery: Delivery | undefined;
  try {
    delivery = await sqsDelivery(record, settling);
    const end = submissionEnd(delivery.body);
    if (end === undefined) return (await handle(runtime, delivery)) === "consume" ? delivery : undefined;
    const disposition: Disposition = await settleSubmission(end, {
      submissions: deployment.submissions,
      report: (token, result) => reportResult(runtime, token, result),
      now: runtime.ports.clock.now(),
    });
    if (disposition === "consume") return delivery;
    await hidden;
    await delivery.release(TOKEN_RETRY_SECONDS);
  } catch (error) {
    runtime.settings.log(`message ${record.messageId} failed: ${error instanceof Error ? error.stack : error}`);
    await hidden;
    if (delivery !== undefined) await quietly(runtime, delivery.release(pause(delivery, runtime)));
  }
  return undefined;
}

function pause({ receiveCount }: Delivery, { settings }: Runtime): number {
  return Math.min(FIRST_RETRY_SECONDS * 2 ** (receiveCount - 1), settings.visibilitySeconds);
}

/** What only makes things quicker or cheaper must not fail a record: without it the message comes back, and is handled right. */
async function quietly(runtime: Runtime, settled: Promise<void>): Promise<void> {
  try {
    await settled;
  } catch (error) {
    runtime.settings.log(`a message was not settled: ${error instanceof Error ? error.message : error}`);
  }
}
