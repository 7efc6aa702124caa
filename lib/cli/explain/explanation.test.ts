import { describe, expect, it } from "vitest";
import type { ScriptedFunction } from "../../memory/scripted.ts";
import { heartbeat, stopExecution, type Trace } from "../../runtime/index.ts";
import type { Header } from "../../runtime/ports/journal.ts";
import { BEGINNING, type World, world } from "../../runtime/testing/world.ts";
import { orderWorld } from "../journal/testing/order.ts";
import { exported } from "../journal/testing/source.ts";
import { explanation } from "./explanation.ts";
import type { Moment } from "./waiting.ts";

const flow = (...steps: readonly string[]) =>
  `version: v1\ntype: flow\nsteps:\n${steps.map((step) => `  - ${step}\n`).join("")}`;
const call = (name: string, more = "") =>
  `{type: task, name: ${name}, resourceArn: "acs:fc:::services/s/functions/${name}"${more}}`;

/** What an execution of the flow waits for after so many ms. */
async function waits(
  ms: number,
  definition: string,
  options: {
    readonly functions?: Record<string, ScriptedFunction>;
    readonly act?: (w: World, header: Header) => Promise<void>;
    readonly flows?: Record<string, string>;
  } = {},
): Promise<readonly string[]> {
  const w: World = await world({
    flows: { main: definition, ...options.flows },
    functions: options.functions ?? {},
    settings: { leaseMs: 10_000, extendEveryMs: 1e9, leaseMarginMs: 0 },
  });
  const header = await w.start("main", {}, "run");
  if (ms > 0) await w.workTo(ms);
  await options.act?.(w, header);
  return explanation(await exported(w.plain, header.ref), at(w.clock.now())).waiting;
}

const at = (now: number, inUse = true): Moment => ({ now, inUse });
const never: ScriptedFunction = () => new Promise(() => {});
let token = "";
const keep: ScriptedFunction = (event) => {
  token = (event as { token: string }).token;
  return {};
};
const TOKEN = ", inputMappings: [{target: token, source: $context.task.token}]";

describe("what an execution waits for is said in words", () => {
  it("before it has begun", async () => {
    expect(await waits(0, flow(call("pay")))).toEqual(["it is about to begin"]);
  });

  it("a function that runs", async () => {
    expect(await waits(3_000, flow(call("pay")), { functions: { "s/pay": never } })).toEqual([
      'step "pay" runs s/pay since 3 s',
    ]);
  });

  it("a function whose worker is gone", async () => {
    expect(await waits(12_500, flow(call("pay")), { functions: { "s/pay": never } })).toEqual([
      'step "pay" runs s/pay since 13 s; the lease of its worker has been over for 2.5 s',
    ]);
  });

  it("a report, and when it times out", async () => {
    const ask = flow(call("ask", ", pattern: waitForCallback, timeoutSeconds: 300"));
    expect(await waits(12_000, ask, { functions: { "s/ask": keep } })).toEqual([
      'step "ask" waits for a report since 12 s; times out in 4 min 48 s',
    ]);
  });

  it("a report without end", async () => {
    const ask = flow(call("ask", ", pattern: waitForCallback"));
    expect(await waits(7_000, ask, { functions: { "s/ask": keep } })).toEqual([
      'step "ask" waits for a report since 7 s',
    ]);
  });

  it("a heartbeat, which may have moved its time", async () => {
    const ask = flow(call("ask", `, pattern: waitForCallback, heartbeatSeconds: 60${TOKEN}`));
    expect(await waits(20_000, ask, { functions: { "s/ask": keep } })).toEqual([
      'step "ask" waits for a report since 20 s; times out in 40 s without a heartbeat or a report',
    ]);
    expect(await waits(20_000, ask, { functions: { "s/ask": keep }, act: (w) => heartbeat(w.runtime, token) })).toEqual(
      ['step "ask" waits for a report since 20 s; times out in 60 s without a heartbeat or a report'],
    );
  });

  it("a report that was given a moment ago", async () => {
    const ask = flow(call("ask", ", pattern: waitForCallback"));
    const act = async ({ plain, runtime, clock }: World, { startId }: Header) => {
      const outcome = await runtime.claims.pack({ kind: "failed", error: "No", cause: "" });
      await plain.journal.putVerdict({ startId, branch: "", seq: 0 }, { outcome, reportId: "r", at: clock.now() });
    };
    expect(await waits(1_000, ask, { functions: { "s/ask": keep }, act })).toEqual([
      'step "ask" was reported (failed) and is about to go on',
    ]);
  });

  it("a sub-flow", async () => {
    const parent = flow(
      `{type: task, name: ship, resourceArn: "acs:fnf:::flow/child", pattern: sync, serviceParams: {ExecutionName: c1}}`,
    );
    expect(await waits(2_000, parent, { flows: { child: flow("{type: wait, name: nap, duration: 60}") } })).toEqual([
      'step "ship" waits for the end of sub-flow child/c1 since 2 s',
    ]);
  });

  it("a time", async () => {
    expect(await waits(2_000, flow("{type: wait, name: nap, duration: 60}"))).toEqual([
      'step "nap" waits until 2026-01-01T00:01:00.000Z (in 58 s)',
    ]);
  });

  it("the next attempt", async () => {
    const pay = flow(call("pay", ", retry: [{errors: [Busy], intervalSeconds: 30}]"));
    const busy: ScriptedFunction = () => {
      throw Object.assign(new Error("try later"), { name: "Busy" });
    };
    expect(await waits(10_000, pay, { functions: { "s/pay": busy } })).toEqual([
      'step "pay" failed (Busy: try later) and is tried again as attempt 2 (in 20 s)',
    ]);
    expect(
      await waits(40_000, flow(call("pay", ", timeoutSeconds: 900, retry: [{errors: [Busy], intervalSeconds: 30}]")), {
        functions: {
          "s/pay": (_event, { retryCount }) => (retryCount === 0 ? busy({}, {} as never) : never({}, {} as never)),
        },
      }),
    ).toEqual(['step "pay" runs s/pay since 10 s, attempt 2; the lease of its worker has been over for 0 s']);
  });

  it("each branch that is not done", async () => {
    const both = flow(
      `{type: parallel, name: both, branches: [{steps: [{type: wait, name: nap, duration: 60}]}, {steps: [{type: pass, name: p}]}, {steps: [${call("pay")}]}]}`,
    );
    expect(await waits(2_000, both, { functions: { "s/pay": never } })).toEqual([
      'branch 0.0: step "nap" waits until 2026-01-01T00:01:00.000Z (in 58 s)',
      'branch 0.2: step "pay" runs s/pay since 2 s',
    ]);
  });

  it("in a lane, at which item", async () => {
    const each = flow(
      "{type: pass, name: list, outputMappings: [{target: list, source: [7, 8, 9]}]}",
      `{type: foreach, name: each, concurrency: 2, iterationMapping: {collection: $.list, item: x}, steps: [{type: choice, name: which, choices: [{condition: "$.x == 9", steps: [${call("pay")}]}]}]}`,
    );
    expect(await waits(2_000, each, { functions: { "s/pay": never } })).toEqual([
      'branch 0.0 (item 2): step "pay" runs s/pay since 2 s',
    ]);
  });

  it("nothing, when it has ended", async () => {
    const act = async (w: World) => void (await stopExecution(w.runtime, { flow: "main", name: "run" }));
    expect(await waits(2_000, flow("{type: wait, name: nap, duration: 60}"), { act })).toEqual([]);
  });
});

it("what ran when the process ended is said to be interrupted", async () => {
  const w = await world({ flows: { main: flow(call("pay")) }, functions: { "s/pay": never } });
  const { ref } = await w.start("main", {}, "run");
  await w.workTo(5_000);
  const { waiting, rows } = explanation(await exported(w.plain, ref), at(w.clock.now(), false));
  expect(waiting).toEqual(['step "pay" runs s/pay since 5 s; the process that worked on it is gone']);
  expect(rows[0]?.lease).toBe("void");
});

describe("the table", () => {
  it("has a row an entry, with what stands beside it", async () => {
    const { world: w, header, approve } = await orderWorld();
    const before = explanation(await exported(w.plain, header.ref), at(w.clock.now()));
    expect(
      before.rows.map(({ branch, seq, step, event, effect }) => `${branch}:${seq} ${step}: ${event} → ${effect}`),
    ).toEqual([
      "root:0 pay: started → invoke shop/pay",
      "root:1 pay: taskFailed Busy → timer of 3 s, then a retry",
      "root:2 pay: elapsed → invoke shop/pay, attempt 2",
      "root:3 both: taskSucceeded → fork into 2",
      "3.0:0 nap: branchStarted → timer of 0.05 s, then on",
      "3.1:0 pack: branchStarted → fork into 2",
      "3.1.0.0:0 wrap: branchStarted → invoke shop/wrap",
      "3.1.0.1:0 wrap: branchStarted → invoke shop/wrap",
      "3.1.0.0:1 wrap: taskSucceeded → invoke shop/wrap",
      "3.1.0.1:1 wrap: taskSucceeded → invoke shop/wrap",
      "3.1.0.0:2 wrap: taskSucceeded → invoke shop/wrap",
      "3.1.0.1:2 wrap: taskSucceeded → branchDone",
      "3.1.0.0:3 wrap: taskSucceeded → branchDone",
      "3.1:1 pack: joined → branchDone",
      "3.0:1 nap: elapsed → branchDone",
      "root:4 refund: joined → submit flow refund",
      "root:5 refund: submitted → awaitVerdict",
      "root:6 approve: reported succeeded → submit shop/approve",
      "root:7 approve: submitted → awaitVerdict, at most 10 min",
    ]);
    const beside = (explained: typeof before) => explained.rows.map((row) => row.beside).filter((text) => text !== "");
    expect(beside(before)).toEqual([
      "2 of 2 done",
      "2 of 2 done",
      expect.stringMatching(/^refund\/.+: succeeded$/),
      "no report",
    ]);
    expect(before.rows.at(-1)).toMatchObject({ at: 3_050, due: 603_050, lease: "" });
    await approve();
    expect(beside(explanation(await exported(w.plain, header.ref), at(w.clock.now()))).at(-1)).toBe("succeeded");
  });

  it("says who holds an entry, and how long yet", async () => {
    const w = await world({ flows: { main: flow(call("pay")) }, functions: { "s/pay": never } });
    const { ref } = await w.start("main", {}, "run");
    await w.workTo(5_000);
    const document = await exported(w.plain, ref);
    const leaseAt = (now: number, change = {}) =>
      explanation(
        { ...document, entries: document.entries.map((entry) => ({ ...entry, ...change })) },
        at(BEGINNING + now),
      ).rows[0]?.lease;
    expect(leaseAt(5_000)).toBe("held, 50 s left");
    expect(leaseAt(60_000)).toBe("over");
    expect(leaseAt(5_000, { settled: true })).toBe("settled");
    expect(leaseAt(5_000, { lease: { owner: "another", until: BEGINNING + 9_000 } })).toBe(
      "held, 4 s left, taken over",
    );
  });

  it("counts what happened to messages beside the journal", async () => {
    const traces: Trace[] = [];
    const w = await world({
      flows: { main: flow(call("pay")) },
      functions: { "s/pay": never },
      settings: { extendEveryMs: 1e9, trace: (trace) => traces.push(trace) },
    });
    const { ref } = await w.start("main", {}, "run");
    await w.workTo(61_000); // the message has come back, its lease was over
    const [row] = explanation(await exported(w.plain, ref, traces), at(w.clock.now())).rows;
    expect(row?.traces).toEqual({ redelivered: 1, refused: 1, takenOver: 1 });
    expect(row?.lease).toMatch(/, taken over$/);
  });
});
