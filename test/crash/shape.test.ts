import { describe, expect, test } from "vitest";
import type { ExecutionEvent } from "../../lib/runtime/index.ts";
import { compareShapes, shapeOf, steady } from "./shape.ts";

type Line = readonly [type: ExecutionEvent["Type"], step: string, cause: number, detail?: object];

function events(...lines: readonly Line[]): readonly ExecutionEvent[] {
  return lines.map(([Type, StepName, ScheduleEventId, detail = {}], index) => ({
    EventId: index + 1,
    ScheduleEventId,
    Type,
    StepName,
    Time: "2030-01-01T00:00:00.000Z",
    EventDetail: JSON.stringify(detail),
  }));
}

const FORK: readonly Line[] = [
  ["ExecutionStarted", "", 0],
  ["StepEntered", "fork", 1],
  ["StepStarted", "fork", 2],
];

const LEFT_FIRST = events(
  ...FORK,
  ["BranchEntered", "fork", 3, { index: 0 }],
  ["BranchExited", "fork", 4, { index: 0 }],
  ["BranchEntered", "fork", 3, { index: 1 }],
  ["BranchExited", "fork", 6, { index: 1 }],
  ["StepSucceeded", "fork", 7],
  ["ExecutionSucceeded", "", 8],
);

const RIGHT_FIRST = events(
  ...FORK,
  ["BranchEntered", "fork", 3, { index: 1 }],
  ["BranchEntered", "fork", 3, { index: 0 }],
  ["BranchExited", "fork", 4, { index: 1 }],
  ["BranchExited", "fork", 5, { index: 0 }],
  ["StepSucceeded", "fork", 7],
  ["ExecutionSucceeded", "", 8],
);

describe("the shape of a history", () => {
  test("is one list of events a branch", () => {
    const shape = shapeOf(LEFT_FIRST);
    expect([...shape.keys()]).toEqual(["", "/fork#1.0", "/fork#1.1"]);
    expect(shape.get("/fork#1.0")?.lines).toEqual(['BranchEntered fork {"index":0}', 'BranchExited fork {"index":0}']);
    expect(shape.get("")?.lines.map((line) => line.split(" ")[0])).toEqual([
      "ExecutionStarted",
      "StepEntered",
      "StepStarted",
      "StepSucceeded",
      "ExecutionSucceeded",
    ]);
  });

  test("does not depend on how branches are merged", () => {
    expect(compareShapes(shapeOf(LEFT_FIRST), shapeOf(RIGHT_FIRST))).toBeUndefined();
  });

  test("tells a branch that did something else, less, or is missing", () => {
    const usual = shapeOf(LEFT_FIRST);
    const other = shapeOf(
      LEFT_FIRST.map((event) => (event.EventId === 5 ? { ...event, EventDetail: '{"index":0,"local":1}' } : event)),
    );
    expect(compareShapes(usual, other)).toMatch(/^branch "\/fork#1.0", event 2: /);
    expect(compareShapes(usual, shapeOf(LEFT_FIRST.slice(0, 8)))).toMatch(/^branch "", event 5: missing/);
    expect(compareShapes(usual, shapeOf(LEFT_FIRST.slice(0, 5)))).toBe(
      'branch "", event 4: missing; undisturbed: StepSucceeded fork {}',
    );
    expect(compareShapes(shapeOf(LEFT_FIRST.slice(0, 5)), usual)).toMatch(/^branch "", event 4: StepSucceeded/);
  });

  test("lets the branches of a fork that failed be shorter, but no other", () => {
    const failed = events(
      ...FORK,
      ["BranchEntered", "fork", 3, { index: 0 }],
      ["StepFailed", "broken", 4],
      ["BranchEntered", "fork", 3, { index: 1 }],
      ["StepEntered", "busy", 6],
      ["StepFailed", "fork", 5],
      ["ExecutionFailed", "", 8],
    );
    const sooner = events(
      ...FORK,
      ["BranchEntered", "fork", 3, { index: 0 }],
      ["StepFailed", "broken", 4],
      ["StepFailed", "fork", 5],
      ["ExecutionFailed", "", 6],
    );
    expect(compareShapes(shapeOf(failed), shapeOf(sooner))).toBeUndefined();
    expect(compareShapes(shapeOf(failed), shapeOf(sooner.slice(0, 6)))).toMatch(/^branch "", event 5: missing/);
  });
});

test("what differs from run to run is left out of a text", () => {
  const text =
    '{"taskToken":"v1.abc-_1.x9","at":"2030-01-01T00:00:00.123Z","id":"message-12","child":"4359cc7d-eb57-c4be-ff49-039f9734e8d6"}';
  expect(steady(text)).toBe('{"taskToken":"<token>","at":"<time>","id":"<message>","child":"<name>"}');
});
