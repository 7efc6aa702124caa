/**
 * The receiver of the topic's messages: an HTTP server that subscribes itself to the topic, confirms the subscription, and
 * reports to the token in each message that SNS has signed:
 *
 *     npx node flows/mns-topic/worker.ts
 *
 * STEPWELL_ENDPOINT: the API, http://127.0.0.1:8787 when not set. AWS_ENDPOINT_URL: SNS, http://127.0.0.1:4566 when not set.
 * TOPIC: `fnf-demo` when not set. WORKER_PORT: 9000 when not set. The subscription outlives the worker: what is published
 * while it is away is pushed when it is back. Ctrl-C ends it when the request in hand is answered.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ConfirmSubscriptionCommand, CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { interrupted, pause, reasonOf, reportSucceeded } from "../callback/report.ts";
import { senderFor } from "../callback/sender.ts";
import { type Receiver, receive } from "./receive.ts";
import { readerOf } from "./sns-message.ts";

/** Between tries to reach somebody who does not answer, ms. */
const RETRY_MS = 1_000;

interface Settings {
  readonly api: string;
  readonly sns: string;
  readonly topic: string;
  readonly port: number;
}

function settings({ STEPWELL_ENDPOINT, AWS_ENDPOINT_URL, TOPIC, WORKER_PORT }: NodeJS.ProcessEnv): Settings {
  return {
    api: STEPWELL_ENDPOINT ?? "http://127.0.0.1:8787",
    sns: AWS_ENDPOINT_URL ?? "http://127.0.0.1:4566",
    topic: TOPIC ?? "fnf-demo",
    port: Number(WORKER_PORT ?? 9000),
  };
}

async function main({ api, sns, topic, port }: Settings): Promise<void> {
  const stopping = interrupted();
  const client = new SNSClient({
    endpoint: sns,
    region: process.env.AWS_REGION ?? "us-east-1",
    // The local endpoint takes any; AWS's own are found where SDKs look for them.
    ...(process.env.AWS_ACCESS_KEY_ID === undefined
      ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } }
      : {}),
  });
  /** What the topic's pushes are answered with. One may come before the topic is known: of an earlier subscription. */
  const receiver = Promise.withResolvers<Receiver>();
  const server = createServer(async (request, response) => {
    try {
      await receive(await text(request), await receiver.promise);
      response.writeHead(200, { "content-type": "text/plain" }).end("OK");
    } catch (error) {
      // Not 2xx: SNS pushes the message again.
      console.error(`A message was refused: ${reasonOf(error)}`);
      response.writeHead(500, { "content-type": "text/plain" }).end(reasonOf(error));
    }
  });

  async function subscribe(): Promise<void> {
    const { TopicArn = "" } = await client.send(new CreateTopicCommand({ Name: topic }), { abortSignal: stopping });
    receiver.resolve({
      read: readerOf({ topicArn: TopicArn, endpoint: sns }),
      confirm: ({ Token }) => client.send(new ConfirmSubscriptionCommand({ TopicArn, Token })),
      report: (report) => reportSucceeded(api, report, senderFor(api)),
    });
    const { port: bound } = server.address() as AddressInfo;
    const input = { TopicArn, Protocol: "http", Endpoint: `http://127.0.0.1:${bound}/` };
    await client.send(new SubscribeCommand(input), { abortSignal: stopping });
    console.log(`Subscribed ${input.Endpoint} to ${topic} at ${sns}`);
  }

  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  let away: string | undefined;
  for (let subscribed = false; !subscribed && !stopping.aborted; ) {
    try {
      await subscribe();
      subscribed = true;
    } catch (error) {
      if (stopping.aborted) break;
      const reason = reasonOf(error);
      if (reason !== away) console.error(`${sns}: ${reason}\nIs "stepwell dev" running? Trying again every second.`);
      away = reason;
      await pause(RETRY_MS, stopping);
    }
  }
  if (!stopping.aborted) await once(stopping, "abort");
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  await closed;
  client.destroy();
  console.log("Stopped");
}

if (import.meta.main) await main(settings(process.env));
