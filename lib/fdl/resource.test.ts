import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatResource, functionName, parseResource, RESOURCE_FORMS, type Resource } from "./resource.ts";

const failure = (message: string, offset: number) =>
  expect.objectContaining({ name: "ExpressionError", code: "InvalidArgument", message, offset });

const own = { region: "", account: "" };
const place = { region: "cn-hangzhou", account: "1234567890123456" };
const fcFunction = (service: string, name: string, qualifier?: string): Resource => ({
  kind: "fc",
  service,
  function: name,
  ...(qualifier === undefined ? {} : { qualifier }),
  ...own,
});
const lambda = (name: string, qualifier?: string): Resource => ({
  kind: "function",
  function: name,
  ...(qualifier === undefined ? {} : { qualifier }),
  ...own,
});

describe("resource names (fdl.md §3.1.1, §12)", () => {
  test.each<[string, Resource]>([
    ["acs:fc:::services/fnf-demo/functions/echo", fcFunction("fnf-demo", "echo")],
    ["acs:fc:::services/service-CD946B9A9F36/functions/hello", fcFunction("service-CD946B9A9F36", "hello")],
    ["acs:fc:::services/shop.online/functions/pay", fcFunction("shop", "pay", "online")],
    ["acs:fc:::services/shop.3/functions/pay", fcFunction("shop", "pay", "3")],
    ["acs:fc:::services/shop.LATEST/functions/pay", fcFunction("shop", "pay")],
    ["acs:fc:::services/shop.latest/functions/pay", fcFunction("shop", "pay", "latest")],
    ["acs:fc:{region}:{accountID}:services/fnf-demo/functions/Operation", fcFunction("fnf-demo", "Operation")],
    ["acs:fc:{region}:{accID}:services/fnf/functions/test", fcFunction("fnf", "test")],
    ["acs:fc:{}::services/fnf/functions/test", fcFunction("fnf", "test")],
    [
      "acs:fc:cn-hangzhou:1234567890123456:services/s_1/functions/f_2",
      { kind: "fc", service: "s_1", function: "f_2", ...place },
    ],
    [
      "acs:fc:cn-hangzhou:{accountID}:services/fnf-demo/functions/StartJob",
      { kind: "fc", service: "fnf-demo", function: "StartJob", region: "cn-hangzhou", account: "" },
    ],
    ["acs:fc:::functions/f", lambda("f")],
    ["acs:fc:::functions/f/LATEST", lambda("f")],
    ["acs:fc:::functions/f/prod", lambda("f", "prod")],
    ["acs:fc:::functions/f_1/3", lambda("f_1", "3")],
    [
      "acs:fc:cn-hangzhou:1234567890123456:functions/f/2",
      { kind: "function", function: "f", qualifier: "2", ...place },
    ],
    ["acs:mns:::/queues/fnf-demo/messages", { kind: "queue", queue: "fnf-demo", ...own }],
    ["acs:mns:::/queues/q.fifo/messages", { kind: "queue", queue: "q.fifo", ...own }],
    ["acs:mns:cn-hangzhou:1234567890123456:/queues/q/messages", { kind: "queue", queue: "q", ...place }],
    ["acs:mns:::/topics/t/messages", { kind: "topic", topic: "t", ...own }],
    ["acs:mns:::/topics/t.fifo/messages", { kind: "topic", topic: "t.fifo", ...own }],
    ["acs:mns:cn-hangzhou:1234567890123456:/topics/t/messages", { kind: "topic", topic: "t", ...place }],
    ["acs:fnf:::flow/sub-flow", { kind: "flow", flow: "sub-flow" }],
    ["acs:fnf:cn-hangzhou:1234567890123456:flow/_f", { kind: "flow", flow: "_f" }],
    [`acs:fnf:::flow/${"f".repeat(128)}`, { kind: "flow", flow: "f".repeat(128) }],
    ["arn:aws:lambda:::function:name", lambda("name")],
    ["arn:aws:lambda:::function:name:$LATEST", lambda("name")],
    ["arn:aws:lambda:::function:name:LATEST", lambda("name", "LATEST")],
    ["arn:aws:lambda:::function:name:prod", lambda("name", "prod")],
    [
      "arn:aws:lambda:eu-west-1:123456789012:function:my_fn-2:7",
      { kind: "function", function: "my_fn-2", qualifier: "7", region: "eu-west-1", account: "123456789012" },
    ],
    ["arn:aws:lambda:{region}:{account}:function:f", lambda("f")],
    ["arn:aws:sqs:::jobs", { kind: "queue", queue: "jobs", ...own }],
    [
      "arn:aws:sqs:eu-west-1:123456789012:jobs.fifo",
      { kind: "queue", queue: "jobs.fifo", region: "eu-west-1", account: "123456789012" },
    ],
    ["arn:aws:sns:::news", { kind: "topic", topic: "news", ...own }],
    [
      "arn:aws:sns:eu-west-1:123456789012:news.fifo",
      { kind: "topic", topic: "news.fifo", region: "eu-west-1", account: "123456789012" },
    ],
  ])("%s", (text, resource) => {
    expect(parseResource(text)).toStrictEqual(resource);
  });

  test("the forms, as messages name them", () => {
    expect(RESOURCE_FORMS).toEqual([
      "acs:fc:{region}:{account}:services/{service}[.{versionOrAlias}]/functions/{function}",
      "acs:fc:{region}:{account}:functions/{function}[/{versionOrAlias}]",
      "acs:mns:{region}:{account}:/queues/{queue}/messages",
      "acs:mns:{region}:{account}:/topics/{topic}/messages",
      "acs:fnf:{region}:{account}:flow/{flow}",
      "arn:aws:lambda:{region}:{account}:function:{function}[:{versionOrAlias}]",
      "arn:aws:sqs:{region}:{account}:{queue}",
      "arn:aws:sns:{region}:{account}:{topic}",
    ]);
  });
});

describe("a text that is no resource name", () => {
  const forms =
    "A resource name has one of the forms acs:fc:{region}:{account}:services/{service}[.{versionOrAlias}]/functions/{function}, " +
    "acs:fc:{region}:{account}:functions/{function}[/{versionOrAlias}], acs:mns:{region}:{account}:/queues/{queue}/messages, " +
    "acs:mns:{region}:{account}:/topics/{topic}/messages, acs:fnf:{region}:{account}:flow/{flow}, " +
    "arn:aws:lambda:{region}:{account}:function:{function}[:{versionOrAlias}], arn:aws:sqs:{region}:{account}:{queue}, " +
    "arn:aws:sns:{region}:{account}:{topic}.";
  const template = `"!Ref …" and "\${…}" are no part of the language: a deploy tool must resolve them to a resource name first.`;
  const region = 'A region has letters, digits and "-", or is empty: then it is the flow\'s own.';
  const account = "An account has digits, or is empty: then it is the flow's own.";
  const colons = (prefix: string, hint = "") =>
    `Region and account stand behind "${prefix}", each with a colon before and behind it; both may be empty.${hint}`;
  const expected = (shapes: string, hint = "") =>
    `Expected ${shapes} behind the account; names have letters, digits, "_" and "-".${hint}`;
  const meant = (name: string) => ` Did you mean "${name}"?`;
  const [ofFc, ofMns, ofFnf, ofLambda] = [
    "services/{service}[.{versionOrAlias}]/functions/{function} or functions/{function}[/{versionOrAlias}]",
    "/queues/{queue}/messages or /topics/{topic}/messages",
    "flow/{flow}",
    "function:{function}[:{versionOrAlias}]",
  ];

  test.each([
    ["", forms, 0],
    ["hello", forms, 0],
    [" acs:fc:::services/s/functions/f", forms, 0],
    ["acs:ecs:::services/s/functions/f", forms, 0],
    ["acs:fcx:::services/s/functions/f", forms, 0],
    ["ACS:FC:::services/s/functions/f", forms, 0],
    ["arn:aws:states:::stateMachine:s", forms, 0],
    ["arn:aws-cn:lambda:::function:f", forms, 0],
    ["!Ref Service/function", template, 0],
    [`acs:fc:::services/\${Service}/functions/f`, template, 18],
    [`\${Arn}`, template, 0],
    // region and account
    ["acs:fc", colons("acs:fc"), 6],
    ["acs:fc:", colons("acs:fc"), 6],
    ["acs:fc::", colons("acs:fc"), 6],
    ["arn:aws:sqs", colons("arn:aws:sqs"), 11],
    ["acs:fc:services/s/functions/f", colons("acs:fc", meant("acs:fc:::services/s/functions/f")), 6],
    ["acs:fc::functions/f", colons("acs:fc", meant("acs:fc:::functions/f")), 6],
    ["acs:mns:/queues/q/messages", colons("acs:mns", meant("acs:mns:::/queues/q/messages")), 7],
    ["acs:fnf:flow/f", colons("acs:fnf", meant("acs:fnf:::flow/f")), 7],
    ["arn:aws:lambda:function:f", colons("arn:aws:lambda", meant("arn:aws:lambda:::function:f")), 14],
    ["arn:aws:lambda:f", colons("arn:aws:lambda", meant("arn:aws:lambda:::function:f")), 14],
    ["arn:aws:sqs:jobs", colons("arn:aws:sqs", meant("arn:aws:sqs:::jobs")), 11],
    ["acs:fc:cn_1::services/s/functions/f", region, 7],
    ["acs:fc:{region::services/s/functions/f", region, 7],
    ["acs:fc:region}::services/s/functions/f", region, 7],
    ["acs:fc:x{region}::services/s/functions/f", region, 7],
    ["acs:fc:{region}x::services/s/functions/f", region, 7],
    ["acs:fc:{{region}}::services/s/functions/f", region, 7],
    ["acs:fc:<region>::services/s/functions/f", region, 7],
    ["acs:fc:é::services/s/functions/f", region, 7],
    ["acs:fc:cn hangzhou::services/s/functions/f", region, 7],
    ["acs:fc:cn-hangzhou:abc:services/s/functions/f", account, 19],
    ["acs:fc::12a:services/s/functions/f", account, 8],
    ["acs:fc::a12:services/s/functions/f", account, 8],
    ["arn:aws:sqs: 1:jobs", colons("arn:aws:sqs"), 11],
    ["arn:aws:sqs:eu-west-1:12 :jobs", account, 22],
    // placeholders instead of names
    ["acs:fc:::services/{fc-service}/functions/{fc-function}", "Put a name in the place of {fc-service}.", 18],
    ["acs:fc:::services/s/functions/{fc-function}", "Put a name in the place of {fc-function}.", 30],
    ["acs:mns:::/topics/<topic>/messages", "Put a name in the place of <topic>.", 18],
    ["arn:aws:lambda:eu-west-1:123456789012:function:{}", "Put a name in the place of {}.", 47],
    // Function Compute
    ["acs:fc:{region}:{accountID}:xxx", expected(ofFc), 28],
    ["acs:fc:::", expected(ofFc), 9],
    ["acs:fc:::service/x/functions/y", expected(ofFc, meant("acs:fc:::services/x/functions/y")), 9],
    ["acs:fc:::services/x/function/y", expected(ofFc, meant("acs:fc:::services/x/functions/y")), 9],
    ["acs:fc:::/services/x/functions/y", expected(ofFc, meant("acs:fc:::services/x/functions/y")), 9],
    ["acs:fc:cn-a:12:service/x.1/function/y", expected(ofFc, meant("acs:fc:cn-a:12:services/x.1/functions/y")), 15],
    ["acs:fc:::services/x/functions/y/prod", expected(ofFc, meant("acs:fc:::services/x.prod/functions/y")), 9],
    ["acs:fc:::services/shop/functions/pay.3", expected(ofFc, meant("acs:fc:::services/shop.3/functions/pay")), 9],
    ["acs:fc:::services/x.1/functions/y.3", expected(ofFc), 9],
    ["acs:fc:::function/y", expected(ofFc, meant("acs:fc:::functions/y")), 9],
    ["acs:fc:::/functions/y/1", expected(ofFc, meant("acs:fc:::functions/y/1")), 9],
    ["acs:fc:::functions/y.1", expected(ofFc), 9],
    ["acs:fc:::functions/y/1/2", expected(ofFc), 9],
    ["acs:fc:::functions/y/", expected(ofFc), 9],
    ["acs:fc:::functions/", expected(ofFc), 9],
    ["acs:fc:::services/x", expected(ofFc), 9],
    ["acs:fc:::services//functions/y", expected(ofFc), 9],
    ["acs:fc:::services/x/functions/", expected(ofFc), 9],
    ["acs:fc:::services/x./functions/y", expected(ofFc), 9],
    ["acs:fc:::services/x.1.2/functions/y", expected(ofFc), 9],
    ["acs:fc:::services/x y/functions/z", expected(ofFc), 9],
    ["acs:fc:::services/x/functions/é", expected(ofFc), 9],
    ["acs:fc:::services/x/functions/y\n", expected(ofFc), 9],
    ["acs:fc:::my/services/x/functions/y", expected(ofFc), 9],
    ["acs:fc:::my/functions/y", expected(ofFc), 9],
    ["acs:fc:::services/a!b/functions/f", expected(ofFc), 9],
    ["acs:fc:::services/a$b/functions/f", expected(ofFc), 9],
    ["acs:fc::::services/x/functions/y", expected(ofFc), 9],
    // queues and topics
    ["acs:mns:::queues/q/messages", expected(ofMns, meant("acs:mns:::/queues/q/messages")), 10],
    ["acs:mns:::/queue/q/messages", expected(ofMns, meant("acs:mns:::/queues/q/messages")), 10],
    ["acs:mns:::/queues/q", expected(ofMns, meant("acs:mns:::/queues/q/messages")), 10],
    ["acs:mns:::/queues/q/message", expected(ofMns, meant("acs:mns:::/queues/q/messages")), 10],
    ["acs:mns:::topics/t/messages", expected(ofMns, meant("acs:mns:::/topics/t/messages")), 10],
    ["acs:mns:::/topic/t/messages", expected(ofMns, meant("acs:mns:::/topics/t/messages")), 10],
    ["acs:mns:::topic/t", expected(ofMns, meant("acs:mns:::/topics/t/messages")), 10],
    ["acs:mns:::/queues/q q/messages", expected(ofMns), 10],
    ["acs:mns:::/queues//messages", expected(ofMns), 10],
    ["acs:mns:::/topics/t.x/messages", expected(ofMns), 10],
    ["acs:mns:::/topics//messages", expected(ofMns), 10],
    ["acs:mns:::my/queues/q/messages", expected(ofMns), 10],
    ["acs:mns:::my/topics/t/messages", expected(ofMns), 10],
    ["acs:mns:::/queues/q/messages\n", expected(ofMns), 10],
    // flows
    ["acs:fnf:::flows/f", expected(ofFnf, meant("acs:fnf:::flow/f")), 10],
    ["acs:fnf:::/flow/f", expected(ofFnf, meant("acs:fnf:::flow/f")), 10],
    ["acs:fnf:::flow:f", expected(ofFnf, meant("acs:fnf:::flow/f")), 10],
    ["acs:fnf:::f", expected(ofFnf, meant("acs:fnf:::flow/f")), 10],
    ["acs:fnf:::flow/", expected(ofFnf), 10],
    ["acs:fnf:::flow/1f", expected(ofFnf), 10],
    ["acs:fnf:::flow/-f", expected(ofFnf), 10],
    ["acs:fnf:::flow/f/g", expected(ofFnf), 10],
    ["acs:fnf:::my/flow/f", expected(ofFnf), 10],
    [`acs:fnf:::flow/${"f".repeat(129)}`, expected(ofFnf), 10],
    // AWS
    [
      "arn:aws:lambda:eu-west-1:123456789012:f",
      expected(ofLambda, meant("arn:aws:lambda:eu-west-1:123456789012:function:f")),
      38,
    ],
    ["arn:aws:lambda:::functions:f:1", expected(ofLambda, meant("arn:aws:lambda:::function:f:1")), 17],
    ["arn:aws:lambda:::function/f", expected(ofLambda, meant("arn:aws:lambda:::function:f")), 17],
    ["arn:aws:lambda:::function:", expected(ofLambda), 17],
    ["arn:aws:lambda:::function:f:", expected(ofLambda), 17],
    ["arn:aws:lambda:::function:f:1:2", expected(ofLambda), 17],
    ["arn:aws:lambda:::function:f:$LATESTS", expected(ofLambda), 17],
    ["arn:aws:lambda:::function:f:$latest", expected(ofLambda), 17],
    ["arn:aws:lambda:::function:f.x", expected(ofLambda), 17],
    ["arn:aws:lambda:::my function:f", expected(ofLambda), 17],
    ["arn:aws:lambda:::myfunction:f:1", expected(ofLambda), 17],
    ["arn:aws:sqs:::queue/q", expected("{queue}", meant("arn:aws:sqs:::q")), 14],
    ["arn:aws:sqs:::queues:q", expected("{queue}", meant("arn:aws:sqs:::q")), 14],
    ["arn:aws:sqs:::", expected("{queue}"), 14],
    ["arn:aws:sqs:::a.b", expected("{queue}"), 14],
    ["arn:aws:sqs:::.fifo", expected("{queue}"), 14],
    ["arn:aws:sqs:::q.fifo2", expected("{queue}"), 14],
    ["arn:aws:sqs:::my/queue/q", expected("{queue}"), 14],
    ["arn:aws:sqs:::myqueue/q", expected("{queue}"), 14],
    ["arn:aws:sns:::topic/t", expected("{topic}", meant("arn:aws:sns:::t")), 14],
    ["arn:aws:sns:::topics:t", expected("{topic}", meant("arn:aws:sns:::t")), 14],
    ["arn:aws:sns:::t:7d8c-subscription", expected("{topic}"), 14],
    ["arn:aws:sns:::my/topic/t", expected("{topic}"), 14],
    ["arn:aws:sns:::mytopic/t", expected("{topic}"), 14],
    ["arn:aws:sns:::", expected("{topic}"), 14],
    ["arn:aws:sns:::a.b", expected("{topic}"), 14],
  ])("%j", (text, message, offset) => {
    expect(() => parseResource(text)).toThrow(failure(message, offset));
  });
});

describe("the canonical text of a resource", () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
  const destination = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}(\.fifo)?$/);
  const where = { region: fc.stringMatching(/^[a-z0-9-]{0,10}$/), account: fc.stringMatching(/^[0-9]{0,12}$/) };
  const qualifier = fc.option(
    name.filter((text) => text !== "LATEST"),
    { nil: undefined },
  );
  const resource: fc.Arbitrary<Resource> = fc.oneof(
    fc
      .tuple(fc.record({ service: name, function: name, ...where }), qualifier)
      .map(
        ([rest, qualifier]): Resource => ({ kind: "fc", ...rest, ...(qualifier === undefined ? {} : { qualifier }) }),
      ),
    fc.tuple(fc.record({ function: name, ...where }), qualifier).map(
      ([rest, qualifier]): Resource => ({
        kind: "function",
        ...rest,
        ...(qualifier === undefined ? {} : { qualifier }),
      }),
    ),
    fc.record({ kind: fc.constant("queue"), queue: destination, ...where }),
    fc.record({ kind: fc.constant("topic"), topic: destination, ...where }),
    fc.record({ kind: fc.constant("flow"), flow: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,127}$/) }),
  );

  test("parses to the same resource", () => {
    fc.assert(
      fc.property(resource, (resource) => {
        expect(parseResource(formatResource(resource))).toEqual(resource);
      }),
    );
  });

  test.each<[Resource, string]>([
    [fcFunction("s", "f"), "acs:fc:::services/s/functions/f"],
    [
      { kind: "fc", service: "s", function: "f", qualifier: "1", ...place },
      "acs:fc:cn-hangzhou:1234567890123456:services/s.1/functions/f",
    ],
    [lambda("f"), "arn:aws:lambda:::function:f"],
    [
      { kind: "function", function: "f", qualifier: "p", ...place },
      "arn:aws:lambda:cn-hangzhou:1234567890123456:function:f:p",
    ],
    [{ kind: "queue", queue: "q", ...place }, "arn:aws:sqs:cn-hangzhou:1234567890123456:q"],
    [{ kind: "topic", topic: "t", ...place }, "arn:aws:sns:cn-hangzhou:1234567890123456:t"],
    [{ kind: "flow", flow: "f" }, "acs:fnf:::flow/f"],
    [{ kind: "flow" }, "fnf:StartExecution"],
  ])("%j is %s", (resource, text) => {
    expect(formatResource(resource)).toBe(text);
  });
});

test.each([
  ["acs:fc:::services/shop/functions/pay", { name: "shop-pay" }],
  ["acs:fc:::services/shop.online/functions/pay", { name: "shop-pay", qualifier: "online" }],
  ["acs:fc:::functions/pay", { name: "pay" }],
  ["arn:aws:lambda:::function:pay:3", { name: "pay", qualifier: "3" }],
])("%s is the Lambda function %j", (text, expected) => {
  const resource = parseResource(text);
  expect(resource.kind === "fc" || resource.kind === "function" ? functionName(resource) : resource).toStrictEqual(
    expected,
  );
});
