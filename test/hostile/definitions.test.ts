import { describe, expect, it } from "vitest";
import { parseFlow } from "../../lib/fdl/parse.ts";
import { flow } from "../../lib/fdl/testing/definition-text.ts";

const MIB = 1_048_576;
const filled = (part: string, end = "") => part.repeat(Math.floor((MIB - end.length) / part.length)) + end;
const withSteps = (line: (index: number) => string) => {
  const lines: string[] = [];
  for (let size = 40; size < MIB - 200; size += (lines.at(-1)?.length ?? 0) + 3) lines.push(line(lines.length));
  return `version: v1\ntype: flow\nsteps:\n${lines.map((text) => `  ${text}\n`).join("")}`;
};
const NESTED = "Lists and maps are nested deeper than 100 levels here.";
const CROWDED = "This is not valid YAML: too many anchors, tags or stray characters around one value.";

describe("1 MiB of anything is answered in bounded time", () => {
  it.each([
    ["opening brackets", filled("["), 1, NESTED],
    [
      "closing brackets",
      filled("]"),
      20,
      'This is not valid YAML: Unexpected flow-seq-end token in YAML document: "]".',
    ],
    ["brackets around brackets", "[".repeat(MIB / 2) + "]".repeat(MIB / 2), 1, NESTED],
    ["opening braces with keys", filled("{a: "), 1, NESTED],
    ["list indicators", filled("- "), 1, NESTED],
    ["key indicators", filled("? "), 1, NESTED],
    ["maps on one line", filled("a: "), 1, NESTED],
    ["anchors", filled("&a "), 1, CROWDED],
    [
      "documents",
      filled("---\n"),
      1,
      "A second YAML document starts here: a definition is one document, so remove it and its `---`.",
    ],
    ["directives", filled("%a\n"), 1001, 'The directive "%a" is not supported: definitions are YAML 1.2.'],
    [
      "one long key",
      filled("a", ": 1"),
      1,
      "This is not valid YAML: The : indicator must be at most 1024 chars after the start of an implicit block mapping key.",
    ],
    [
      "one long text",
      filled("a"),
      1,
      `A definition must be a map with version, type and steps, not the string "${"a".repeat(60)}…".`,
    ],
    ["one key again and again", filled("k: 1\n"), 1001, 'A flow has no key "k": it is ignored.'],
    [
      "unknown keys",
      withSteps((index) => `k${index}: 1`)
        .replaceAll("  k", "k")
        .replace("steps:", "steps: [{type: pass, name: a}]"),
      1001,
      'A flow has no key "k0": it is ignored.',
    ],
    ["steps", withSteps((index) => `- {type: pass, name: s${index}}`), 0, undefined],
    [
      "jumps to nowhere",
      withSteps((index) => `- {type: choice, name: n${index}, default: {goto: elsewhere}}`),
      1001,
      'The list has no step "elsewhere" to go to.',
    ],
    [
      "misspelt jumps between long names",
      withSteps(
        (index) => `- {type: choice, name: ${"n".repeat(60)}${index}, default: {goto: ${"n".repeat(58)}xy${index}}}`,
      ),
      1001,
      `The list has no step "${`${"n".repeat(58)}xy`}…" to go to. Did you mean "${"n".repeat(60)}…"?`,
    ],
    [
      "a condition of brackets",
      flow(`- {type: choice, name: c, choices: [{condition: '${"(".repeat(MIB - 200)}'}]}`),
      1,
      "A condition nests at most 200 deep: compute it in a task.",
    ],
  ])("%s", (_, text, count, first) => {
    // Processor time, because other tests run at the same time; anything quadratic would take minutes.
    const before = process.cpuUsage();
    const { problems } = parseFlow(text);
    const { user, system } = process.cpuUsage(before);
    expect(problems.length).toBe(count);
    expect(problems[0]?.message).toBe(first);
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});
