import { expect, test } from "vitest";
import type { Json, JsonObject } from "../fdl/json.ts";
import { BEHAVIOUR_NAMES, behaviour, type Outcome } from "./behaviours.ts";

function outcome(name: string, payload: JsonObject, retryCount = 0): Outcome | undefined {
  return behaviour(name)?.outcome(payload, retryCount);
}

test.each<[string, JsonObject, Json | undefined]>([
  ["inc", {}, { n: 1 }],
  ["inc", { n: 4 }, { n: 5 }],
  ["inc", { n: "4" }, { n: 1 }],
  ["echo", { a: 1, token: "t" }, { a: 1 }],
  ["sum", { numbers: [1, 2.5, "3", null] }, { total: 3.5 }],
  ["sum", { numbers: 5 }, { total: 0 }],
  ["moody", { n: 4 }, { n: 4 }],
  ["flaky", { failures: 0 }, { tries: 0 }],
  ["busy", { n: 1 }, { n: 2 }],
  ["slow", {}, { slow: true }],
  ["text", { n: 2 }, "a text about 2"],
  ["list", {}, [1, 2, 0]],
  ["none", {}, undefined],
  ["ask", { how: "yes" }, { asked: true }],
])("%s of %j returns %j", (name, payload, value) => {
  expect(outcome(name, payload)).toEqual({ kind: "returns", value });
});

test.each<[string, JsonObject, string, string]>([
  ["moody", { n: 3 }, "Moody", "not with 3"],
  ["moody", {}, "Moody", "not with 0"],
  ["flaky", {}, "Flaky", "attempt 0"],
  ["broken", {}, "Broken", "it always is"],
  ["ask", { how: "crossed" }, "Crossed", "reported, then failed"],
])("%s of %j throws %s", (name, payload, error, message) => {
  const cause = JSON.stringify({ errorMessage: message, errorType: error, stackTrace: [] });
  expect(outcome(name, payload)).toEqual({ kind: "throws", error, message, cause });
});

test("flaky fails as often as it is told to", () => {
  expect([0, 1, 2].map((retryCount) => outcome("flaky", { failures: 2 }, retryCount)?.kind)).toEqual([
    "throws",
    "throws",
    "returns",
  ]);
});

test("die dies, and hang hangs for longer than any time-out of a plan", () => {
  expect(outcome("die", {})).toEqual({ kind: "dies" });
  expect(outcome("hang", {})).toEqual({ kind: "hangs" });
  expect(behaviour("hang")?.takesMs).toBe(3_600_000);
});

test("a big result is the same for the same n alone", () => {
  const texts = [1, 2, 12].map((n) => JSON.stringify(outcome("big", { n })));
  expect(new Set(texts).size).toBe(3);
  for (const text of texts) expect(text.length).toBeGreaterThanOrEqual(2_500);
  expect(outcome("big", { n: 1 })).toEqual(outcome("big", { n: 1 }));
});

test("reports come in the order of time, and by ask alone", () => {
  const asked = ["yes", "no", "early", "twice", "never", "late", "beat", "crossed", "else"].map((how) =>
    (behaviour("ask")?.reports({ how }, 0) ?? []).map(({ afterMs, kind }) => `${kind} ${afterMs}`),
  );
  expect(asked).toEqual([
    ["succeeded 20000"],
    ["failed 20000"],
    ["succeeded 0"],
    ["succeeded 20000", "succeeded 40000"],
    [],
    ["succeeded 4000000"],
    ["beats 60000", "beats 120000", "beats 180000", "succeeded 240000"],
    ["succeeded 0"],
    [],
  ]);
  for (const name of BEHAVIOUR_NAMES.filter((each) => each !== "ask"))
    expect(behaviour(name)?.reports({ how: "yes" }, 0)).toEqual([]);
});

test("there is no behaviour by any other name", () => {
  for (const name of ["nobody", "toString", "__proto__"]) expect(behaviour(name)).toBeUndefined();
});
