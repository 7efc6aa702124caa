/**
 * Holds the language reference and its conformance suite together: every numbered rule of docs/language.md has a test whose
 * title begins with the rule's id, and no test names a rule that does not exist. Run: `node scripts/rules.ts`.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A test that names rules: `it("[DATA-03] [MAP-01] …", …)`, also behind `it.each(…)`. */
export interface RuleTest {
  readonly rules: readonly string[];
  readonly file: string;
  readonly line: number;
}

export interface Audit {
  readonly rules: number;
  readonly tests: number;
  /** One line for each thing wrong; empty when the suite is complete. */
  readonly problems: readonly string[];
}

const RULE = /^\* \*\*\[([A-Z]+-\d+)\]\*\* \S/gm;
const TITLE = /(?:\b(?:it|test)((?:\.\w+)*)|\))\(\s*["'`]((?:\[[A-Z]+-\d+\]\s+)+)/g;
/** Modifiers under which a test checks nothing. */
const IDLE = /\.(?:skip|todo|fails)\b/;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** The ids of the numbered rules of a Markdown text (`* **[DATA-03]** …`), in its order. */
export function readRules(markdown: string): readonly string[] {
  return [...markdown.matchAll(RULE)].map((match) => match[1] ?? "");
}

/** The tests of a source text that name rules; tests that are commented out, skipped or still to be written do not count. */
export function readTests(source: string, file: string): readonly RuleTest[] {
  const text = source.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, " "));
  return [...text.matchAll(TITLE)]
    .filter((match) => !IDLE.test(match[1] ?? ""))
    .map((match) => ({
      rules: [...(match[2] ?? "").matchAll(/\[([^\]]+)\]/g)].map((id) => id[1] ?? ""),
      file,
      line: text.slice(0, match.index).split("\n").length,
    }));
}

/** Compares rules and tests. */
export function audit(rules: readonly string[], tests: readonly RuleTest[]): Audit {
  const known = new Set(rules);
  const tested = new Set(tests.flatMap((test) => test.rules));
  const duplicates = [...known].filter((rule) => rules.indexOf(rule) !== rules.lastIndexOf(rule));
  return {
    rules: known.size,
    tests: tests.length,
    problems: [
      ...duplicates.map((rule) => `duplicate rule: ${rule}`),
      ...[...known].filter((rule) => !tested.has(rule)).map((rule) => `rule without a test: ${rule}`),
      ...tests.flatMap(({ rules: named, file, line }) =>
        named.filter((rule) => !known.has(rule)).map((rule) => `${file}:${line}: unknown rule: ${rule}`),
      ),
    ],
  };
}

/** Audits the repository at `root`. */
export function auditRepository(root: string): Audit {
  const files = globSync(["test/language/**/*.test.ts", "lib/**/*.test.ts"], { cwd: root }).sort();
  return audit(
    readRules(readFileSync(join(root, "docs/language.md"), "utf8")),
    files.flatMap((file) => readTests(readFileSync(join(root, file), "utf8"), file)),
  );
}

if (import.meta.main) {
  const { rules, tests, problems } = auditRepository(join(import.meta.dirname, ".."));
  console.log(`${rules} rules, ${tests} tests`);
  for (const problem of problems) console.log(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
