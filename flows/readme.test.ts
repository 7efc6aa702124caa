import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, readmeCommands } from "./testing/command.ts";

const flows = import.meta.dirname;
const examples = readdirSync(flows, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "testing")
  .map(({ name }) => name);

it("lists every example", () => {
  const listed = readFileSync(join(flows, "README.md"), "utf8").matchAll(/^\| \[([\w-]+)\]\(\1\/README\.md\) \|/gm);
  expect([...listed].map((match) => match[1]).sort()).toEqual(examples.sort());
});

describe.each(examples)("the README of %s", (example) => {
  const folder = join(flows, example);
  const commands = readmeCommands(folder).join("\n");

  it("shows first how to run flow.yml with input.json", () => {
    expect(readmeCommands(folder)[0]).toContain(
      `npx stepwell run flows/${example}/flow.yml --input @flows/${example}/input.json`,
    );
  });

  it("names only files that there are", () => {
    const files = [...commands.matchAll(/\bflows\/[\w/.-]+/g)].map(([file]) => file);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    const links = [...readFileSync(join(folder, "README.md"), "utf8").matchAll(/\]\(([\w.-]+)\)/g)];
    expect(links.map((link) => link[1] ?? "").filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  });

  it("runs every flow with every input that the folder has", () => {
    const files = globSync(["*.yml", "*.json"], { cwd: folder });
    expect(files.filter((file) => !commands.includes(`flows/${example}/${file}`))).toEqual([]);
  });
});
