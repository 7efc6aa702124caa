/** `npm run bench:cost`: what counts cost, what is wrong with a price file, and what a row past its target does to a build. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Prices, readPrices } from "../../bench/cost-prices.ts";
import { priced, table } from "../../bench/cost-table.ts";
import { dollars, minus, plus, times, type Usage, usageOf } from "../../bench/cost-usage.ts";
import { type CountedRequest, roundTrips } from "./count-requests.ts";
import { WORK_NAMES, type WorkName } from "./counted-work.ts";

const COST = fileURLToPath(new URL("../../bench/cost.ts", import.meta.url));
const FILE = fileURLToPath(new URL("../../bench/prices/us-east-1.json", import.meta.url));
const prices = readPrices(FILE);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stepwell-prices-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NONE: Usage = usageOf({ requests: [], invocations: [] });

describe("dollars a million", () => {
  test.each<[string, Partial<Usage>, number]>([
    ["of nothing", {}, 0],
    ["of a write", { writes: 1 }, 0.625],
    ["of an index's write", { indexWrites: 1 }, 0.625],
    ["of a read", { reads: 1 }, 0.125],
    ["of a request to SQS", { sqs: 1 }, 0.4],
    ["of a schedule", { schedules: 1 }, 1],
    ["of a request to SNS", { sns: 1 }, 0.5],
    ["of an object written and read", { s3Puts: 1, s3Gets: 1 }, 5.4],
    // 5 ms of its own, 4 requests of 5 ms, 3 round trips of 6 ms, a quarter of a GB.
    ["of an invocation with its time", { invocations: 1, calls: 4, roundTrips: 3 }, 0.2 + (0.043 / 4) * 13.3334],
    ["of all together", { writes: 2, reads: 3, sqs: 4 }, 1.25 + 0.375 + 1.6],
  ])("%s", (_what, usage, cost) => {
    expect(dollars({ ...NONE, ...usage }, prices)).toBeCloseTo(cost, 10);
  });
});

test("usages are added, subtracted and shared field by field", () => {
  const usage: Usage = { ...NONE, writes: 4, reads: 2, roundTrips: 6 };
  expect(plus(usage, usage)).toEqual(times(usage, 2));
  expect(minus(usage, times(usage, 0.5))).toEqual({ ...NONE, writes: 2, reads: 1, roundTrips: 3 });
});

const request = (fields: Partial<CountedRequest>): CountedRequest => ({
  by: "advance",
  service: "SQS",
  what: "SendMessageBatch of 1",
  written: 0,
  indexed: 0,
  read: 0,
  queued: 0,
  sent: 0,
  from: 0,
  until: 1,
  ...fields,
});

test("usage is what the requests are billed as, a task's own invocation left out", () => {
  const requests = [
    request({ service: "DynamoDB", what: "PutItem header if absent", written: 1, indexed: 2 }),
    request({ service: "DynamoDB", what: "GetItem header", read: 0.5 }),
    request({ queued: 1 }),
    request({ by: "eventSource", what: "ReceiveMessage of 10", queued: 2 }),
    request({ service: "Lambda", what: "Invoke" }),
    request({ service: "Scheduler", what: "CreateSchedule" }),
    request({ service: "SNS", what: "Publish" }),
    request({ service: "S3", what: "PutObject" }),
    request({ service: "S3", what: "GetObject" }),
  ];
  const invocations = [
    { of: "api", records: 1, roundTrips: 2 },
    { of: "advance", records: 10, roundTrips: 3 },
  ] as const;
  expect(usageOf({ requests, invocations })).toEqual({
    writes: 1,
    indexWrites: 2,
    reads: 0.5,
    sqs: 3,
    schedules: 1,
    sns: 1,
    s3Puts: 1,
    s3Gets: 1,
    invocations: 2,
    // The event source's are no function's.
    calls: 8,
    roundTrips: 5,
  });
});

test("no request goes unpriced", () => {
  const requests = [request({ service: "S3", what: "ListObjectsV2" })];
  expect(() => usageOf({ requests, invocations: [] })).toThrow("Nobody knows what S3 ListObjectsV2 costs");
});

test.each<[string, readonly (readonly [from: number, until: number])[], number]>([
  ["none", [], 0],
  ["beside each other", [[0, 5], [1, 6]], 1], // biome-ignore format: pairs
  ["one after another", [[0, 5], [5, 9], [9, 12]], 3], // biome-ignore format: pairs
  ["two after another, beside a long one", [[0, 20], [1, 5], [6, 9]], 2], // biome-ignore format: pairs
])("round trips of requests: %s", (_what, spans, trips) => {
  expect(roundTrips(spans.map(([from, until]) => ({ from, until })))).toBe(trips);
});

describe("a row", () => {
  const counts = Object.fromEntries(WORK_NAMES.map((name) => [name, { ...NONE, writes: 2 }])) as {
    readonly [work in WorkName]: Usage;
  };
  const row = (target: number) => ({
    name: "something",
    target,
    usage: (of: (work: WorkName) => Usage) => of("chain"),
  });

  test("is within its target up to the target itself", () => {
    const [exactly, past] = priced([row(1.25), row(1.24)], counts, prices);
    expect(exactly).toMatchObject({ dollars: 1.25, met: true });
    expect(past).toMatchObject({ dollars: 1.25, target: 1.24, met: false });
  });

  test("is printed with its counts, its price and its target, and marked when it is past it", () => {
    const lines = table(priced([row(1.25), row(1.24)], counts, prices), prices);
    expect(lines[0]).toContain("us-east-1, 2026-11-24");
    expect(lines[4]).toMatch(/^something +2( +0){6} +1\.25 +≤ 1\.25$/);
    expect(lines[5]).toMatch(/^something +2( +0){6} +1\.25 +> 1\.24 !$/);
    expect(lines.at(-1)).toContain("AWS Step Functions, Standard $25 a million state transitions");
  });
});

type Raw = Omit<Prices, "perMillion"> & { prices: { [name: string]: { perMillion: unknown; source: unknown } } };

function changed(name: string, change: (raw: Raw) => void): string {
  const raw = JSON.parse(readFileSync(FILE, "utf8")) as Raw;
  change(raw);
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(raw));
  return path;
}

const price = (raw: Raw, name: string) => raw.prices[name] ?? { perMillion: 0, source: "" };

describe("a price file is refused", () => {
  test.each<[string, (raw: Raw) => void, string]>([
    ["without a price", (raw) => delete raw.prices.s3Get, "prices.s3Get has to be an object"],
    ["with an unknown one", (raw) => (raw.prices.ec2 = price(raw, "s3Get")), "prices.ec2 is no price: they are dynamo"],
    [
      "with a price below 0",
      (raw) => (price(raw, "s3Put").perMillion = -1),
      "prices.s3Put.perMillion (dollars a million) has to be a number",
    ],
    ["with a price as text", (raw) => (price(raw, "s3Put").perMillion = "5"), "has to be a number that is not below 0"],
    [
      "with a price from nowhere",
      (raw) => (price(raw, "s3Put").source = "x"),
      "prices.s3Put.source has to be a text like",
    ],
    ["without a date", (raw) => Object.assign(raw, { date: "soon" }), "date has to be a text like"],
    ["without a region", (raw) => Object.assign(raw, { region: undefined }), "region has to be a text"],
    ["without its assumptions", (raw) => Object.assign(raw, { modelled: {} }), "modelled.memoryMb has to be a number"],
    ["with a comparison without source", (raw) => Object.assign(raw, { comparison: [{}] }), "comparison[0].source"],
  ])("%s", (what, change, message) => {
    const path = changed(`${what.replaceAll(" ", "-")}.json`, change);
    expect(() => readPrices(path)).toThrow(message);
    expect(() => readPrices(path)).toThrow(path);
  });

  test("that is no JSON, or is not there", () => {
    const path = join(folder, "text.json");
    writeFileSync(path, "prices");
    expect(() => readPrices(path)).toThrow("is no JSON object. bench/prices/us-east-1.json is one to copy.");
    expect(() => readPrices(join(folder, "none.json"))).toThrow("there is no such file");
  });
});

/** The command, with nothing of the tests in its environment. */
function cost(...options: readonly string[]) {
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
  return spawnSync(process.execPath, [COST, ...options], { encoding: "utf8", env, timeout: 120_000 });
}

describe("the command", () => {
  test("ends with 1 and names the rows when prices put some past their targets, all others measured the same", () => {
    const dear = changed("dear.json", (raw) => {
      price(raw, "sqsRequest").perMillion = 0.5;
    });
    const { status, stdout, stderr } = cost("--prices", dear, "--json");
    expect(stderr).toContain("task transition, hop, unbatched costs $3.11 a million: its target is $2.75");
    expect(status).toBe(1);
    const { rows } = JSON.parse(stdout) as { rows: { name: string; met: boolean; dollars: number; usage: Usage }[] };
    const named = (name: string) => rows.find((one) => one.name === name);
    expect(named("task transition, hop, unbatched")).toMatchObject({
      met: false,
      usage: { writes: 1, reads: 1, sqs: 4 },
    });
    expect(named("task transition, hop, batches of ten")).toMatchObject({ met: true, usage: { sqs: 0.4 } });
    expect(named("transition, fused")).toMatchObject({ met: true, usage: { writes: 1, reads: 1, sqs: 0 } });
    expect(named("pure step")).toMatchObject({ met: true, dollars: 0 });
  }, 120_000);

  test("ends with 2 and says what to do when it cannot begin", () => {
    const missing = cost("--prices", join(folder, "none.json"));
    expect(missing.stderr).toContain("there is no such file. bench/prices/us-east-1.json is one to copy.");
    const unknown = cost("--region", "x");
    expect(unknown.stderr).toContain("--prices FILE");
    expect([missing.status, unknown.status]).toEqual([2, 2]);
    expect(`${missing.stderr}${unknown.stderr}`).not.toMatch(/^\s+at /m);
  });

  test("helps", () => {
    const { status, stdout } = cost("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("Exit: 0 every row is within its target");
  });
});
