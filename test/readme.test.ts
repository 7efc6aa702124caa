import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildCommand } from "../scripts/build.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "stepwell-readme-"));

/** The first code block of a language. */
function block(language: string): string {
  const text = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "m").exec(readme)?.[1];
  if (text === undefined) throw new Error(`README.md has no ${language} block`);
  return text;
}

function stepwell(...args: readonly string[]) {
  return spawnSync(process.execPath, [join(root, "bin/stepwell.mjs"), ...args], { cwd: folder, encoding: "utf8" });
}

beforeAll(async () => {
  await buildCommand(join(root, "dist"));
  writeFileSync(join(folder, "order.yml"), block("yaml"));
  writeFileSync(join(folder, "functions.ts"), block("ts"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it("stays under 120 lines", () => {
  expect(readme.split("\n").length).toBeLessThan(120);
});

it("shows a flow without a problem", () => {
  expect(stepwell("validate", "order.yml")).toMatchObject({
    status: 0,
    stdout: "",
    stderr: "the definition is valid\n",
  });
  expect(stepwell("graph", "order.yml").stdout).toMatch(/^flowchart/);
});

it("shows a flow that compensates as it says", () => {
  const { status, stdout } = stepwell(
    "run",
    "order.yml",
    "--input",
    '{"order":7}',
    "--functions",
    "functions.ts",
    "--json",
  );
  expect(status).toBe(1);
  const run: { status: string; error: string; events: { Type: string; StepName: string; EventDetail: string }[] } =
    JSON.parse(stdout);
  expect(run).toMatchObject({ status: "Failed", error: "OrderFailed" });
  const refund = run.events.find((event) => event.Type === "TaskSucceeded" && event.StepName === "refund");
  expect(refund?.EventDetail).toBe('{"output":{"refunded":"p-1"}}');
});

it("names only npm scripts that there are", () => {
  const scripts: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const documents = [readme, readFileSync(join(root, "CONTRIBUTING.md"), "utf8")].join("\n");
  for (const [, name] of documents.matchAll(/npm run ([a-z]+)/g)) expect(Object.keys(scripts.scripts)).toContain(name);
});

it("names only files and folders that there are", () => {
  const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" });
  for (const [, path] of readme.matchAll(/\]\((?!http)([^)#]+)\)/g)) expect(tracked).toContain(path);
});
