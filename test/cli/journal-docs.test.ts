/** docs/debugging.md shows what the commands print. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { installed, type Ran } from "./installed.ts";

const { stepwell, write } = installed();
const guide = readFileSync(new URL("../../docs/debugging.md", import.meta.url), "utf8");

function blocks(language: string): readonly string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text = ""]) => text);
}

/** Without what differs from run to run. */
function steady(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replace(/[0-9a-f]{8}#\d+/g, "OWNER")
    .replace(/\d{13}/g, "MS")
    .replace(/\d+(\.\d+)? (s|min|h|d)( \d+ (s|min|h))?\b/g, "SPAN")
    .replace(/ +/g, " ");
}

/** Pieces of the output as the guide shows it: an ellipsis stands for what is left out. */
function pieces(shown: string): readonly string[] {
  return shown
    .split(/(?:^|(?<=[^\n]))…\n/m)
    .map((piece) => steady(piece).trim())
    .filter((piece) => piece !== "");
}

beforeAll(async () => {
  const [order = ""] = blocks("yaml");
  const [functions = ""] = blocks("js");
  write("order.yml", order);
  write("functions.mjs", functions);
  const input = '{"items":["tea","cups"]}';
  const run = ["run", "order.yml", "-f", "functions.mjs", "--input", input, "--dir", ".stepwell", "--name", "monday"];
  expect(guide).toContain(`stepwell ${run.join(" ").replace(input, `'${input}'`)}\n`);
  const ran = await stepwell(run, {
    keepStdin: true,
    when: [[/"approve" waits for a report/, (child) => child.kill("SIGINT")]],
  });
  expect(ran.stderr).toContain("interrupted");
  const { stdout } = await stepwell(["journal", "export", "order/monday"]);
  expect(guide).toContain("stepwell journal export order/monday > monday.json\n");
  write("monday.json", stdout);
});

/** Runs a command line of the guide: a plain one, or one with a pipe into it. */
async function ranAs(line: string): Promise<Ran> {
  const [before, after] = line.split(" | ");
  const args = (after ?? before ?? "").split(" ").slice(1);
  if (after === undefined) return stepwell(args);
  const printed = /^printf '(.*)'$/.exec(before ?? "")?.[1]?.replaceAll("\\n", "\n");
  const { stdout } = await stepwell(["journal", "export", "order/monday"]);
  const [, from = "", to = ""] = /^sed 's\/(.*)\/(.*)\/' monday\.json$/.exec(before ?? "") ?? [];
  return stepwell(args, { stdin: printed ?? stdout.replace(from, to) });
}

test.each(blocks("console").map((block) => ({ line: block.split("\n")[0] ?? "", block })))(
  "$line",
  async ({ line, block }) => {
    const { stdout, stderr } = await ranAs(line.replace("$ ", ""));
    const output = steady(stdout);
    let at = 0;
    for (const piece of pieces(block.slice(line.length + 1))) {
      const found = output.indexOf(piece, at);
      expect(found, `${piece}\n--- is not in the rest of ---\n${output.slice(at)}${stderr}`).toBeGreaterThanOrEqual(0);
      at = found + piece.length;
    }
    expect(at).toBeGreaterThan(0);
  },
);
