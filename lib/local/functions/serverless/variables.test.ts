// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of a serverless.yml look like that
import { describe, expect, test } from "vitest";
import { resolveVariables } from "./variables.ts";

const sources = {
  root: {
    service: "shop",
    provider: { stage: "${opt:stage, 'prod'}", region: "eu-west-1" },
    custom: {
      tables: { prod: "orders-prod" },
      name: "${self:service}-${self:provider.stage}",
      list: ["first", { deep: 2 }],
      itself: "${self:custom.itself}",
      other: "${file(other.yml):key}",
      null: null,
    },
  },
  env: { HOME_TOWN: "Delft", EMPTY: "" },
  file: (path: string) => (path === "other.yml" ? { key: "${self:service}!" } : undefined),
};

describe("variables that are known here", () => {
  test.each<[string, unknown]>([
    ["plain", "plain"],
    ["${self:service}", "shop"],
    ["a ${self:service} b ${env:HOME_TOWN}", "a shop b Delft"],
    ["${env:EMPTY, 'x'}", ""],
    ["${env:GONE, 'x, y'}", "x, y"],
    ["${env:GONE, env:HOME_TOWN}", "Delft"],
    ["${env:GONE, 5}", 5],
    ["${env:GONE, true}", true],
    ["${opt:stage, 'dev'}", "dev"],
    ["${opt:stage, self:provider.stage}", "prod"],
    ["${sls:stage}", "prod"],
    ["${aws:region}", "eu-west-1"],
    ["${self:custom.name}", "shop-prod"],
    ["${self:custom.tables.${self:provider.stage}}", "orders-prod"],
    ["${self:custom.list.1.deep}", 2],
    ["${self:custom.tables}", { prod: "orders-prod" }],
    ["${file(other.yml):key}", "shop!"],
    ["${self:custom.other}", "shop!"],
    ["${ssm:/secret, 'none'}", "none"],
  ])("%s", (text, value) => {
    expect(resolveVariables(text, sources)).toEqual({ value });
  });
});

describe("variables that are not", () => {
  test.each([
    ["${env:GONE}", "${env:GONE}"],
    ["x ${ssm:/secret} y", "${ssm:/secret}"],
    ["${self:custom.gone}", "${self:custom.gone}"],
    ["${self:custom.null}", "${self:custom.null}"],
    ["${self:custom.__proto__}", "${self:custom.__proto__}"],
    ["${self:custom.itself}", "${self:custom.itself}"],
    ["${file(gone.yml):key}", "${file(gone.yml):key}"],
    ["${AWS::Region}", "${AWS::Region}"],
    ["arn:${self:custom.tables}", "${self:custom.tables}"],
    ["${opt:stage}", "${opt:stage}"],
  ])("%s", (text, unresolved) => {
    expect(resolveVariables(text, sources)).toEqual({ unresolved });
  });

  test("what is no text stays as it is", () => {
    expect([1, null, { a: "${self:service}" }].map((value) => resolveVariables(value, sources))).toEqual([
      { value: 1 },
      { value: null },
      { value: { a: "${self:service}" } },
    ]);
  });
});
