/** The commands of the READMEs of chapters 3 to 5, in their order, with free ports in the place of the usual ones. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startProgram, startWorker } from "./program.ts";
import { FLOWS } from "./stand.ts";

/** The lines of a README's shell blocks that begin so. */
async function commands(example: string, start: string): Promise<readonly string[]> {
  const readme = await readFile(join(FLOWS, example, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? "");
  return blocks.flatMap((block) => block.split("\n")).filter((line) => line.startsWith(start));
}

/** Runs a curl command against another address. */
function curl(command: string, api: string): { readonly Status: string; readonly Output: string } {
  const { stdout, stderr } = spawnSync("sh", ["-c", command.replace("localhost:8787", api)], { encoding: "utf8" });
  if (stdout === "") throw new Error(`${command}\nprinted nothing but: ${stderr}`);
  const answer = JSON.parse(stdout);
  if ("Code" in answer) throw new Error(`${command}\n${stdout}`);
  return answer;
}

test.each([
  ["mns-queue", /^Receiving messages/, '{"key":"value"}'],
  ["mns-topic", /^Confirmed/, '{"status":"success"}'],
  ["callback", /^Report task succeeded finished$/, '{"s":"ok"}'],
] as const)("the commands in the README of %s do what it says", async (example, works, output) => {
  const [dev = ""] = await commands(example, "npx stepwell dev");
  const [worker = ""] = await commands(example, "npx node");
  const [start = "", describe = ""] = await commands(example, "curl");
  expect(dev).toBe(`npx stepwell dev flows/${example}`);
  const [script, ...args] = worker.replace("npx node ", "").split(" ");
  expect(script).toBe(`flows/${example}/worker.ts`);

  const data = await mkdtemp(join(tmpdir(), "stepwell-readme-"));
  {
    const launcher = join(FLOWS, "../bin/stepwell.mjs");
    const options = ["--port", "0", "--topics-port", "0", "--data", data];
    await using engine = startProgram([launcher, "dev", join(FLOWS, example), ...options], process.env);
    const [, api = ""] = (await engine.line(/^HTTP /)).split(/ +/);
    const aws = (await engine.line(/^SQS and SNS /)).split(/ +/).at(-1) ?? "";
    await engine.line(/^ready/);
    if (args.length > 0) {
      curl(start, api);
      await engine.line(/submitted$/);
    }
    await using program = startWorker(example, { api, aws }, { args });
    await program.line(works);
    if (args.length === 0) curl(start, api);
    expect(curl(describe, api)).toMatchObject({ Status: "Succeeded", Output: output });
  }
  await rm(data, { recursive: true });
});
