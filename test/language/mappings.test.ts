/** What mappings do (fdl.md §2.3, §10 rows 1 to 4). */
import { describe, expect, it } from "vitest";
import { columnOf, problems } from "./definition.ts";
import { run } from "./run.ts";

/** The output of a flow whose single pass step maps one source in its outputMappings. */
function mapped(source: string, input = {}): unknown {
  return run(`- {type: pass, name: a, outputMappings: [{target: x, source: ${source}}]}`, { input }).output;
}

describe("mapping lists", () => {
  it("[MAP-01] the order of target and source does not matter", () => {
    const { output } = run(`- {type: pass, name: a, outputMappings: [{source: 1, target: x}, {target: y, source: 2}]}`);
    expect(output).toEqual({ x: 1, y: 2 });
  });

  it("[MAP-01] target is required", () => {
    const text = `- {type: pass, name: a, outputMappings: [{source: 1}]}`;
    expect(problems(text)).toEqual([
      expect.stringMatching(new RegExp(`^4:${columnOf(text, "{source")} error a: .*target`)),
    ]);
  });

  it("[MAP-02] a later mapping to the same target overwrites", () => {
    const { output } = run(
      `- {type: pass, name: a, outputMappings: [{target: x, source: 1}, {target: y, source: 2}, {target: x, source: 3}]}`,
    );
    expect(JSON.stringify(output)).toBe(`{"x":3,"y":2}`);
  });

  it.each([
    [`"$input"`, { a: 1 }],
    [`"$input.a"`, 1],
    [`"$input['a']"`, 1],
    [`"$local"`, {}],
    [`"$context.step.name"`, "a"],
  ])("[MAP-03] %s is a path", (source, value) => {
    expect(mapped(source, { a: 1 })).toEqual({ x: value });
  });

  it.each([
    "$5",
    "$inputs",
    "$input-a",
    "$inputa.b",
    "$locals",
    "$contextual",
    "$$",
    "$a",
    "a@b",
    "",
    "/",
    "https://example.com/$input",
    " $input.a",
    "input.a",
  ])("[MAP-03] %j is a constant", (source) => {
    expect(mapped(JSON.stringify(source), { a: 1 })).toEqual({ x: source });
  });

  it("[MAP-04] in inputMappings, $input and $local are those of the frame", () => {
    const { calls } = run(
      `
      - {type: pass, name: a, outputMappings: [{target: k, source: local}]}
      - type: task
        name: t
        resourceArn: acs:fc:::services/s/functions/f
        inputMappings: [{target: i, source: $input}, {target: l, source: $local}]
      `,
      { input: { k: "input" }, functions: { "s/f": () => ({}) } },
    );
    expect(calls.map((call) => call.payload)).toEqual([{ i: { k: "input" }, l: { k: "local" } }]);
  });

  it("[MAP-05] in outputMappings, $input and $local are the step's own", () => {
    const { output } = run(
      `
      - type: task
        name: t
        resourceArn: acs:fc:::services/s/functions/f
        inputMappings: [{target: q, source: $input.k}]
        outputMappings: [{target: i, source: $input}, {target: l, source: $local}]
      `,
      { input: { k: 1, other: 2 }, functions: { "s/f": () => ({ r: 3 }) } },
    );
    expect(output).toEqual({ i: { q: 1 }, l: { r: 3 } });
  });

  it("[MAP-06] $ in inputMappings is the default input", () => {
    const { calls } = run(
      `
      - {type: pass, name: a, outputMappings: [{target: k, source: local}]}
      - type: task
        name: t
        resourceArn: acs:fc:::services/s/functions/f
        inputMappings: [{target: all, source: $}, {target: k, source: $.k}, {target: o, source: "$['other']"}]
      `,
      { input: { k: "input", other: 2 }, functions: { "s/f": () => ({}) } },
    );
    expect(calls.map((call) => call.payload)).toEqual([{ all: { k: "local", other: 2 }, k: "local", o: 2 }]);
  });

  it("[MAP-06] $ in outputMappings is the step's own input and local", () => {
    const { output } = run(
      `
      - type: task
        name: t
        resourceArn: acs:fc:::services/s/functions/f
        inputMappings: [{target: k, source: in}, {target: q, source: 1}]
        outputMappings: [{target: all, source: $}, {target: k, source: $.k}]
      `,
      { functions: { "s/f": () => ({ k: "result" }) } },
    );
    expect(output).toEqual({ all: { k: "result", q: 1 }, k: "result" });
  });

  it("[MAP-06] $ in outputMappings is the input alone where local is an array", () => {
    const { output } = run(
      `- {type: parallel, name: p, branches: [{steps: [{type: pass, name: b}]}], outputMappings: [{target: all, source: $}]}`,
      { input: { k: 1 } },
    );
    expect(output).toEqual({ all: { k: 1 } });
  });

  it.each([
    `text`,
    `""`,
    `/`,
    `52428800`,
    `-1`,
    `1.5`,
    `true`,
    `false`,
    `null`,
    `[]`,
    `{}`,
    `[1, [2]]`,
    `{"a": "b", "c": 1}`,
  ])("[MAP-07] %s may be a constant", (source) => {
    const value: unknown = source === "text" || source === "/" ? source : JSON.parse(source);
    expect(mapped(source)).toEqual({ x: value });
  });

  it("[MAP-08] strings inside constants are not read as paths", () => {
    expect(mapped(`{a: $input.a, b: [$local, "$.x"]}`, { a: 1 })).toEqual({
      x: { a: "$input.a", b: ["$local", "$.x"] },
    });
  });

  it("[MAP-09] a mapping without source yields null", () => {
    expect(run(`- {type: pass, name: a, outputMappings: [{target: x}]}`).output).toEqual({ x: null });
  });

  it("[MAP-10] target is a literal key", () => {
    const { output } = run(
      `- {type: pass, name: a, outputMappings: [{target: a.b, source: 1}, {target: "c[0]", source: 2}, {target: $local.d, source: 3}]}`,
    );
    expect(output).toEqual({ "a.b": 1, "c[0]": 2, "$local.d": 3 });
  });

  it("[MAP-11] a missing path leaves its target out and warns", () => {
    const { output, status, warnings } = run(
      `- {type: pass, name: a, outputMappings: [{target: x, source: $input.missing}, {target: y, source: "$input.list[7]"}, {target: z, source: $input.nothing}]}`,
      { input: { list: [], nothing: null } },
    );
    expect(status).toBe("Succeeded");
    expect(Object.keys(Object(output))).toEqual(["z"]);
    expect(output).toEqual({ z: null });
    expect(warnings).toEqual([
      expect.stringMatching(/^a: .*\$input\.missing/),
      expect.stringMatching(/^a: .*\$input\.list\[7\]/),
    ]);
  });

  it("[MAP-12] there is no interpolation and no conversion", () => {
    const { output } = run(
      `- {type: pass, name: a, outputMappings: [{target: x, source: "id-$input.id"}, {target: y, source: $input.id}, {target: z, source: "uuid()"}]}`,
      { input: { id: "7" } },
    );
    expect(output).toEqual({ x: "id-$input.id", y: "7", z: "uuid()" });
  });
});
