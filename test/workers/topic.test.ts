/** Chapter 3 as its user has it: a flow that publishes to a topic, which pushes to an HTTP server in another process. */
import { ListSubscriptionsCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { sdkSettings } from "../../lib/local/topics/testing/topics.ts";
import { startWorker } from "./program.ts";
import { openStand } from "./stand.ts";

const input = { messageBody: "hello world" };

test("the worker subscribes itself, confirms, and reports what it gets", async () => {
  await using stand = await openStand("mns-topic");
  await using worker = startWorker("mns-topic", stand);
  await worker.line(/^Confirmed the subscription to arn:aws:sns:us-east-1:000000000000:fnf-demo$/);
  await stand.start("one", input);
  expect(await stand.end("one")).toMatchObject({ Status: "Succeeded", Output: '{"status":"success"}' });
  await worker.line(/^Task token: ./);
  await worker.line(/^Original message body: "hello world"$/);
  await worker.line(/^Report task succeeded finished$/);
  worker.signal("SIGTERM");
  expect(await worker.ended).toBe(0);
  expect(worker.lines.at(-1)).toBe("Stopped");
});

test("what is published while the worker is away is pushed when it is back", async () => {
  await using stand = await openStand("mns-topic");
  const sns = new SNSClient(sdkSettings(stand.aws));
  let port = "";
  {
    await using first = startWorker("mns-topic", stand);
    await first.line(/^Confirmed/);
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand());
    port = new URL(Subscriptions[0]?.Endpoint ?? "").port;
    first.signal("SIGINT");
    expect(await first.ended).toBe(0);
  }
  await stand.start("one", input);
  await using second = startWorker("mns-topic", stand, { env: { WORKER_PORT: port } });
  expect(await stand.end("one")).toMatchObject({ Status: "Succeeded", Output: '{"status":"success"}' });
  await second.line(/^Report task succeeded finished$/);
  sns.destroy();
});
