import { expect, test } from "vitest";
import type { HistoryEvent } from "../../engine/index.ts";
import type { Transit } from "./engine.ts";
import { places } from "./places.ts";

function at(branch: string, rest: Partial<Transit> = {}): Transit {
  return {
    startId: "s",
    flow: "orders",
    execution: "e",
    branch,
    seq: 0,
    events: [],
    effect: { kind: "continue" },
    ...rest,
  };
}

function event(type: HistoryEvent["type"], step: string, index?: number): HistoryEvent {
  return { id: 1, cause: { in: "branch", id: 0 }, type, step, time: 0, detail: index === undefined ? {} : { index } };
}

test("a step of the root is its name", () => {
  expect(places(() => "s").placeOf(at(""), event("StepEntered", "pay"))).toBe("pay");
});

test("a step in a branch stands behind the step that forked, with the branch's index; nested ones one behind the other", () => {
  const { placeOf } = places(() => "s");
  placeOf(at("3.1"), event("BranchEntered", "both", 1));
  placeOf(at("3.1.7.0"), event("IterationEntered", "each", 0));
  expect(placeOf(at("3.1.7.0"), event("StepEntered", "pack"))).toBe("both[1] › each[0] › pack");
});

test("a lane goes by the item that it works on now", () => {
  const { placeOf } = places(() => "s");
  placeOf(at("3.1"), event("IterationEntered", "each", 1));
  placeOf(at("3.1"), event("IterationEntered", "each", 101));
  expect(placeOf(at("3.1"), event("StepEntered", "pack"))).toBe("each[101] › pack");
});

test("a sub-flow's steps stand behind its name, and its branches are its own", () => {
  const { placeOf } = places(() => "s");
  placeOf(at("3.1"), event("BranchEntered", "both", 1));
  const child = { startId: "c", flow: "refund" };
  expect(placeOf(at("", child), event("StepEntered", "pay"))).toBe("refund › pay");
  placeOf(at("3.1", child), event("BranchEntered", "other", 0));
  expect(placeOf(at("3.1", child), event("StepEntered", "pay"))).toBe("refund › other[0] › pay");
});
