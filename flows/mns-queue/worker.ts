/**
 * The worker behind the queue: takes messages, does the work, reports to the token in the message, and deletes it. It runs
 * anywhere that can reach the queue and the API:
 *
 *     npx node flows/mns-queue/worker.ts
 *
 * STEPWELL_ENDPOINT: the API, http://127.0.0.1:8787 when not set. AWS_ENDPOINT_URL: SQS, http://127.0.0.1:4566 when not set.
 * QUEUE: `fnf-demo` when not set. Reports to a deployment's function URL are signed. Ctrl-C ends it when the message in hand is
 * done.
 */
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { interrupted, pause, reasonOf, reportSucceeded } from "../callback/report.ts";
import { senderFor } from "../callback/sender.ts";

export interface Report {
  readonly taskToken: string;
  readonly output: { readonly key: string };
}

/** Does the task that a message (its body, JSON text) asks for. */
export function work(messageBody: string): Report {
  const message: { readonly task_token: string } = JSON.parse(messageBody);
  return { taskToken: message.task_token, output: { key: "value" } };
}

/** A poll waits that long for a message, seconds. */
const WAIT_SECONDS = 10;
/** Between tries to reach somebody who does not answer, ms. */
const RETRY_MS = 1_000;
/** So often a report is tried: for less than the 30 seconds in which SQS gives the message to nobody else. */
const MOST_TRIES = 20;

interface Settings {
  readonly api: string;
  readonly sqs: string;
  readonly queue: string;
}

function settings({ STEPWELL_ENDPOINT, AWS_ENDPOINT_URL, QUEUE }: NodeJS.ProcessEnv): Settings {
  return {
    api: STEPWELL_ENDPOINT ?? "http://127.0.0.1:8787",
    sqs: AWS_ENDPOINT_URL ?? "http://127.0.0.1:4566",
    queue: QUEUE ?? "fnf-demo",
  };
}

function isAws(endpoint: string): boolean {
  return /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
}

async function main({ api, sqs, queue }: Settings): Promise<void> {
  const stopping = interrupted();
  const client = new SQSClient({
    endpoint: sqs,
    region: process.env.AWS_REGION ?? "us-east-1",
    // The local endpoint takes any; AWS's own are found where SDKs look for them.
    ...(process.env.AWS_ACCESS_KEY_ID === undefined && !isAws(sqs)
      ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } }
      : {}),
  });
  /** The queue's URL once it is known; made again when the endpoint was away. */
  let url: string | undefined;
  let away: string | undefined;
  while (!stopping.aborted) {
    try {
      if (url === undefined) {
        ({ QueueUrl: url } = await client.send(new CreateQueueCommand({ QueueName: queue }), {
          abortSignal: stopping,
        }));
        console.log(`Receiving messages from ${queue} at ${sqs}`);
      }
      const receive = new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: WAIT_SECONDS });
      const { Messages = [] } = await client.send(receive, { abortSignal: stopping });
      away = undefined;
      for (const message of Messages)
        await handle(message, api, stopping, (ReceiptHandle) =>
          client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle })),
        );
    } catch (error) {
      if (stopping.aborted) break;
      const reason = reasonOf(error);
      if (reason !== away) console.error(`${sqs}: ${reason}\nIs "stepwell dev" running? Trying again every second.`);
      away = reason;
      url = undefined;
      await pause(RETRY_MS, stopping);
    }
  }
  client.destroy();
  console.log("Stopped");
}

/** One message, from its receipt to its deletion. Without a report it is not deleted: it comes back after its visibility time-out. */
async function handle(
  { MessageId, Body = "", ReceiptHandle = "" }: Message,
  api: string,
  stopping: AbortSignal,
  remove: (receiptHandle: string) => Promise<unknown>,
): Promise<void> {
  console.log(`Received message ${MessageId}, body ${Body}`);
  let done: Report;
  try {
    done = work(Body);
  } catch (error) {
    console.error(`Message ${MessageId} is no task, and stays in the queue: ${reasonOf(error)}`);
    return;
  }
  try {
    const how = await report(api, done, stopping);
    console.log(how === "reported" ? "Report task succeeded finished" : "Task already completed");
  } catch (error) {
    console.error(`Message ${MessageId} is not reported and comes back: ${api}: ${reasonOf(error)}`);
    return;
  }
  await remove(ReceiptHandle);
  console.log(`Deleted message ${MessageId}`);
}

/** Reports; when nobody answers, again and again while the message is this worker's: the API may be starting again. */
async function report(api: string, done: Report, stopping: AbortSignal): Promise<"reported" | "already"> {
  const send = senderFor(api);
  for (let tries = 1; ; tries++) {
    try {
      return await reportSucceeded(api, done, send);
    } catch (error) {
      // What `fetch` throws itself is a TypeError: there was no answer.
      if (!(error instanceof TypeError) || tries === MOST_TRIES || stopping.aborted) throw error;
      if (tries === 1) console.error(`${api}: ${reasonOf(error)}\nTrying again every second.`);
      await pause(RETRY_MS, stopping);
    }
  }
}

if (import.meta.main) await main(settings(process.env));
