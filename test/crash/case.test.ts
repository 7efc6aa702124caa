import fc from "fast-check";
import { expect, test } from "vitest";
import { type Case, caseText, type Disturbance, MODES, parseCase, QUEUE_NAMES } from "./case.ts";

const at = fc.integer({ min: 1, max: 9_999 });
const when = fc.constantFrom("before", "during", "after");

const disturbance: fc.Arbitrary<Disturbance> = fc.oneof(
  fc.record({ kind: fc.constantFrom("crash", "fail"), when, at }),
  fc.record({ kind: fc.constant("stall"), when, at, ms: fc.integer({ min: 1, max: 1_000_000 }) }),
  fc.record({ kind: fc.constantFrom("lose", "stop", "stop-child", "report", "heartbeat", "rival"), at }),
);

const anyCase: fc.Arbitrary<Case> = fc.record({
  mode: fc.constantFrom(...MODES),
  queue: fc.constantFrom(...QUEUE_NAMES),
  disturbances: fc.array(disturbance, { maxLength: 3 }),
});

test("a case's text is the case again", () => {
  fc.assert(
    fc.property(anyCase, (one) => {
      expect(parseCase(caseText(one))).toEqual(one);
    }),
  );
});

test.each([
  "",
  "hop",
  "hop/kind",
  "slow/honest",
  "hop/honest/crash@3",
  "hop/honest/nothing@3",
  "hop/honest/crash-before@x",
])("%j is no case", (text) => {
  expect(() => parseCase(text)).toThrow(/^no (case|disturbance)/);
});
