/** The examples of docs/language.md: they parse, and the one that says what it puts out does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { problems, problemsOf } from "./definition.ts";
import { runDefinition } from "./run.ts";

const text = readFileSync(join(import.meta.dirname, "../../docs/language.md"), "utf8");
const examples = [...text.matchAll(/```yaml\n([^`]*)```/g)].map((match) => match[1] ?? "");

const indented = (lines: string) => lines.replace(/^/gm, "    ");

/** Problems of an example: a whole definition, a list of steps, fields of a task, or a condition. */
function problemsIn(example: string): readonly string[] {
  if (example.startsWith("version:")) return problemsOf(example);
  if (example.startsWith("- ")) return problems(example);
  if (example.startsWith("condition:")) {
    return problems(`- type: choice\n  name: example\n  choices:\n    - ${example}`);
  }
  return problems(
    `- type: task\n  name: example\n  resourceArn: acs:fc:::services/s/functions/f\n${indented(example).replace(/^ {2}/gm, "")}`,
  );
}

describe("examples of the language reference", () => {
  it("are all found", () => {
    expect(examples.length).toBe(text.split("```yaml").length - 1);
    expect(examples.length).toBeGreaterThan(10);
  });

  it.each(examples.map((example) => [example.split("\n").slice(0, 3).join(" "), example]))(
    "%s … is right",
    (_, example) => {
      // Parts of a flow may jump to steps that the example leaves out.
      expect(problemsIn(example).filter((line) => !/has no step "\w+" to go to/.test(line))).toEqual([]);
    },
  );

  it("the data example puts out what it says", () => {
    const example = examples.find((each) => each.includes("# started with")) ?? "";
    const [, input = "", output = ""] = /# started with (\{.*\}), the output is (\{.*\})/.exec(example) ?? [];
    expect(runDefinition(example, { input: JSON.parse(input) }).output).toEqual(JSON.parse(output));
  });
});
