import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { UsageError } from "../usage.ts";
import { readInput } from "./input.ts";

const folder = mkdtempSync(join(tmpdir(), "stepwell-input-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return `@${join(folder, name)}`;
}

const noStdin = Readable.from([]);

describe("where the input comes from", () => {
  test("the argument itself, a file, standard input", async () => {
    expect(await readInput('{"a":1}', noStdin)).toEqual({ a: 1 });
    expect(await readInput(file("a.json", '{"a":2}'), noStdin)).toEqual({ a: 2 });
    expect(await readInput("@-", Readable.from(['{"a"', ":3}"]))).toEqual({ a: 3 });
  });

  test("hostile keys are keys, and characters are whole", async () => {
    const input = await readInput('{"__proto__":{"a":1},"é":"退"}', noStdin);
    expect(Object.keys(input)).toEqual(["__proto__", "é"]);
    const bytes = Buffer.from('{"é":"退"}');
    expect(await readInput("@-", Readable.from([...bytes].map((byte) => Buffer.from([byte]))))).toEqual({ é: "退" });
  });

  test("a file may begin with a byte order mark", async () => {
    expect(await readInput(file("bom.json", '\ufeff{"a":1}'), noStdin)).toEqual({ a: 1 });
  });
});

describe("what cannot be an input", () => {
  test.each([
    ["[1]", "the input must be a JSON object, not an array"],
    ["null", "the input must be a JSON object, not null"],
    ['"x"', "the input must be a JSON object, not a string"],
    ["", "the input is empty; it must be a JSON object"],
    ["{", "the input is not valid JSON: line 1, column 2: Expected property name or '}'"],
    ['{"a":', "the input is not valid JSON: line 1, column 6: Unexpected end of JSON input"],
    ['{"a":"x', "the input is not valid JSON: line 1, column 8: Unterminated string"],
    ["bad", "the input is not valid JSON: line 1, column 1: Unexpected token 'b'"],
    ['{"a": bad}', "the input is not valid JSON: line 1, column 7: Unexpected token 'b'"],
    ['{"a":1}\n}', "the input is not valid JSON: line 2, column 1: Unexpected non-whitespace character after JSON"],
    [
      '{\n  "a": 1,\n  "b": 2,\n}',
      "the input is not valid JSON: line 4, column 1: Expected double-quoted property name",
    ],
    ['{"a": "x\ny"}', "the input is not valid JSON: line 1, column 9: Bad control character in string literal"],
    ["{'a': 1}", "the input is not valid JSON: line 1, column 2: Expected property name or '}'"],
  ])("%j", async (text, message) => {
    await expect(readInput(text, noStdin)).rejects.toThrow(new UsageError(message));
  });

  test("a file that is not there, a folder, a file that is not text", async () => {
    await expect(readInput("@nowhere.json", noStdin)).rejects.toThrow(
      "cannot read nowhere.json: there is no such file",
    );
    await expect(readInput(`@${folder}`, noStdin)).rejects.toThrow("it is a directory");
    await expect(readInput(file("latin1.json", new Uint8Array([0x7b, 0xe9, 0x7d])), noStdin)).rejects.toThrow(
      "it is not UTF-8 text",
    );
  });

  test("a file's mistakes name the file", async () => {
    const argument = file("bad.json", "{\n x}");
    await expect(readInput(argument, noStdin)).rejects.toThrow(
      `the input (${argument.slice(1)}) is not valid JSON: line 2, column 2: Expected property name`,
    );
  });

  test("wherever one character is too many, that place is told", async () => {
    const object = fc.dictionary(fc.string({ unit: "grapheme-ascii" }), fc.integer(), { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(object, fc.nat(), async (value, at) => {
        const text = JSON.stringify(value, null, 1);
        const lines = text.split("\n").length;
        const line = at % lines;
        const broken = text
          .split("\n")
          .map((one, index) => (index === line ? `\u0001${one}` : one))
          .join("\n");
        await expect(readInput(broken, noStdin)).rejects.toThrow(`line ${line + 1}, column 1:`);
      }),
    );
  });
});
