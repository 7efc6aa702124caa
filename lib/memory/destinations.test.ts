import { expect, test } from "vitest";
import { destinationsContract } from "../../test/contracts/destinations.ts";
import { recordingDestinations } from "./destinations.ts";

destinationsContract("recording", async () => {
  const destinations = recordingDestinations({ missing: ["missing"] });
  return {
    destinations,
    arrived: async (kind) =>
      destinations.sent.filter(({ call }) => call.kind === kind).map(({ call }) => call.message.body),
    close: async () => {},
  };
});

const context = { attemptId: "start-1..3", flow: "orders", execution: "run-1", step: "notify", retryCount: 1 };

test("remembers the whole call, its context and the id that it answered", async () => {
  const destinations = recordingDestinations();
  const call = {
    kind: "queue",
    queue: "orders",
    region: "eu-west-1",
    account: "42",
    message: { body: "{}", delaySeconds: 5, groupId: "g", deduplicationId: "d", attributes: { a: "1" } },
  } as const;
  const result = await destinations.send(call, context);
  expect(destinations.sent).toEqual([{ messageId: "message-1", call, context }]);
  expect(result).toEqual({
    kind: "succeeded",
    output: {
      MessageId: "message-1",
      MessageBodyMD5: "99914B932BD37A50B983C5E7C90AE93B",
      RequestId: "request-message-1",
    },
  });
});

test("what was refused is not remembered", async () => {
  const destinations = recordingDestinations({ missing: ["news"] });
  const topic = { kind: "topic", topic: "news", region: "", account: "", message: { body: "a" } } as const;
  expect(await destinations.send(topic, context)).toMatchObject({ error: "MNS.TopicNotExist" });
  const queue = { kind: "queue", queue: "news", region: "", account: "", message: { body: "a" } } as const;
  expect(await destinations.send(queue, context)).toMatchObject({ error: "MNS.QueueNotExist" });
  expect(destinations.sent).toEqual([]);
});
