import { describe, expect, it } from "vitest";
import { classOf, type Effect } from "./index.ts";

const call = { kind: "flow", flow: "f", input: {}, action: false } as const;
const task = { step: "t", call, pattern: "sync", retryCount: 0, onLost: "retry" } as const;

describe("classOf", () => {
  it.each<[Effect, string]>([
    [{ kind: "invoke", ...task }, "leased"],
    [{ kind: "submit", ...task }, "leased"],
    [{ kind: "continue" }, "leased"],
    [{ kind: "awaitVerdict" }, "suspended"],
    [{ kind: "timer", due: 1, purpose: "wait" }, "suspended"],
    [{ kind: "fork", branches: 1 }, "suspended"],
    [{ kind: "branchDone", output: [], chunk: 0, events: 0 }, "closing"],
    [{ kind: "branchFailed", error: "", cause: "" }, "closing"],
    [{ kind: "succeeded", output: {} }, "closing"],
    [{ kind: "failed", error: "", cause: "" }, "closing"],
  ])("of $kind is %s", (effect, expected) => {
    expect(classOf(effect)).toBe(expected);
  });
});
