import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import type { CallResult, Functions, Invocation } from "../../runtime/ports/functions.ts";
import { childFunctions } from "../functions/child-functions.ts";
import { type TestedTopics, testedTopics } from "./testing/topics.ts";

/** Functions that keep what they are called with and answer what they are told, in order. */
function recordedFunctions(...results: readonly CallResult[]) {
  const calls: Invocation[] = [];
  const waiting: (() => void)[] = [];
  const functions: Functions = {
    async invoke(invocation) {
      calls.push(invocation);
      for (const look of waiting) look();
      return results[calls.length - 1] ?? { kind: "succeeded" };
    },
    submit: async () => ({ kind: "failed", error: "Unused", cause: "pushes run a function to its end" }),
    resolveAlias: async () => undefined,
  };
  /** Resolves with the calls when there are that many. */
  const called = (count: number) =>
    new Promise<readonly Invocation[]>((resolve) => {
      const look = () => void (calls.length >= count && resolve(calls));
      waiting.push(look);
      look();
    });
  return { functions, calls, called };
}

const FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:mailer:live";
const failed: CallResult = { kind: "failed", error: "MailError", cause: "no mail" };

async function subscribed({ sns }: TestedTopics): Promise<{ TopicArn: string; SubscriptionArn: string }> {
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "news" }));
  const input = { TopicArn, Protocol: "lambda", Endpoint: FUNCTION };
  const { SubscriptionArn = "" } = await sns.send(new SubscribeCommand(input));
  expect(SubscriptionArn).toMatch(`${TopicArn}:`);
  return { TopicArn, SubscriptionArn };
}

test("a function gets a publication as SNS's event, without a confirmation", async () => {
  const { functions, called } = recordedFunctions();
  await using tested = await testedTopics({ functions: () => functions });
  const { TopicArn, SubscriptionArn } = await subscribed(tested);
  const MessageAttributes = { kind: { DataType: "String", StringValue: "new" } };
  const { MessageId } = await tested.sns.send(new PublishCommand({ TopicArn, Message: "hello", MessageAttributes }));
  expect(await called(1)).toEqual([
    {
      resource: {
        kind: "function",
        function: "mailer",
        qualifier: "live",
        region: "eu-west-1",
        account: "123456789012",
      },
      payload: {
        Records: [
          {
            EventSource: "aws:sns",
            EventVersion: "1.0",
            EventSubscriptionArn: SubscriptionArn,
            Sns: {
              Type: "Notification",
              MessageId,
              TopicArn,
              Subject: null,
              Message: "hello",
              Timestamp: expect.stringMatching(/Z$/),
              SignatureVersion: "1",
              Signature: expect.stringMatching(/./),
              SigningCertUrl: expect.stringMatching(/\.pem$/),
              UnsubscribeUrl: expect.stringContaining("Action=Unsubscribe"),
              MessageAttributes: { kind: { Type: "String", Value: "new" } },
            },
          },
        ],
      },
      context: expect.objectContaining({ attemptId: `${MessageId}-${SubscriptionArn.split(":").at(-1)}` }),
    },
  ]);
});

test("a function that fails is run three times in all", async () => {
  const { functions, called, calls } = recordedFunctions(failed, failed, failed, { kind: "succeeded" });
  await using tested = await testedTopics({ functions: () => functions });
  const { TopicArn } = await subscribed(tested);
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "first" }));
  await called(3);
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "second" }));
  await called(4);
  expect(calls.map(({ payload }) => JSON.stringify(payload).includes('"first"'))).toEqual([true, true, true, false]);
  expect(tested.lines.at(-1)).toMatch(/will not be tried again: .*mailer:live failed with MailError: no mail$/);
});

test("a function that is not there yet gets the message when it is", async () => {
  const missing: CallResult = { kind: "failed", error: "FC.FunctionNotFound", cause: "none" };
  const { functions, called } = recordedFunctions(missing, missing, missing, { kind: "succeeded" });
  await using tested = await testedTopics({ functions: () => functions });
  const { TopicArn } = await subscribed(tested);
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
  expect((await called(4)).map(({ context }) => context.retryCount)).toEqual([0, 1, 2, 3]);
});

test("a function of a module, in its own process, gets it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stepwell-topics-"));
  const module = join(folder, "functions.mjs");
  await writeFile(module, "export default { mailer: (event) => console.log(event.Records[0].Sns.Message) };");
  const printed = Promise.withResolvers<string>();
  const functions = childFunctions({ module, onConsole: ({ text }) => printed.resolve(text) });
  {
    await using tested = await testedTopics({ functions: () => functions });
    const { TopicArn } = await subscribed(tested);
    await tested.sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
    expect(await printed.promise).toBe("hello");
  }
  await functions.close();
  await rm(folder, { recursive: true });
});
