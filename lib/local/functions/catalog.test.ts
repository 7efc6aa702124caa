import { describe, expect, test } from "vitest";
import { parseResource } from "../../fdl/resource.ts";
import { catalogOf } from "./catalog.ts";
import type { FunctionResource } from "./names.ts";

function catalog(names: readonly string[], strict = true) {
  const keys = new Map(names.map((name) => [name, name]));
  return catalogOf({ names: keys, aliases: { "shop/pay": { live: "1" } }, owner: ["It", "has"], strict });
}

/** What a task with that `resourceArn` finds: the key, or why nothing. */
function found(resourceArn: string, names: readonly string[], strict = true): string {
  const result = catalog(names, strict).find(parseResource(resourceArn) as FunctionResource);
  return "missing" in result ? result.missing : result.key;
}

const PAY = "acs:fc:::services/shop.2/functions/pay";

describe("a version that is there", () => {
  test.each([
    [PAY, "acs:fc:::services/shop.2/functions/pay"],
    [PAY, "shop.2/pay"],
    [PAY, "shop-pay:2"],
    ["acs:fc:::functions/pay/2", "acs:fc:::functions/pay/2"],
    ["acs:fc:::functions/pay/2", "pay:2"],
    ["arn:aws:lambda:us-east-1:42:function:pay:2", "arn:aws:lambda:us-east-1:42:function:pay:2"],
    ["arn:aws:lambda:us-east-1:42:function:pay:2", "pay:2"],
  ])("%s is found as %s", (resourceArn, name) => {
    expect(found(resourceArn, ["shop/pay", "pay", name])).toBe(name);
  });
});

describe("a version that is not", () => {
  test.each([
    [PAY, ["acs:fc:::services/shop/functions/pay", "acs:fc:::services/shop.1/functions/pay"]],
    [PAY, ["shop/pay", "shop.1/pay"]],
    [PAY, ["shop-pay", "shop-pay:1"]],
    ["acs:fc:::functions/pay/2", ["acs:fc:::functions/pay", "acs:fc:::functions/pay/1"]],
    ["arn:aws:lambda:::function:pay:2", ["arn:aws:lambda:::function:pay", "arn:aws:lambda:::function:pay:1"]],
    ["arn:aws:lambda:::function:pay:2", ["pay", "pay:1"]],
  ])("%s is missing where there are others: %j", (resourceArn, names) => {
    expect(found(resourceArn, names)).toMatch(/^Function not found: (?:shop-)?pay:2\. The versions of .* are: 1;/);
    expect(found(resourceArn, names, false)).toBe(names[0]);
  });

  test("an alias alone makes a function one with versions", () => {
    expect(found(PAY, ["shop/pay"])).toContain("its aliases: live");
    expect(found("acs:fc:::services/shop.live/functions/pay", ["shop/pay", "shop.1/pay"])).toBe("shop.1/pay");
  });

  test("is the function without its qualifier where there are none", () => {
    expect(found("acs:fc:::services/other.2/functions/pay", ["other/pay", "shop.2/pay", "pay:2"])).toBe("other/pay");
  });
});

test.each(["LATEST", "$LATEST"])("%s is the newest", (qualifier) => {
  const resource = { kind: "function", function: "pay", qualifier, region: "", account: "" } as const;
  expect(catalog(["pay", "pay:1"]).find(resource)).toEqual({ key: "pay", version: "$LATEST" });
});
