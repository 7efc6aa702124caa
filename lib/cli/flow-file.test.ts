import { expect, test } from "vitest";
import { flowNameOf } from "./flow-file.ts";

test.each([
  ["order.yml", "order"],
  ["flows/order.flow.yaml", "order"],
  ["/a.b/order", "order"],
  ["./退款.yml", "退款"],
  [".hidden.yml", ".hidden"],
  ["...", "..."],
])("the flow in %s is called %s", (path, name) => {
  expect(flowNameOf(path)).toBe(name);
});
