import { describe, expect, test } from "vitest";
import { answerBook, parseFailure, parseLine, parseSuccess } from "./answers.ts";

const success = (output: unknown, step?: string) => ({
  ...(step === undefined ? {} : { step }),
  verdict: { kind: "succeeded", output },
});
const failure = (error: string, cause: string, step?: string) => ({
  ...(step === undefined ? {} : { step }),
  verdict: { kind: "failed", error, cause },
});

describe("--report STEP=JSON", () => {
  test.each([
    ["approve={}", success({}, "approve")],
    ['ask={"a":"b=c"}', success({ a: "b=c" }, "ask")],
    ["退款=null", success(null, "退款")],
    ['a b={"__proto__":1}', success(JSON.parse('{"__proto__":1}'), "a b")],
  ])("%s", (text, answer) => {
    expect(parseSuccess(text)).toEqual(answer);
  });

  test.each([
    ["approve", "not of the form STEP=JSON"],
    ["={}", "not of the form STEP=JSON"],
    ["approve=yes", 'the output for step "approve" is not valid JSON: yes'],
    ["approve=", "not valid JSON"],
  ])("%s is refused", (text, message) => {
    expect(() => parseSuccess(text)).toThrow(message);
  });
});

describe("--report-fail STEP=ERROR:CAUSE", () => {
  test.each([
    ["approve=Rejected", failure("Rejected", "", "approve")],
    ["approve=Rejected:too dear: by 5", failure("Rejected", "too dear: by 5", "approve")],
    ["approve=My.Error: a=b", failure("My.Error", "a=b", "approve")],
  ])("%s", (text, answer) => {
    expect(parseFailure(text)).toEqual(answer);
  });

  test.each(["approve", "approve=", "approve=:cause", "=Error"])("%s is refused", (text) => {
    expect(() => parseFailure(text)).toThrow();
  });
});

describe("a typed line", () => {
  test.each([
    ['{"ok":true}', success({ ok: true })],
    ['approve={"ok":true}', success({ ok: true }, "approve")],
    ["fail Rejected", failure("Rejected", "")],
    ["fail Rejected: it is x=1", failure("Rejected", "it is x=1")],
    ["fail approve=Rejected:no", failure("Rejected", "no", "approve")],
  ])("%s", (line, answer) => {
    expect(parseLine(line)).toEqual(answer);
  });

  test.each(["hello", "fail ", "approve=hello"])("%s is refused", (line) => {
    expect(() => parseLine(line)).toThrow();
  });
});

describe("answers given beforehand", () => {
  test("go to a step's callbacks in turn, the last one to all further ones", () => {
    const book = answerBook([parseFailure("a=Busy"), parseSuccess("b=1"), parseSuccess("a=2")]);
    expect([book("a"), book("a"), book("a"), book("b")].map((verdict) => verdict?.kind)).toEqual([
      "failed",
      "succeeded",
      "succeeded",
      "succeeded",
    ]);
  });

  test("there is none for a step without", () => {
    expect(answerBook([])("a")).toBeUndefined();
  });
});
