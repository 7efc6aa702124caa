import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { pathToFileURL } from "node:url";
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { guarded, loopbackSettings, NOWHERE } from "./guard.ts";
import { ministack } from "./ministack.ts";

test("an emulator answers on a port of its own and is gone when it is stopped", async () => {
  const { endpoint, stop } = await ministack();
  const client = guarded(new SQSClient(loopbackSettings(endpoint)));
  await client.send(new CreateQueueCommand({ QueueName: "orders" }));
  expect((await client.send(new ListQueuesCommand())).QueueUrls).toContain(`${endpoint}/000000000000/orders`);
  client.destroy();
  await stop();
  if (process.env.AWS_ENDPOINT_URL === NOWHERE) {
    const { hostname, port } = new URL(endpoint);
    const refused = new Promise((resolve) => connect(Number(port), hostname).once("error", resolve));
    expect(await refused).toMatchObject({ code: "ECONNREFUSED" });
  }
}, 120_000);

test("an emulator does not outlive a tester that is killed", async () => {
  const module = pathToFileURL(`${import.meta.dirname}/ministack.ts`).href;
  const program = `const { ministack } = await import(${JSON.stringify(module)}); console.log((await ministack()).endpoint);`;
  const { AWS_ENDPOINT_URL: _, ...env } = process.env;
  const tester = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(tester.stdout, "data")) as [Buffer];
  const endpoint = said.toString().trim();
  expect((await fetch(`${endpoint}/_ministack/health`)).ok).toBe(true);
  tester.kill("SIGKILL");
  const answers = () =>
    fetch(`${endpoint}/_ministack/health`).then(
      () => true,
      () => false,
    );
  await expect.poll(answers, { timeout: 10_000 }).toBe(false);
}, 120_000);
