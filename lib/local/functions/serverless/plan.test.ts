// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of a serverless.yml look like that
import { describe, expect, test } from "vitest";
import { written } from "../calling.fixture.ts";
import { planServerless } from "./plan.ts";

function plan(text: string, files: { readonly [name: string]: string } = {}, env = {}) {
  return planServerless(written({ "serverless.yml": text, "code.ts": "", ...files }), env);
}

describe("the settings of functions", () => {
  test("a function's own come before the provider's, and Serverless's own are the last", () => {
    const { functions } = plan(`
provider: { environment: { A: provider, B: provider }, memorySize: 512, timeout: 20 }
functions:
  one: { handler: code.one }
  two: { handler: code.two, environment: { A: own }, memorySize: 256, timeout: 3 }
`);
    expect(functions).toMatchObject([
      { environment: { A: "provider", B: "provider" }, memoryMb: 512, limitMs: 20_000 },
      { environment: { A: "own", B: "provider" }, memoryMb: 256, limitMs: 3_000 },
    ]);
    expect(plan("functions: { one: { handler: code.one } }").functions).toMatchObject([
      { environment: {}, memoryMb: undefined, limitMs: 6_000 },
    ]);
  });

  test("anchors, merges and CloudFormation's tags do not disturb", () => {
    const { functions, problems, warnings } = plan(`
x: &defaults { timeout: 9 }
functions:
  one: { <<: *defaults, handler: code.one, role: !GetAtt [Role, Arn], vpc: !Sub "x\${AWS::Region}" }
resources: !Include other.yml
`);
    expect(functions).toMatchObject([{ limitMs: 9_000, handlers: [{ key: "one", export: "one" }] }]);
    expect([problems.size, warnings]).toEqual([0, []]);
  });

  test("functions may come from files, in a list, and these files are told", () => {
    const { functions, files } = plan("functions: [ '${file(fns/a.yml)}', '${file(fns/b.json):deep}' ]", {
      "fns/a.yml": "one: { handler: code.one }",
      "fns/b.json": '{ "deep": { "two": { "handler": "code.two" } } }',
    });
    expect(functions.map(({ handlers }) => handlers[0]?.export)).toEqual(["one", "two"]);
    expect(files.filter((file) => file.includes("/fns/"))).toHaveLength(2);
  });

  test("a variable that cannot be known is not missed when the process has it", () => {
    const text = "functions:\n  one: { handler: code.one, environment: { TABLE: !Ref Table, KIND: { Ref: Kind } } }";
    expect(plan(text, {}, { TABLE: "local", KIND: "local" }).warnings).toEqual([]);
    expect(plan(text).warnings).toEqual([
      expect.stringContaining("TABLE is left out: !Ref Table cannot"),
      expect.stringContaining('KIND is left out: {"Ref":"Kind"} cannot'),
    ]);
  });
});

describe("the names of functions", () => {
  test("are the service's, Lambda's, and those of versions", () => {
    const { names, aliases } = plan(`
service: { name: shop }
provider: { stage: prod }
functions:
  pay: { handler: code.pay, name: "\${self:service.name}_pay" }
custom: { stepwell: { versions: { pay: { 1: code.old } }, aliases: { pay: { online: 1 } } } }
`);
    expect([...names]).toEqual([
      ["pay", "pay"],
      ["shop/pay", "pay"],
      ["shop_pay", "pay"],
      ["shop-pay", "pay"],
      ["shop-prod-pay", "pay"],
      ["shop.1/pay", "pay:1"],
      ["pay:1", "pay:1"],
      ["shop_pay:1", "pay:1"],
      ["shop-pay:1", "pay:1"],
      ["shop-prod-pay:1", "pay:1"],
    ]);
    expect(aliases["shop/pay"]).toEqual({ online: "1" });
  });

  test("a function's key is its own, whatever another is named", () => {
    const { names } = plan("service: shop\nfunctions: { pay: { handler: code.a }, shop-pay: { handler: code.b } }");
    expect(names.get("shop-pay")).toBe("shop-pay");
  });

  test("without a service there are the key and the name", () => {
    expect([...plan("functions: { pay: { handler: code.a, name: b } }").names.keys()]).toEqual(["pay", "b"]);
  });
});

test.each([
  ["an anchor that is not there", "functions: *gone", "serverless.yml:1: "],
  ["nothing", "", "serverless.yml:1: functions: must be"],
  ["a list", "- 1", "serverless.yml:1: functions: must be"],
])("%s is a problem of the whole file", (_name, text, message) => {
  expect(plan(text).problems.get("")?.errorMessage).toContain(message);
});

test("a file that is not there is a problem", () => {
  expect(planServerless("/nowhere/serverless.yml", {}).problems.get("")?.errorMessage).toContain("cannot be read");
});
