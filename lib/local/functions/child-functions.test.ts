import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { Json } from "../../fdl/json.ts";
import type { CallResult, Invocation } from "../../runtime/ports/functions.ts";
import { CONTEXT, calling, failed, functions, MODULE, written } from "./calling.fixture.ts";
import { type ConsoleLine, childFunctions } from "./child-functions.ts";

function service(name: string, functionName: string, qualifier?: string, region = "", account = ""): Invocation {
  const q = qualifier === undefined ? {} : { qualifier };
  return {
    resource: { kind: "fc", service: name, function: functionName, region, account, ...q },
    payload: {},
    context: CONTEXT,
  };
}

const shared = childFunctions({ module: MODULE, onConsole: () => {} });
afterAll(() => shared.close());

describe("finding the function", () => {
  test.each<[string, Invocation, Json]>([
    ["service/function", service("shop", "pay"), { service: "shop", event: {} }],
    ["service.qualifier/function before service/function", service("shop", "pay", "online"), "online"],
    [
      "service/function when there is no key with the qualifier",
      service("shop", "pay", "7"),
      { service: "shop", event: {} },
    ],
    ["the Lambda function's name S-F", service("shop", "refund"), "refund by Lambda name"],
    ["the whole resource text", service("shop", "ship", undefined, "cn-hangzhou", "42"), "by full text"],
    ["a name", calling("hello"), "unqualified"],
  ])("%s", async (_name, invocation, output) => {
    expect(await shared.invoke(invocation)).toEqual({ kind: "succeeded", output });
  });

  test("name:qualifier before the name", async () => {
    const { resource, ...rest } = calling("hello");
    const qualified = (qualifier: string) => shared.invoke({ ...rest, resource: { ...resource, qualifier } });
    expect(await qualified("3")).toEqual({ kind: "succeeded", output: "version 3" });
    expect(await qualified("4")).toEqual({ kind: "succeeded", output: "unqualified" });
  });

  test("a full ARN", async () => {
    const resource = { kind: "function", function: "billing", region: "us-east-1", account: "1" } as const;
    expect(await shared.invoke({ resource, payload: {}, context: CONTEXT })).toEqual({
      kind: "succeeded",
      output: "by ARN",
    });
  });

  test("one that is not there is FC.FunctionNotFound, with the names tried and the names there are", async () => {
    const failure = failed(await shared.invoke(service("shop", "steal")));
    expect(failure.error).toBe("FC.FunctionNotFound");
    expect(failure.errorMessage).toContain(
      'none of "acs:fc:::services/shop/functions/steal", "shop/steal", "shop-steal"; it exports "echo"',
    );
  });

  test.each(["constructor", "__proto__", "toString"])(
    "a name of Object.prototype is not a function: %s",
    async (name) => {
      expect(failed(await shared.invoke(calling(name))).error).toBe("FC.FunctionNotFound");
    },
  );
});

describe("the event and the result", () => {
  test("any JSON value comes back as it was, hostile keys too", async () => {
    const json = fc.oneof(fc.jsonValue(), fc.constant(JSON.parse('{"__proto__":{"polluted":1},"constructor":null}')));
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        const sent: Json = JSON.parse(JSON.stringify(value));
        const result = await shared.invoke(calling("echo", sent));
        if (result.kind !== "succeeded") throw new Error(result.kind);
        expect(JSON.stringify(result.output)).toBe(JSON.stringify(sent));
      }),
      { numRuns: 200 },
    );
  });

  test("no result is no output", async () => {
    expect(await shared.invoke(calling("nothing"))).toEqual({ kind: "succeeded" });
  });

  test("NaN and undefined are written as JSON writes them", async () => {
    expect(await shared.invoke(calling("nan"))).toEqual({ kind: "succeeded", output: { a: null, c: [null] } });
  });

  test.each([
    ["bigint", '$.orders[1]["net-price"] is a BigInt'],
    ["cycle", "$.self.again[0] refers back to a value that contains it"],
    ["functionResult", "$ is a function"],
    ["symbolResult", "$ is a symbol"],
    ["angryResult", "do not read me"],
  ])("a result that JSON cannot hold is FnF.InvalidLocal and says where: %s", async (name, where) => {
    expect(failed(await shared.invoke(calling(name)))).toEqual({
      error: "FnF.InvalidLocal",
      errorType: "Runtime.MarshalError",
      errorMessage: `The function's result cannot be written as JSON: ${where}.`,
      stackTrace: [],
    });
  });

  test("an input of 6 MB passes, one byte more is FnF.DataLimitExceeded", async () => {
    const text = "x".repeat(6_291_456 - 2);
    expect(await shared.invoke(calling("echo", text))).toEqual({ kind: "succeeded", output: text });
    const failure = failed(await shared.invoke(calling("echo", `${text}x`)));
    expect(failure.error).toBe("FnF.DataLimitExceeded");
    expect(failure.errorMessage).toContain(
      "6291457 bytes; Lambda's limit for the request of a call that is synchronous is 6291456 bytes (6 MB)",
    );
  });

  test("a result over Lambda's limit is FnF.DataLimitExceeded", async () => {
    expect((await shared.invoke(calling("big", { bytes: 6_291_556 }))).kind).toBe("succeeded");
    const failure = failed(await shared.invoke(calling("big", { bytes: 6_291_557 })));
    expect(failure.error).toBe("FnF.DataLimitExceeded");
    expect(failure.errorMessage).toContain("6291557 bytes; Lambda's limit for the response");
  });

  test("the context is Lambda's, with the attempt in the client context", async () => {
    const resource = { kind: "fc", service: "a", function: "b", region: "r", account: "1", qualifier: "live" } as const;
    const source =
      "export default { 'a/b': (event, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() }) };";
    const own = functions({ module: written({ "context.mjs": source }), memoryMb: 300 });
    expect(await own.invoke({ resource, payload: {}, context: CONTEXT, timeoutMs: 60_000 })).toEqual({
      kind: "succeeded",
      output: {
        functionName: "a-b",
        functionVersion: "live",
        invokedFunctionArn: "arn:aws:lambda:r:1:function:a-b:live",
        memoryLimitInMB: "300",
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        callbackWaitsForEmptyEventLoop: false,
        clientContext: { custom: CONTEXT },
        remaining: expect.toSatisfy((ms: number) => ms > 30_000 && ms <= 60_000),
      },
    });
  });

  test("without a time-out the remaining time counts down from 15 minutes", async () => {
    const result = await shared.invoke(calling("context"));
    expect(result).toMatchObject({
      output: { remaining: expect.toSatisfy((ms: number) => ms > 890_000 && ms <= 900_000) },
    });
  });
});

describe("what a function throws", () => {
  test.each([
    ["plainError", "Error", "plain"],
    ["subclass", "CardDeclined", "no funds"],
    ["renamed", "payments.Refused", "refused"],
    ["subclassOfBuiltIn", "NotAnInteger", "1.5"],
    ["builtIn", "SyntaxError", expect.stringContaining("JSON")],
    ["thrownText", "string", "just text"],
    ["thrownNull", "object", "null"],
    ["thrownObject", "object", "{ code: 5 }"],
    ["errorLike", "SoapFault", "remote"],
    ["unreadable", "Error", "The function threw a value that cannot be read."],
  ])("%s: error %s", async (name, error, errorMessage) => {
    expect(failed(await shared.invoke(calling(name)))).toMatchObject({ error, errorType: error, errorMessage });
  });

  test("the cause shows the stack in the user's own source", async () => {
    expect(failed(await shared.invoke(calling("subclass"))).stackTrace[0]).toMatch(/functions\.fixture\.ts:\d+/);
  });
});

describe("submitting", () => {
  test("returns when the call is accepted, and reports the end to the token", async () => {
    const reports: [string, CallResult][] = [];
    const own = functions({ report: async (token, result) => void reports.push([token, result]) });
    expect(await own.submit(calling("echo", { a: 1 }), "token-1")).toEqual({ kind: "succeeded" });
    expect(await own.submit(calling("exit", { code: 1 }), "token-2")).toEqual({ kind: "succeeded" });
    expect(reports).toEqual([]);
    await own.background.settled();
    expect(new Map(reports)).toMatchObject(
      new Map<string, unknown>([
        ["token-1", { kind: "succeeded", output: { a: 1 } }],
        ["token-2", { kind: "failed", error: "FC.Unknown", cause: expect.any(String) }],
      ]),
    );
  });

  test("without a token the result is nobody's", async () => {
    const reports: string[] = [];
    const own = functions({ report: async (token) => void reports.push(token) });
    expect(await own.submit(calling("plainError"))).toEqual({ kind: "succeeded" });
    await own.background.settled();
    expect(reports).toEqual([]);
  });

  test("an unknown function and an input over 1 MB are refused at once", async () => {
    expect(failed(await shared.submit(calling("nobody"))).error).toBe("FC.FunctionNotFound");
    const failure = failed(await shared.submit(calling("echo", "x".repeat(1_048_576)), "t"));
    expect(failure.error).toBe("FnF.DataLimitExceeded");
    expect(failure.errorMessage).toContain("asynchronous is 1048576 bytes (1 MB)");
  });
});

describe("what functions print", () => {
  test("comes line by line with the function's name, whole characters and the last line without its end", async () => {
    const lines: ConsoleLine[] = [];
    const own = functions({ onConsole: (line) => void lines.push(line) });
    expect(await own.invoke(calling("prints"))).toEqual({ kind: "succeeded", output: "printed" });
    await own.close();
    const of = (stream: string) => lines.filter((line) => line.stream === stream).map((line) => line.text);
    expect(of("stdout")).toEqual(["to stdout", "second line", "no end of line é"]);
    expect(of("stderr")).toEqual(["to stderr"]);
  });
});
