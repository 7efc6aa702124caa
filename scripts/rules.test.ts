import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { audit, readRules, readTests } from "./rules.ts";

// Titles of fixtures are put together here, so that nobody takes them for tests of this repository.
const id = (name: string) => `[${name}]`;

describe("readRules", () => {
  it("finds each numbered item, in order", () => {
    const text = ["# Data", "", "* **[DATA-01]** One.", "  goes on", "* **[MAP-12]** Two."].join("\n");
    expect(readRules(text)).toEqual(["DATA-01", "MAP-12"]);
  });

  it("does not take a mention, or an item without text, for a rule", () => {
    expect(readRules("See **[DATA-01]** above.\n* [DATA-02] no\n* **[DATA-03]** \n* **[data-04]** no")).toEqual([]);
  });

  it("keeps duplicates", () => {
    expect(readRules("* **[A-01]** x\n* **[A-01]** y")).toEqual(["A-01", "A-01"]);
  });
});

describe("readTests", () => {
  const cases: readonly (readonly [string, string, readonly (readonly string[])[]])[] = [
    ["a test", `it("${id("A-01")} works", () => {})`, [["A-01"]]],
    ["test() as well", `test('${id("A-01")} works', () => {})`, [["A-01"]]],
    ["several ids", `it("${id("A-01")} ${id("B-02")} works", () => {})`, [["A-01", "B-02"]]],
    ["a table", `it.each([[1], [2]])("${id("A-01")} works for %s", () => {})`, [["A-01"]]],
    ["a title on a line of its own", `it.each([\n  f(1),\n])(\n  \`${id("A-01")} x\`,\n  () => {})`, [["A-01"]]],
    ["it.only", `it.only("${id("A-01")} x", () => {})`, [["A-01"]]],
    ["two tests", `it("${id("A-01")} x", f); it("${id("A-02")} x", f)`, [["A-01"], ["A-02"]]],
    ["no id", `it("works", () => {})`, []],
    ["an id in the middle", `it("works ${id("A-01")} so", () => {})`, []],
    ["a describe", `describe("${id("A-01")} x", () => {})`, []],
    ["a function that ends in it", `submit("${id("A-01")} x", f)`, []],
    ["it.skip", `it.skip("${id("A-01")} x", () => {})`, []],
    ["it.todo", `it.todo("${id("A-01")} x")`, []],
    ["it.fails", `it.fails("${id("A-01")} x", f)`, []],
    ["a commented line", `  // it("${id("A-01")} x", f)`, []],
    ["a block comment", `/* it("${id("A-01")} x", f)\n */`, []],
  ];
  it.each(cases)("reads %s", (_, source, rules) => {
    expect(readTests(source, "a.test.ts").map((test) => test.rules)).toEqual(rules);
  });

  it("says where a test stands, comments before it counted", () => {
    expect(readTests(`/* one\ntwo */\n\nit("${id("A-01")} x", f)`, "lib/a.test.ts")).toEqual([
      { rules: ["A-01"], file: "lib/a.test.ts", line: 4 },
    ]);
  });
});

describe("audit", () => {
  const named = (...rules: string[]) => ({ rules, file: "t.test.ts", line: 7 });

  it("is content when every rule has a test", () => {
    expect(audit(["A-01", "A-02"], [named("A-01", "A-02"), named("A-01")])).toEqual({
      rules: 2,
      tests: 2,
      problems: [],
    });
  });

  it("reports rules without a test", () => {
    expect(audit(["A-01", "A-02"], [named("A-01")]).problems).toEqual(["rule without a test: A-02"]);
  });

  it("reports tests of unknown rules", () => {
    expect(audit(["A-01"], [named("A-01", "A-1")]).problems).toEqual(["t.test.ts:7: unknown rule: A-1"]);
  });

  it("reports a duplicate rule once", () => {
    expect(audit(["A-01", "A-01", "A-01"], [named("A-01")])).toEqual({
      rules: 1,
      tests: 1,
      problems: ["duplicate rule: A-01"],
    });
  });
});

describe("node scripts/rules.ts", () => {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
  });

  function repository(doc: string, files: Readonly<Record<string, string>>): string {
    const root = mkdtempSync(join(tmpdir(), "rules-"));
    made.push(root);
    for (const folder of ["docs", "scripts", "lib/fdl", "test/language", "test/other"])
      mkdirSync(join(root, folder), { recursive: true });
    cpSync(join(import.meta.dirname, "rules.ts"), join(root, "scripts/rules.ts"));
    writeFileSync(join(root, "package.json"), `{"type": "module"}`);
    writeFileSync(join(root, "docs/language.md"), doc);
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
    return join(root, "scripts/rules.ts");
  }

  it("exits 0 and counts when all is well, with tests of lib and of the suite", () => {
    const script = repository("* **[A-01]** x\n* **[A-02]** y\n", {
      "test/language/a.test.ts": `it("${id("A-01")} x", f)`,
      "lib/fdl/b.test.ts": `it("${id("A-02")} x", f)`,
      "test/other/c.test.ts": `it("${id("Z-99")} x", f)`,
      "lib/fdl/c.ts": `it("${id("Z-99")} x", f)`,
    });
    expect(execFileSync(process.execPath, [script], { encoding: "utf8" })).toBe("2 rules, 2 tests\n");
  });

  it("exits 1 and lists what is wrong", () => {
    const script = repository("* **[A-01]** x\n* **[A-02]** y\n", {
      "lib/fdl/b.test.ts": `\nit("${id("A-03")} x", f)`,
    });
    const run = spawnSync(process.execPath, [script], { encoding: "utf8" });
    expect(run.status).toBe(1);
    expect(run.stdout).toBe(
      "2 rules, 1 tests\nrule without a test: A-01\nrule without a test: A-02\nlib/fdl/b.test.ts:2: unknown rule: A-03\n",
    );
  });
});
