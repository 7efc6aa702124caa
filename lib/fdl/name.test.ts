import { expect, it } from "vitest";
import { isFlowName } from "./name.ts";

it.each(["a", "_", "Z9", "my-flow_2", "_-", "a".repeat(128)])("%s may name a flow", (name) => {
  expect(isFlowName(name)).toBe(true);
});

it.each(["", "1a", "-a", "a b", "a.b", "é", "流程", "a\n", "\na", "a:b", "a".repeat(129)])(
  "%j may not name a flow",
  (name) => {
    expect(isFlowName(name)).toBe(false);
  },
);
