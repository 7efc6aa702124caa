/** What SQS says of the entries of a batch, by a server that answers as SQS does: the emulator refuses hardly anything. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guarded, loopbackSettings } from "../../../test/aws/guard.ts";
import { deleteBatches, sendBatches, visibilityBatches } from "./sqs-batches.ts";

let answer: { readonly status?: number; readonly body: object };
let client: SQSClient;
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    const { status = 200, body } = answer;
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  client = guarded(new SQSClient({ ...loopbackSettings(`http://127.0.0.1:${port}`), maxAttempts: 1, md5: false }));
});

afterAll(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const queueUrl = "http://127.0.0.1/000000000000/q";

test.each([
  ["InvalidMessageContents", true, "rejected", "InvalidMessageContents"],
  ["AWS.SimpleQueueService.NonExistentQueue", true, "rejected", "NonExistentQueue"],
  ["InternalError", false, "unknownOutcome", "InternalError"],
  ["ThrottlingException", false, "throttled", "ThrottlingException"],
])("an entry that failed for %s is its caller's error alone", async (Code, SenderFault, kind, code) => {
  answer = {
    body: { Successful: [{ Id: "0" }, { Id: "2" }], Failed: [{ Id: "1", Code, SenderFault, Message: "no" }] },
  };
  const send = sendBatches({ client, queueUrl });
  const hide = visibilityBatches({ client, queueUrl });
  const remove = deleteBatches({ client, queueUrl });
  for (const call of [
    () => send({ body: "a", delaySeconds: 0 }),
    () => hide({ receiptHandle: "a", seconds: 1 }),
    () => remove("a"),
  ]) {
    const [first, second, third] = await Promise.allSettled([call(), call(), call()]);
    expect([first?.status, third?.status]).toEqual(["fulfilled", "fulfilled"]);
    expect(second).toMatchObject({
      status: "rejected",
      reason: { kind, code, message: expect.stringMatching(/SQS .*no/) },
    });
  }
});

test("a batch that fails as a whole is the error of all its callers", async () => {
  answer = { status: 403, body: { __type: "com.amazonaws.sqs#RequestThrottled", message: "slow down" } };
  const send = sendBatches({ client, queueUrl });
  const calls = ["a", "b"].map((body) => send({ body, delaySeconds: 0 }));
  for (const outcome of await Promise.allSettled(calls))
    expect(outcome).toMatchObject({
      status: "rejected",
      reason: { kind: "throttled", operation: "SQS SendMessageBatch" },
    });
});
