import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { found, matchAt, NUMBER, readQuoted } from "./lexeme.ts";

const failure = (message: string, offset: number) =>
  expect.objectContaining({ name: "ExpressionError", code: "InvalidArgument", message, offset });

describe("a quoted string", () => {
  test.each([
    ['""', ""],
    ["''", ""],
    ["``", ""],
    ['"a b"', "a b"],
    [`"it's"`, "it's"],
    [`'say "x"'`, 'say "x"'],
    ['`say "it\'s"`', `say "it's"`],
    ['"汉字 😀"', "汉字 😀"],
    ['"\n"', "\n"],
    [String.raw`"\a\b\f\n\r\t\v\\\/\'\""`, "\x07\b\f\n\r\t\v\\/'\""],
    [String.raw`'\''`, "'"],
    [String.raw`"\x41\x7f\x00"`, "A\x7f\0"],
    [String.raw`"\101\177\000"`, "A\x7f\0"],
    [String.raw`"\u00e9\u00E9\uffff"`, "éé\uffff"],
    [String.raw`"\ud83d\ude00"`, "😀"],
    [String.raw`"\ud83d"`, "\ud83d"],
    [String.raw`"\U0001f600\U0010FFFF"`, "😀\u{10ffff}"],
    [String.raw`"\1012"`, "A2"],
    [String.raw`"\u00e9a"`, "éa"],
    ["`\\n\\`", "\\n\\"],
  ])("%s is read", (text, value) => {
    expect(readQuoted(text, 0)).toEqual({ value, end: text.length });
  });

  test("is read from the middle of a text and ends behind its quote", () => {
    expect(readQuoted('$["a"]["b"]', 2)).toEqual({ value: "a", end: 5 });
    expect(readQuoted(String.raw`x "\"" "y"`, 2)).toEqual({ value: '"', end: 6 });
  });

  test.each([
    ['"', '"'],
    ["'abc", "'"],
    ["`abc", "`"],
    [String.raw`"a\"`, '"'],
    [`"abc'`, '"'],
  ])("%s is not closed", (text, quote) => {
    expect(() => readQuoted(`x${text}`, 1)).toThrow(
      failure(`The string that starts here is never closed: it needs another ${quote} at its end.`, 1),
    );
  });

  test.each([
    String.raw`\q`,
    String.raw`\x4`,
    String.raw`\x4g`,
    String.raw`\u12`,
    String.raw`\u123g`,
    String.raw`\U0001f60`,
    String.raw`\X41`,
    String.raw`\18`,
    String.raw`\800`,
    String.raw`\108`,
    "\\`",
  ])("%s is no escape", (text) => {
    expect(() => readQuoted(`"a${text}z"`, 0)).toThrow(
      failure(
        String.raw`No such escape. Known are \a \b \f \n \r \t \v \\ \/ \' \" \xHH \uHHHH \UHHHHHHHH and \ooo; a backslash itself is written \\.`,
        2,
      ),
    );
  });

  test.each([String.raw`\x80`, String.raw`\xff`, String.raw`\200`, String.raw`\777`, String.raw`\U00110000`])(
    "%s is an escape, but of no character",
    (text) => {
      expect(() => readQuoted(`"a${text}"`, 0)).toThrow(
        failure(
          String.raw`This escape is no character: \xHH and \ooo end at 7f (write \u00e9 for é), \UHHHHHHHH at 10ffff.`,
          2,
        ),
      );
    },
  );

  test("reads back every text that JSON writes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const text = JSON.stringify(value);
        expect(readQuoted(text, 0)).toEqual({ value, end: text.length });
      }),
    );
  });
});

describe("a number", () => {
  test.each([
    ["0", "0"],
    ["12", "12"],
    ["007", "007"],
    ["12.50", "12.50"],
    ["1e5", "1e5"],
    ["1.5e+10", "1.5e+10"],
    ["10e-12", "10e-12"],
    ["1.", "1"],
    ["1.x", "1"],
    ["1e", "1"],
    ["1e+", "1"],
    ["1E5", "1"],
    ["0x1f", "0"],
    ["1_000", "1"],
  ])("%s begins with %s", (text, number) => {
    expect(matchAt(NUMBER, text, 0)).toBe(number);
  });

  test.each([".5", "-1", "+1", "e5", "", " 1", "٣"])("none begins %j", (text) => {
    expect(matchAt(NUMBER, text, 0)).toBeUndefined();
  });
});

describe("what stands there, in an error message", () => {
  test.each([
    ["abc def", 0, '"abc"'],
    ["abc def", 3, '" "'],
    ["a-b", 1, '"-"'],
    ["\n", 0, String.raw`"\n"`],
    ["x😀", 1, '"😀"'],
    ["größe_1 ", 0, '"größe_1"'],
    ["a".repeat(50), 0, `"${"a".repeat(40)}"`],
    ["abc", 3, "the end"],
    ["", 0, "the end"],
  ])("%j at %i: %s", (text, offset, name) => {
    expect(found(text, offset)).toBe(name);
  });
});
