/** The README's "A flow of your own", done as it says by a shell in an empty folder. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DevProcess, startDev } from "./dev-server.ts";
import { installed, runProgram } from "./installed.ts";

const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const section = /^## A flow of your own\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? "";

/** Code blocks of a language, in order. */
function blocks(language: string): readonly string[] {
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, text = ""]) => text,
  );
}

const { folder, launcher } = installed();
const shop = join(folder, "shop");
const [dev = "", curls = "", others = ""] = blocks("sh");
let server: DevProcess;

beforeAll(() => {
  mkdirSync(shop);
  writeFileSync(join(shop, "order.yml"), blocks("yaml")[0] ?? "");
  writeFileSync(join(shop, "functions.ts"), blocks("ts")[0] ?? "");
});
afterAll(async () => {
  server.kill("SIGKILL");
  await server.ended;
});

/** Runs lines of a shell as they stand, but for where the command is and where it listens. */
function shell(lines: string, endpoint = "") {
  const script = `npx() { shift; "$NODE" "$LAUNCHER" "$@"; }\n${lines.replaceAll("localhost:8787", endpoint)}`;
  return runProgram("/bin/sh", ["-c", script], shop, { env: { NODE: process.execPath, LAUNCHER: launcher } });
}

test("stepwell dev serves the folder; curl starts an execution, which goes on after a kill, and tells how it ended", async () => {
  expect(dev).toBe("npx stepwell dev\n");
  server = startDev(launcher, shop);
  const [start = "", describe = ""] = curls.trim().split("\n");
  const started = JSON.parse((await shell(start, await server.endpoint())).stdout);
  expect(started).toMatchObject({ FlowName: "order", Name: "first", Input: '{"order":7}', Status: "Running" });
  await server.seen(/order\/first {2}… pack/);
  server.kill("SIGKILL");
  await server.ended;
  server = startDev(launcher, shop);
  const described = JSON.parse((await shell(describe, await server.endpoint())).stdout);
  expect(described).toMatchObject({ Name: "first", Status: "Failed" });
  await server.seen(/order\/first {2}Failed after .*OrderFailed/);
  expect(server.stderr()).not.toContain("→ charge");
  expect(server.stderr()).toContain("✓ refund");
});

test("the commands without a server work there as well", async () => {
  const lines = others.trim().split("\n");
  const codes: (number | string | null)[] = [];
  for (const line of lines) codes.push((await shell(line)).code);
  expect(lines.map((line) => line.split(" ")[2])).toEqual(["validate", "graph", "run", "run", "explain"]);
  // The order fails, as it does above.
  expect(codes).toEqual([0, 0, 1, 1, 0]);
});
