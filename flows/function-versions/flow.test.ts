import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Flow } from "../../lib/fdl/definition.ts";
import { parseFlow } from "../../lib/fdl/parse.ts";
import { eventTypes, runReadme } from "../testing/command.ts";
import { readFlow, readInput } from "../testing/example.ts";
import { path, playExample } from "../testing/player.ts";
import functions from "./functions.ts";

const folder = import.meta.dirname;
const input = readInput(folder);

describe("function-versions", () => {
  it.each([
    { qualifier: ".online", success: true, which: "the version of the alias" },
    { qualifier: ".1", success: true, which: "the version" },
    { qualifier: "", success: false, which: "the newest code" },
  ])("calls $which for services/fnf-demo$qualifier", ({ qualifier, success }) => {
    const played = playExample(withQualifier(qualifier), functions, { input });
    expect(played).toMatchObject({ status: "Succeeded", output: { success } });
    expect(path(played)).toEqual(["TestFCProvision"]);
  });

  it("names the alias", () => {
    expect(withQualifier(".online")).toEqual(readFlow(folder));
  });

  it("runs as the README says", async () => {
    const { code, document } = await runReadme(folder, "flow.yml");
    expect(code).toBe(0);
    expect(document).toMatchObject({ status: "Succeeded", output: { success: true } });
    expect(eventTypes(document.events)).toEqual([
      "ExecutionStarted",
      "StepEntered TestFCProvision",
      "TaskScheduled TestFCProvision",
      "TaskStarted TestFCProvision",
      "TaskSucceeded TestFCProvision",
      "StepExited TestFCProvision",
      "ExecutionSucceeded",
    ]);
  });
});

/** The flow with another qualifier in the place of `.online`. */
function withQualifier(qualifier: string): Flow {
  const text = readFileSync(join(folder, "flow.yml"), "utf8");
  const { flow } = parseFlow(text.replace("services/fnf-demo.online/", `services/fnf-demo${qualifier}/`));
  if (flow === undefined) throw new Error(`${qualifier} makes the flow invalid.`);
  return flow;
}
