// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of a serverless.yml look like that
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { calling, failed, heard, local } from "../calling.fixture.ts";

const CODE = `
export const env = (_event, context) => [process.env.TABLE, process.env.STAGE, context.memoryLimitInMB];
export const never = () => new Promise(() => {});
export const name = (_event, context) => [context.functionName, context.functionVersion];
export const folder = () => process.cwd();
export const orders = { pay: { handler: () => "nested" } };
export const old = (event, context, callback) => setImmediate(callback, null, "by callback");
export const oldFails = (event, context, callback) => callback(new RangeError("by callback"));
`;

function service(functions: string, more = ""): { readonly [name: string]: string } {
  return {
    "serverless.yml": `service: shop\nprovider:\n  name: aws\n  environment: { STAGE: "\${sls:stage}" }\nfunctions:\n${functions}\n${more}`,
    "src/code.mjs": CODE,
  };
}

function fc(functionName: string, qualifier?: string) {
  const resource = { kind: "fc", service: "shop", function: functionName, region: "", account: "" } as const;
  return { ...calling(""), resource: qualifier === undefined ? resource : { ...resource, qualifier } };
}

describe("functions of a serverless.yml", () => {
  test.each([
    ["services/shop/functions/pay", fc("pay")],
    ["shop-pay", calling("shop-pay")],
    ["shop-dev-pay, as it is deployed", calling("shop-dev-pay")],
    ["pay", calling("pay")],
    ["its own name", calling("PayNow")],
  ])("are found as %s", async (_name, invocation) => {
    const own = local(service("  pay: { handler: src/code.name, name: PayNow }"));
    expect(await own.invoke(invocation)).toMatchObject({ kind: "succeeded", output: [expect.any(String), "$LATEST"] });
    expect(own.names()).toEqual(["shop/pay"]);
  });

  test("each see their own environment and memory", async () => {
    const own = local(
      service(`
  a: { handler: src/code.env, memorySize: 256, environment: { TABLE: one } }
  b: { handler: src/code.env, environment: { TABLE: "\${self:service}-table", STAGE: 7 } }`),
    );
    expect(await own.invoke(fc("a"))).toEqual({ kind: "succeeded", output: ["one", "dev", "256"] });
    expect(await own.invoke(fc("b"))).toEqual({ kind: "succeeded", output: ["shop-table", "7", "1024"] });
  });

  test("a variable that cannot be known here is left out, and it is said which", async () => {
    const { say, next } = heard();
    const own = local(
      service("  a:\n    handler: src/code.env\n    environment:\n      TABLE: !Ref Table\n      SECRET: ${ssm:/s}"),
      { onReload: say },
    );
    expect(await own.problem()).toBeUndefined();
    expect([await next(), await next()]).toEqual([
      "serverless.yml:9: the variable TABLE is left out: !Ref Table cannot be known on this machine. To give it a value here, set TABLE before you start",
      "serverless.yml:10: the variable SECRET is left out: ${ssm:/s} cannot be known on this machine. To give it a value here, set SECRET before you start",
    ]);
    expect(await own.invoke(fc("a"))).toMatchObject({ output: [null, "dev", "1024"] });
  });

  test("that pass their own time-out are FC.Unknown, as Lambda says it; the task's time-out comes first when it is shorter", async () => {
    const own = local(service("  a: { handler: src/code.never, timeout: 0.3 }"));
    const failure = failed(await own.invoke(calling("a", {}, 20_000)));
    expect(failure).toMatchObject({ error: "FC.Unknown", errorType: "Sandbox.Timedout" });
    expect(failure.errorMessage).toMatch(/^RequestId: [-0-9a-f]{36} Error: Task timed out after 0\.30 seconds$/);
    expect(await own.invoke(calling("a", {}, 100))).toEqual({ kind: "timedOut" });
  });

  test("may be nested exports, and take a callback", async () => {
    const own = local(
      service(`
  nested: { handler: src/code.orders.pay.handler }
  old: { handler: ./src/code.old }
  oldFails: { handler: src/code.oldFails }`),
    );
    expect(await own.invoke(fc("nested"))).toEqual({ kind: "succeeded", output: "nested" });
    expect(await own.invoke(fc("old"))).toEqual({ kind: "succeeded", output: "by callback" });
    expect(failed(await own.invoke(fc("oldFails"))).error).toBe("RangeError");
  });

  test("run in the project's folder", async () => {
    const own = local(service("  a: { handler: src/code.folder }"));
    expect(await own.invoke(fc("a"))).toEqual({ kind: "succeeded", output: dirname(own.path) });
  });

  test("have the versions and aliases that custom.stepwell gives them", async () => {
    const { say, next } = heard();
    const own = local(
      service(
        "  pay: { handler: src/code.env }\n  other: { handler: src/code.env }",
        `
custom:
  stepwell:
    versions: { pay: { 1: src/code.name }, gone: { 1: src/code.name } }
    aliases: { pay: { online: 1, lost: 4 } }
`,
      ),
      { onReload: say },
    );
    expect(await own.invoke(fc("pay", "online"))).toEqual({ kind: "succeeded", output: ["shop-pay", "1"] });
    const lambda = calling("shop-pay");
    expect(await own.invoke({ ...lambda, resource: { ...lambda.resource, qualifier: "1" } })).toMatchObject({
      output: ["shop-pay", "1"],
    });
    expect(await own.resolveAlias(fc("pay", "online").resource)).toBe("1");
    expect(failed(await own.invoke(fc("pay", "2"))).error).toBe("FC.FunctionNotFound");
    expect(failed(await own.submit(fc("pay", "lost"))).errorMessage).toContain("which the alias lost stands for");
    expect(await own.invoke(fc("other", "online"))).toMatchObject({ kind: "succeeded" });
    expect([await next(), await next()]).toEqual([
      "serverless.yml:12: the alias lost of pay stands for version 4, which custom.stepwell.versions has not: calls of it fail",
      'serverless.yml:11: custom.stepwell.versions names "gone", which functions: has not',
    ]);
  });
});

describe("what is wrong in a serverless.yml", () => {
  test.each<[string, string, string]>([
    [
      "a file that is not there",
      "src/gone.handler",
      'serverless.yml:6: function "bad": there is no src/gone.ts (nor .mts, .js, .mjs, .cjs); make the file, or correct handler:',
    ],
    [
      "an export that is not there",
      "src/code.gone",
      'function "bad" (src/code.mjs): code.mjs has no export "gone"; it exports env, folder, name, never, old, oldFails, orders',
    ],
    [
      "an export that is no function",
      "src/code.orders",
      'function "bad" (src/code.mjs): code.mjs has no function as export "orders"; it exports',
    ],
    [
      "a handler without an export",
      "src/code",
      'serverless.yml:6: function "bad": handler: must be a text such as "src/orders.handler": the file\'s path, a dot, its export',
    ],
    ["a module that throws", "src/throws.handler", 'function "bad" (src/throws.mjs): TypeError: no database'],
    ["a syntax error", "src/broken.handler", "broken.mjs:2: SyntaxError"],
  ])("%s breaks that function alone", async (_name, handler, message) => {
    const own = local({
      ...service(`  bad: { handler: ${handler} }\n  good: { handler: src/code.name }`),
      "src/throws.mjs": 'throw new TypeError("no database");',
      "src/broken.mjs": "\nexport const handler = (;",
    });
    expect((await own.problem())?.errorMessage).toContain(message);
    const failure = failed(await own.invoke(fc("bad")));
    expect(failure.error).toBe("FC.Unknown");
    expect(failure.errorType).toMatch(/^Runtime\./);
    expect(await own.invoke(fc("good"))).toMatchObject({ kind: "succeeded" });
  });

  test.each([
    ["YAML", "service: shop\nfunctions:\n  a: { handler: 'x\n", "serverless.yml:4: Missing closing"],
    [
      "functions that are none",
      "service: shop\nfunctions: 3\n",
      "serverless.yml:2: functions: must be a mapping of function names to handlers",
    ],
    [
      "a function of another runtime",
      "functions:\n  a: { handler: a.b, runtime: python3.13 }",
      'serverless.yml:2: function "a": its runtime is python3.13; only functions for Node run here',
    ],
  ])("%s: it is said where, and every call is FC.Unknown", async (_name, text, message) => {
    const own = local({ "serverless.yml": text });
    expect((await own.problem())?.errorMessage).toContain(message);
    expect(failed(await own.invoke(calling("a"))).errorMessage).toContain(message);
  });
});

describe("a change", () => {
  test("of the yml is loaded; one that breaks a function is not", async () => {
    const { say, next } = heard();
    const own = local(service("  a: { handler: src/code.name }"), { watch: true, onReload: say });
    await own.problem();
    const write = (functions: string) => writeFileSync(own.path, service(functions)["serverless.yml"] ?? "");
    write("  a: { handler: src/code.name }\n  b: { handler: src/code.orders.pay.handler }");
    expect(await next()).toBe("serverless.yml changed: functions reloaded");
    expect(await own.invoke(fc("b"))).toEqual({ kind: "succeeded", output: "nested" });
    write("  a: { handler: src/gone.name }");
    expect(await next()).toBe(
      'serverless.yml changed, but the code from before still runs: serverless.yml:6: function "a": there is no src/gone.ts (nor .mts, .js, .mjs, .cjs); make the file, or correct handler:',
    );
    expect(await own.invoke(fc("b"))).toEqual({ kind: "succeeded", output: "nested" });
    writeFileSync(join(dirname(own.path), "src/gone.ts"), "export const name = (): string => 'here';");
    expect(await next()).toBe("src/gone.ts changed: functions reloaded");
    expect(await own.invoke(fc("a"))).toEqual({ kind: "succeeded", output: "here" });
  });

  test("of a handler that leaves another broken one as it is, is loaded", async () => {
    const { say, next } = heard();
    const own = local(service("  bad: { handler: src/gone.x }\n  a: { handler: src/code.name }"), {
      watch: true,
      onReload: say,
    });
    await own.problem();
    writeFileSync(join(dirname(own.path), "src/code.mjs"), "export const name = () => 'new';");
    expect(await next()).toMatch(/^src\/code\.mjs changed: functions reloaded; serverless\.yml:6: function "bad"/);
    expect(await own.invoke(fc("a"))).toEqual({ kind: "succeeded", output: "new" });
  });
});
