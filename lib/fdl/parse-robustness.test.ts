import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFlow } from "./parse.ts";
import { brokenYaml } from "./testing/broken-yaml.ts";
import { validBlocks } from "./testing/valid-blocks.ts";
import { validPlainSteps, validWaits } from "./testing/valid-plain.ts";
import { validTasks } from "./testing/valid-tasks.ts";

const SPECIAL = [..."[]{}:,-?!&*#|>'\"%@`\\ \t\n\r~$.<0\u0000\u001f\uFEFFé😀"];

/** A cut, an insertion or a repetition somewhere in the text; numbers are taken modulo its length. */
const edit = fc.record({
  kind: fc.constantFrom("cut", "insert", "repeat"),
  at: fc.nat(5000),
  length: fc.integer({ min: 1, max: 40 }),
  insertion: fc.oneof(
    fc.constantFrom(...SPECIAL),
    fc.string({ maxLength: 5 }),
    fc.constantFrom("&a ", "*a", "!x ", "<<: "),
  ),
});

function edited(
  text: string,
  { kind, at, length, insertion }: { kind: string; at: number; length: number; insertion: string },
): string {
  const from = at % (text.length + 1);
  const slice = text.slice(from, from + length);
  const middle = kind === "cut" ? "" : kind === "insert" ? insertion + slice : slice + slice;
  return text.slice(0, from) + middle + text.slice(from + length);
}

const texts = [...validPlainSteps, ...validWaits, ...validTasks, ...validBlocks, ...brokenYaml].map(({ text }) => text);
const mutated = fc
  .tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 6 }))
  .map(([text, edits]) => edits.reduce(edited, text));

const WORDS = [
  "version",
  "type",
  "steps",
  "name",
  "pass",
  "task",
  "wait",
  "choice",
  "parallel",
  "foreach",
  "fail",
  "loop",
  "v1",
  "flow",
  "a",
  "goto",
  "choices",
  "default",
  "branches",
  "condition",
  "retry",
  "catch",
  "errors",
  "resourceArn",
  "acs:fnf:::flow/f",
  "serviceParams",
  "inputMappings",
  "target",
  "source",
  "$.a",
  "$input",
  "duration",
  "timestamp",
  "iterationMapping",
  "end",
  "__proto__",
];
const { document } = fc.letrec((tie) => ({
  document: fc.oneof({ maxDepth: 6 }, tie("leaf"), tie("list"), tie("map")),
  leaf: fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom(null, true, 0, -1, 1.5, 1e300, "", "5")),
  list: fc.array(tie("document"), { maxLength: 4 }),
  map: fc.dictionary(fc.constantFrom(...WORDS), tie("document"), { maxKeys: 6 }),
}));

/** What holds for every text. */
function check(text: string): void {
  const { flow: read, problems } = parseFlow(text);
  const lines = text.split("\n");
  expect(read === undefined).toBe(problems.some(({ severity }) => severity === "error"));
  for (const { line, column, message, severity } of problems) {
    expect(["error", "warning"]).toContain(severity);
    expect(message).not.toBe("");
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
  }
  const order = problems.map(({ line, column }) => line * 1e6 + column);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  // What comes out can be stored: JSON brings it back as it was.
  if (read !== undefined) expect(JSON.parse(JSON.stringify(read))).toEqual(read);
}

describe("whatever the text, there is a flow or an error, and each problem stands in the text", () => {
  it("for edited definitions", () => {
    fc.assert(fc.property(mutated, check), { numRuns: 500 });
  });

  it("for documents of the language's words", () => {
    fc.assert(
      fc.property(document, (value) => check(JSON.stringify(value))),
      { numRuns: 300 },
    );
  });

  it("for steps of the language's words", () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 4 }), (steps) =>
        check(JSON.stringify({ version: "v1", type: "flow", steps })),
      ),
      { numRuns: 300 },
    );
  });

  it("for any string", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), check), { numRuns: 300 });
  });
});

it("expands aliases to no more than 1 MiB of text", () => {
  const levels = [..."abcdefghij"].map((name, index, names) => {
    const alias = index === 0 ? "x" : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array(10).fill(alias).join(", ")}]`;
  });
  const { problems } = parseFlow(levels.join("\n"));
  expect(problems.filter(({ message }) => message.startsWith("Written out")).at(0)).toEqual({
    severity: "error",
    line: 6,
    column: 12,
    message: "Written out, the aliases up to *e are longer than 1048576 characters.",
  });
});
