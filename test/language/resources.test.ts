/** Resource names (fdl.md §3.1.1, §12): what a task with that `resourceArn` calls. */
import { describe, expect, it } from "vitest";
import { functionName } from "../../lib/fdl/resource.ts";
import { problems } from "./definition.ts";
import { run } from "./run.ts";
import { fails } from "./scripts.ts";

/** What the only task of a flow calls. */
function called(resourceArn: string, rest = "") {
  const { calls } = run(`- {type: task, name: t, resourceArn: "${resourceArn}"${rest}}`, {
    functions: { [resourceArn]: () => ({}) },
    flows: { child: "- {type: succeed, name: s}" },
  });
  expect(calls).toHaveLength(1);
  return calls[0]!.call;
}

/** The Lambda function behind a name, and the region and account that the name gives. */
function lambda(resourceArn: string) {
  const call = called(resourceArn);
  if (call.kind !== "function") throw new Error(`calls a ${call.kind}`);
  const { region, account } = call.resource;
  return { ...functionName(call.resource), region, account };
}

const HERE = { region: "", account: "" };

describe("resources", () => {
  it.each([
    ["acs:fc:::services/shop/functions/pay", { name: "shop-pay", ...HERE }],
    [
      "acs:fc:cn-hangzhou:12345:services/shop/functions/pay",
      { name: "shop-pay", region: "cn-hangzhou", account: "12345" },
    ],
    ["acs:fc:::services/my-shop_1/functions/pay_2-b", { name: "my-shop_1-pay_2-b", ...HERE }],
  ])("[RES-01] %s", (resourceArn, expected) => {
    expect(lambda(resourceArn)).toEqual(expected);
  });

  it.each([
    ["acs:fc:::services/shop.online/functions/pay", { name: "shop-pay", qualifier: "online", ...HERE }],
    ["acs:fc:r:1:services/shop.3/functions/pay", { name: "shop-pay", qualifier: "3", region: "r", account: "1" }],
  ])("[RES-02] %s", (resourceArn, expected) => {
    expect(lambda(resourceArn)).toEqual(expected);
  });

  it.each([
    ["acs:fc:::functions/pay", { name: "pay", ...HERE }],
    ["acs:fc:r:1:functions/pay/LATEST", { name: "pay", region: "r", account: "1" }],
    ["acs:fc:::functions/pay/online", { name: "pay", qualifier: "online", ...HERE }],
  ])("[RES-03] %s", (resourceArn, expected) => {
    expect(lambda(resourceArn)).toEqual(expected);
  });

  const body = `, serviceParams: {MessageBody: $}`;
  it.each([
    ["acs:mns:::/queues/q-1/messages", { kind: "queue", queue: "q-1", ...HERE }],
    ["acs:mns:r:1:/queues/q/messages", { kind: "queue", queue: "q", region: "r", account: "1" }],
    ["acs:mns:::/topics/t-1/messages", { kind: "topic", topic: "t-1", ...HERE }],
    ["acs:mns:r:1:/topics/t/messages", { kind: "topic", topic: "t", region: "r", account: "1" }],
  ])("[RES-04] %s", (resourceArn, expected) => {
    expect(called(resourceArn, body)).toMatchObject(expected);
  });

  it.each(["acs:fnf:::flow/child", "acs:fnf:r:1:flow/child"])("[RES-05] %s", (resourceArn) => {
    expect(called(resourceArn)).toMatchObject({ kind: "flow", flow: "child" });
  });

  it.each(["{region}:{accountID}", "{region}:{accID}", "{region}:", ":{account}"])(
    "[RES-06] placeholders: %s",
    (place) => {
      expect(lambda(`acs:fc:${place}:services/shop/functions/pay`)).toEqual({ name: "shop-pay", ...HERE });
      expect(called(`acs:mns:${place}:/queues/q/messages`, body)).toMatchObject({ queue: "q", ...HERE });
      expect(called(`acs:fnf:${place}:flow/child`)).toMatchObject({ flow: "child" });
    },
  );

  it.each([
    "",
    "pay",
    "acs",
    "acs:fc:::services/shop",
    "acs:fc:::services/shop/functions/",
    "acs:fc:::service/shop/function/pay",
    "acs:fc::services/shop/functions/pay",
    "acs:fc:::services/shop/functions/pay/extra",
    "acs:mns:::/queues/q",
    "acs:mns:::queues/q/messages",
    "acs:fnf:::flows/x",
    "acs:fnf:::flow/1x",
    "acs:oss:::bucket/x",
    "arn:aws:s3:::bucket",
    "arn:aws:lambda:::pay",
    " acs:fc:::services/shop/functions/pay",
  ])("[RES-07] %j is refused", (resourceArn) => {
    expect(problems(`- {type: task, name: t, resourceArn: ${JSON.stringify(resourceArn)}}`)).toEqual([
      expect.stringMatching(/^4:[45]\d error t: /),
    ]);
  });

  it.each([`!Ref shop/pay`, `"\${ShopPay.Arn}"`, `"acs:fc:::services/\${Shop}/functions/pay"`])(
    "[RES-08] %s is refused",
    (text) => {
      expect(problems(`- {type: task, name: t, resourceArn: ${text}}`)).toEqual([
        expect.stringMatching(/^4:\d+ error.*deploy/),
      ]);
    },
  );

  it("[RES-09] a function that does not exist is found out when it is called", () => {
    const text = `[{type: task, name: t, resourceArn: "acs:fc:::services/no/functions/such", catch: [{errors: [FC.FunctionNotFound], goto: z}]}, {type: fail, name: no}, {type: succeed, name: z}]`;
    expect(problems(text)).toEqual([]);
    expect(run(text, { functions: { "no/such": fails("FC.FunctionNotFound") } }).status).toBe("Succeeded");
  });

  it.each([
    [
      "arn:aws:lambda:eu-west-1:123456789012:function:pay",
      { name: "pay", region: "eu-west-1", account: "123456789012" },
    ],
    ["arn:aws:lambda:::function:pay", { name: "pay", ...HERE }],
    ["arn:aws:lambda:::function:pay:online", { name: "pay", qualifier: "online", ...HERE }],
    ["arn:aws:lambda:::function:pay:7", { name: "pay", qualifier: "7", ...HERE }],
    ["arn:aws:lambda:::function:pay:$LATEST", { name: "pay", ...HERE }],
  ])("[MORE-04] %s", (resourceArn, expected) => {
    expect(lambda(resourceArn)).toEqual(expected);
  });

  it.each([
    [
      "arn:aws:sqs:eu-west-1:123456789012:jobs",
      { kind: "queue", queue: "jobs", region: "eu-west-1", account: "123456789012" },
    ],
    ["arn:aws:sqs:::jobs.fifo", { kind: "queue", queue: "jobs.fifo", ...HERE }],
    [
      "arn:aws:sns:eu-west-1:123456789012:news",
      { kind: "topic", topic: "news", region: "eu-west-1", account: "123456789012" },
    ],
    ["arn:aws:sns:::news", { kind: "topic", topic: "news", ...HERE }],
  ])("[MORE-04] %s", (resourceArn, expected) => {
    expect(called(resourceArn, body)).toMatchObject(expected);
  });
});
