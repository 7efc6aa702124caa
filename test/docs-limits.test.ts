/**
 * docs/limits.md against the code: each value that comes from a constant is the constant's, and some limits are run into, end to
 * end in memory, to see that what happens there is what the page says.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { apiWorld } from "../lib/api/testing/world.ts";
import { MAX_BRANCHES, MAX_CONCURRENCY, MAX_SECONDS } from "../lib/fdl/limits.ts";
import { recordingDestinations } from "../lib/memory/destinations.ts";
import type { ScriptedFunction } from "../lib/memory/scripted.ts";
import { parseDefinition } from "../lib/runtime/index.ts";
import { LIMITS } from "../lib/runtime/message-attributes.ts";

const PAGE = new URL("../docs/limits.md", import.meta.url);
const ROOT = new URL("../", import.meta.url);

type ScriptedFunctions = { readonly [name: string]: ScriptedFunction };

interface Row {
  readonly limit: string;
  readonly value: string;
  readonly where: string;
}

/** The rows of all tables. */
function rows(): readonly Row[] {
  return readFileSync(PAGE, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| limit |"))
    .map((line) => {
      const [, limit = "", value = "", where = "", ...rest] = line.split(" | ").flatMap((cell) => cell.split(/^\| /));
      if (rest.length !== 2) throw new Error(`a row of docs/limits.md has not five cells: ${line}`);
      return { limit, value, where };
    });
}

/** Places in the code that a row names: a file, and a constant or setting in it. */
const PLACES = rows().flatMap(({ limit, value, where }) =>
  [...where.matchAll(/`([\w./-]+\.(?:ts|yml))`(?: `([\w.]+)`)?/g)].map(([, path = "", name]) => ({
    limit,
    value,
    path,
    name,
  })),
);
const NAMED = PLACES.flatMap((place) => (place.name === undefined ? [] : [{ ...place, name: place.name }]));

/** The value of a constant: what the module exports, or else what its text says. */
async function constantOf(path: string, name: string): Promise<number> {
  const text = readFileSync(new URL(path, ROOT), "utf8");
  const [first = "", ...members] = name.split(".");
  if (new RegExp(`^export const ${first}\\b`, "m").test(text)) {
    let value: unknown = Reflect.get(await import(new URL(path, ROOT).href), first);
    for (const member of members) value = Reflect.get(Object(value), member);
    return Number(value);
  }
  return written(text, name);
}

/** What is written for a name: `const NAME = 5 * 60_000`, `name: 30 * DAY_MS`, `options.name ?? 32`, `name: 5` in YAML. */
function written(text: string, name: string): number {
  const [, expression] =
    new RegExp(`const ${name} = ([^;]+);`).exec(text) ??
    new RegExp(`options\\.${name} \\?\\? ([\\d_]+)`).exec(text) ??
    new RegExp(`^ *${name}: ([\\w *<]+),?$`, "m").exec(text) ??
    [];
  if (expression === undefined) return Number.NaN;
  return expression
    .split(" * ")
    .map((factor) => (/^\d/.test(factor) ? Number(factor.replaceAll("_", "")) : written(text, factor)))
    .reduce((product, factor) => product * factor, 1);
}

describe("docs/limits.md", () => {
  test("names only files that there are", () => {
    expect(PLACES.length).toBeGreaterThan(60);
    for (const { path } of PLACES) expect(readFileSync(new URL(path, ROOT), "utf8").length).toBeGreaterThan(0);
  });

  test.for(NAMED)("says of $limit what $path has as $name", async ({ value, path, name }) => {
    const constant = await constantOf(path, name);
    expect(constant, `${name} of ${path}`).toBeGreaterThan(0);
    const numbers = value.match(/\d[\d,]*(?:\.\d+)?/g)?.map((number) => Number(number.replaceAll(",", "")));
    expect(numbers).toContain(constant);
  });

  test("names every limit of the language", () => {
    const text = readFileSync(new URL("lib/fdl/limits.ts", ROOT), "utf8");
    const named = new Set(NAMED.filter(({ path }) => path === "lib/fdl/limits.ts").map(({ name }) => name));
    const limits = [...text.matchAll(/export const ((?:MIN|MAX|DEFAULT_MAX)_\w+)/g)].map(([, name]) => name);
    expect(limits.filter((name) => !named.has(name ?? ""))).toEqual([]);
  });
});

function flow(step: string, top = ""): string {
  return `version: v1\ntype: flow\n${top}steps:\n  - ${step}`;
}

const TASK = "type: task, name: t, resourceArn: 'acs:fc:::services/s/functions/f'";

describe("a definition past a limit is refused", () => {
  const longest = `${MAX_SECONDS + 1}`;
  test.for([
    ["a wait of more than a year", flow(`{type: wait, name: w, duration: ${longest}}`), `at most ${MAX_SECONDS}`],
    ["a flow's time-out of more than a year", flow("{type: pass, name: p}", `timeoutSeconds: ${longest}\n`), "seconds"],
    ["a task's time-out of more than a year", flow(`{${TASK}, timeoutSeconds: ${longest}}`), `to ${MAX_SECONDS}`],
    [
      "a retry's interval of more than a year",
      flow(`{${TASK}, retry: [{errors: [X], intervalSeconds: ${longest}}]}`),
      `to ${MAX_SECONDS}`,
    ],
    [
      "more branches",
      flow(`{type: parallel, name: p, branches: [${"{steps: [{type: pass, name: b}]},".repeat(MAX_BRANCHES + 1)}]}`),
      "may have 1000 branches",
    ],
    [
      "more concurrency",
      flow(
        `{type: foreach, name: f, concurrency: ${MAX_CONCURRENCY + 1}, iterationMapping: {collection: $.a, item: i}, steps: [{type: pass, name: p}]}`,
      ),
      "from 1 to 1000",
    ],
    [
      "a nest of 101 lists",
      flow(`{type: pass, name: p, outputMappings: [{target: a, source: ${"[".repeat(101)}${"]".repeat(101)}}]}`),
      "nested deeper than 100 levels",
    ],
    ["more than 1 MiB", `${flow("{type: pass, name: p}")}\n#${"x".repeat(1_048_576)}`, "it may have 1048576"],
    ["a longer name of a step", flow(`{type: pass, name: ${"n".repeat(129)}}`), "may have 128 characters"],
    [
      "a longer delay of a message",
      flow(
        "{type: task, name: t, resourceArn: 'acs:mns:::/queues/q/messages', serviceParams: {MessageBody: $, DelaySeconds: 604801}}",
      ),
      "from 0 to 604800",
    ],
    [
      "a condition of more operators",
      flow(`{type: choice, name: c, choices: [{condition: '${"1 == ".repeat(1_001)}1'}]}`),
      "at most 1000 operators",
    ],
  ])("%s", ([, definition = "", says = ""]) => {
    expect(() => parseDefinition(definition)).toThrow(
      expect.objectContaining({ code: "InvalidArgument", message: expect.stringContaining(says) }),
    );
  });
});

/** The last event of an execution of a flow that was started with that input, and what it sent. */
async function ended(definition: string, input: object, functions: ScriptedFunctions = {}) {
  const world = await apiWorld({ flows: { f: definition }, functions });
  const started = await world.call("StartExecution", {
    FlowName: "f",
    ExecutionName: "e",
    Input: JSON.stringify(input),
    WaitTimeSeconds: 60,
  });
  expect([started.status, started.body.Status]).toEqual([200, "Failed"]);
  let page = await world.call("GetExecutionHistory", { FlowName: "f", ExecutionName: "e", Limit: 1_000 });
  // Events with large data fill a page early.
  while (page.body.NextToken !== undefined) {
    const next = { FlowName: "f", ExecutionName: "e", NextToken: page.body.NextToken };
    page = await world.call("GetExecutionHistory", next);
  }
  const last = page.body.Events.at(-1);
  return { type: last.Type, detail: JSON.parse(last.EventDetail), sent: world.destinations.sent };
}

describe("an execution past a limit", () => {
  const big = { kilobytes: 257 };
  const swollen = {
    "s/swell": ({ kilobytes }: { kilobytes?: number }) => ({ text: "x".repeat(1024 * (kilobytes ?? 0)) }),
  };
  const SWELL = "{type: task, name: swell, resourceArn: 'acs:fc:::services/s/functions/swell'}";

  test("that sends 257 KB to a topic fails with FnF.DataLimitExceeded, and nothing is sent", async () => {
    const topic =
      "{type: task, name: t, resourceArn: 'acs:mns:::/topics/t/messages', serviceParams: {MessageBody: $.text}}";
    const { type, detail, sent } = await ended(flow(`${SWELL}\n  - ${topic}`), big, swollen);
    expect(type).toBe("ExecutionFailed");
    expect(detail.error).toBe("FnF.DataLimitExceeded");
    expect(detail.cause).toContain(`the limit of SNS is ${LIMITS.topic.bytes} bytes`);
    expect(sent).toEqual([]);
  });

  test("that calls a function with more than 6 MB fails with FnF.DataLimitExceeded", async () => {
    const twice =
      "{type: task, name: twice, resourceArn: 'acs:fc:::services/s/functions/swell', inputMappings: [{target: one, source: $local.text}, {target: two, source: $local.text}]}";
    const { detail } = await ended(flow(`${SWELL}\n  - ${twice}`), { kilobytes: 3_100 }, swollen);
    expect(detail).toMatchObject({ error: "FnF.DataLimitExceeded", cause: expect.stringContaining("6 MB") });
  });

  test("whose data says to wait longer than a year fails with FnF.InvalidInput", async () => {
    const { type, detail } = await ended(flow("{type: wait, name: w, duration: $.seconds}"), {
      seconds: MAX_SECONDS + 1,
    });
    expect(type).toBe("ExecutionFailed");
    expect(detail).toMatchObject({
      error: "FnF.InvalidInput",
      cause: expect.stringContaining("more than a year away"),
    });
  });
});

describe("the destinations in memory", () => {
  test("take as much as the real ones do", async () => {
    const { send } = recordingDestinations();
    const context = { attemptId: "a", flow: "f", execution: "e", step: "s", retryCount: 0 };
    for (const kind of ["queue", "topic"] as const) {
      const sending = (bytes: number) => {
        const message = { body: "x".repeat(bytes) };
        const place = { region: "", account: "", message };
        return send(kind === "queue" ? { kind, queue: "q", ...place } : { kind, topic: "t", ...place }, context);
      };
      expect(await sending(LIMITS[kind].bytes)).toMatchObject({ kind: "succeeded" });
      expect(await sending(LIMITS[kind].bytes + 1)).toMatchObject({ kind: "failed", error: "FnF.DataLimitExceeded" });
    }
  });
});

describe("a request past a limit", () => {
  test.for([
    ["ListExecutions", { FlowName: "f", Limit: 101 }, "from 1 to 100"],
    ["GetExecutionHistory", { FlowName: "f", ExecutionName: "e", Limit: 1_001 }, "from 1 to 1000"],
    ["DescribeExecution", { FlowName: "f", ExecutionName: "e", WaitTimeSeconds: 61 }, "from 0 to 60"],
    ["StopExecution", { FlowName: "f", ExecutionName: "e", Error: "x".repeat(129) }, "1 to 128"],
    ["StopExecution", { FlowName: "f", ExecutionName: "e", Cause: "x".repeat(4_097) }, "1 to 4096"],
    ["ReportTaskSucceeded", { TaskToken: "t".repeat(4_097), Output: "{}" }, "1 to 4096"],
    ["StartExecution", { FlowName: "f", ExecutionName: "n".repeat(129) }, "1 to 128"],
    ["StartExecution", { FlowName: "f", Input: `{"a":${"[".repeat(1_001)}${"]".repeat(1_001)}}` }, "1000 levels"],
  ] as const)("of %s is refused with InvalidArgument: %s", async ([action, params, says]) => {
    const world = await apiWorld({ flows: { f: flow("{type: pass, name: p}") } });
    const { status, body } = await world.call(action, params);
    expect([status, body.Code]).toEqual([400, "InvalidArgument"]);
    expect(body.Message).toContain(says);
  });

  test("whose page has more than 4 MiB of text is answered with a shorter page and a NextToken", async () => {
    const swell = () => ({ text: "x".repeat(500_000) });
    const definition = flow("{type: task, name: t, resourceArn: 'acs:fc:::services/s/functions/f'}");
    const world = await apiWorld({ flows: { f: definition }, functions: { "s/f": swell } });
    for (let one = 0; one < 25; one++) await world.call("StartExecution", { FlowName: "f", ExecutionName: `e${one}` });
    await world.now();
    const first = await world.call("ListExecutions", { FlowName: "f", Limit: 100 });
    expect(first.body.Executions.length).toBeLessThan(25);
    const rest = await world.call("ListExecutions", { FlowName: "f", Limit: 100, NextToken: first.body.NextToken });
    expect(first.body.Executions.length + rest.body.Executions.length).toBeLessThanOrEqual(25);
    expect(rest.body.Executions.length).toBeGreaterThan(0);
  });
});

test("an Express run that takes five minutes is TimedOut, and the request succeeds", async () => {
  const definition = flow("{type: wait, name: w, duration: 301}");
  const world = await apiWorld({ flows: { f: definition }, express: ["f"] });
  const before = world.clock.now();
  const { status, body } = await world.call("StartSyncExecution", { FlowName: "f" });
  expect([status, body.Status, body.ErrorCode]).toEqual([200, "TimedOut", "FnF.Timeout"]);
  expect(world.clock.now() - before).toBe(300_000);
});
