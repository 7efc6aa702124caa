import { describe, expect, it, vi } from "vitest";
import type { Report } from "./receive.ts";
import { MessageRefused } from "./sns-message.ts";
import { handlerOf } from "./topic-worker.ts";

const TopicArn = "arn:aws:sns:eu-west-1:123456789012:fnf-demo";
const notification = { Type: "Notification", TopicArn, Message: '{"messageBody":"hello","taskToken":"t1"}' } as const;
const confirmation = { Type: "SubscriptionConfirmation", TopicArn, Token: "k" } as const;

/** The handler, with a reader that takes bodies for what they say; and what it did. */
function worker(report: (report: Report) => Promise<"reported" | "already"> = async () => "reported") {
  const [reported, confirmed]: [Report[], string[]] = [[], []];
  vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation(() => {});
  const handler = handlerOf({
    read: async (body) => {
      if (body === "forged") throw new MessageRefused("The signature is not that of the message.");
      return JSON.parse(body);
    },
    confirm: async ({ Token }) => confirmed.push(Token),
    report: (one) => {
      reported.push(one);
      return report(one);
    },
  });
  return { handler, reported, confirmed };
}

describe("the topic's worker", () => {
  it.each([false, true])("reports to the token of a notification; its body in base64: %s", async (isBase64Encoded) => {
    const { handler, reported } = worker();
    const body = Buffer.from(JSON.stringify(notification)).toString(isBase64Encoded ? "base64" : "utf8");
    expect(await handler({ body, isBase64Encoded })).toEqual({ statusCode: 200, body: "OK" });
    expect(reported).toEqual([{ taskToken: "t1", output: { status: "success" } }]);
  });

  it("takes a task that is reported already for done", async () => {
    const { handler } = worker(async () => "already");
    expect(await handler({ body: JSON.stringify(notification) })).toMatchObject({ statusCode: 200 });
  });

  it("confirms its subscription with the message's token", async () => {
    const { handler, confirmed, reported } = worker();
    expect(await handler({ body: JSON.stringify(confirmation) })).toMatchObject({ statusCode: 200 });
    expect([confirmed, reported]).toEqual([["k"], []]);
  });

  it("does not undo the end of its subscription", async () => {
    const { handler, confirmed } = worker();
    const ended = { ...confirmation, Type: "UnsubscribeConfirmation" };
    expect(await handler({ body: JSON.stringify(ended) })).toMatchObject({ statusCode: 200 });
    expect(confirmed).toEqual([]);
  });

  it("refuses for good what SNS did not sign", async () => {
    const { handler, reported, confirmed } = worker();
    expect(await handler({ body: "forged" })).toMatchObject({ statusCode: 403 });
    expect([reported, confirmed]).toEqual([[], []]);
  });

  it("has SNS push again what cannot be reported now, and says no more to whoever asks", async () => {
    const { handler } = worker(async () => {
      throw new Error("the API at https://inner.example is away");
    });
    const answer = await handler({ body: JSON.stringify(notification) });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain("inner.example");
  });
});
