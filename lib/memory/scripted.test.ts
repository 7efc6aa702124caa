import { describe, expect, test } from "vitest";
import { offered } from "../../test/contracts/functions/offered.ts";
import { functionsContract } from "../../test/contracts/functions.ts";
import type { CallResult, Invocation } from "../runtime/ports/functions.ts";
import { turn, virtualClock } from "../sim/clock.ts";
import { type ScriptedFunction, scriptedFunctions, Throttled } from "./scripted.ts";

const busy: ScriptedFunction = () => {
  throw new Throttled("Rate exceeded");
};

functionsContract(
  "scripted",
  async (report) => {
    const clock = virtualClock(0);
    const functions = scriptedFunctions({
      clock,
      functions: { ...offered, busy },
      aliases: { "echo:live": "3" },
      report,
    });
    return { functions, settle: (promise) => clock.runUntil(promise), close: async () => {} };
  },
  { throttled: "busy", alias: { name: "live", version: "3" } },
);

describe("scripted functions", () => {
  const context = { attemptId: "a", flow: "f", execution: "e", step: "s", retryCount: 0 };
  const place = { region: "", account: "" };
  const calling = (name: string, rest: Partial<Invocation> = {}): Invocation => ({
    resource: { kind: "function", function: name, ...place },
    payload: { list: [1] },
    context,
    ...rest,
  });
  const make = (
    functions: { readonly [name: string]: ScriptedFunction },
    report?: (token: string, result: CallResult) => Promise<void>,
  ) => {
    const clock = virtualClock(0);
    return { clock, functions: scriptedFunctions({ clock, functions, ...(report === undefined ? {} : { report }) }) };
  };

  test("are found by the whole resource text and by a qualifier", async () => {
    const { functions } = make({
      "arn:aws:lambda:us-east-1:1:function:billing": () => "by text",
      "shop.online/pay": () => "online",
      "shop/pay": () => "latest",
    });
    const billing = { kind: "function", function: "billing", region: "us-east-1", account: "1" } as const;
    const pay = { kind: "fc", service: "shop", function: "pay", ...place } as const;
    const results = [billing, pay, { ...pay, qualifier: "online" }, { ...pay, qualifier: "7" }].map((resource) =>
      functions.invoke(calling("", { resource })),
    );
    expect(await Promise.all(results)).toEqual(
      ["by text", "latest", "online", "latest"].map((output) => ({ kind: "succeeded", output })),
    );
  });

  test("may declare the event that they expect", async () => {
    const { functions } = make({ sum: ({ list }: { list: number[] }) => list.length });
    expect(await functions.invoke(calling("sum"))).toEqual({ kind: "succeeded", output: 1 });
  });

  test("get a copy of the payload and give a copy of the result", async () => {
    const kept = { n: 1 };
    const { functions } = make({
      alter: ({ list }: { list: number[] }) => {
        list.push(2);
        return kept;
      },
    });
    const invocation = calling("alter");
    const result = await functions.invoke(invocation);
    kept.n = 2;
    expect(invocation.payload).toEqual({ list: [1] });
    expect(result).toEqual({ kind: "succeeded", output: { n: 1 } });
  });

  test("null is a result", async () => {
    const { functions } = make({ null: () => null });
    expect(await functions.invoke(calling("null"))).toEqual({ kind: "succeeded", output: null });
  });

  test("one that is not there is named, with those that are", async () => {
    const { functions } = make({ a: () => 1, b: () => 1 });
    const result = await functions.invoke(calling("c"));
    expect(result).toMatchObject({ error: "FC.FunctionNotFound", cause: expect.stringMatching(/\\"c\\".*: a, b\./) });
  });

  test("a time-out takes as long as it says, and one that is over already calls nothing", async () => {
    let calls = 0;
    const { clock, functions } = make({
      never: () => {
        calls++;
        return new Promise(() => {});
      },
    });
    expect(await clock.runUntil(functions.invoke(calling("never", { timeoutMs: 2500 })))).toEqual({ kind: "timedOut" });
    expect(clock.now()).toBe(2500);
    expect(await functions.invoke(calling("never", { timeoutMs: 0 }))).toEqual({ kind: "timedOut" });
    expect(calls).toBe(1);
  });

  test("one that was in time leaves no sleeper behind", async () => {
    const { clock, functions } = make({ quick: () => 1 });
    await functions.invoke(calling("quick", { timeoutMs: 60_000 }));
    expect(clock.pending()).toBe(0);
  });

  test("one that sleeps on the clock ends when it wakes", async () => {
    const made = make({
      slow: async () => {
        await made.clock.sleep(1000);
        return made.clock.now();
      },
    });
    expect(await made.clock.runUntil(made.functions.invoke(calling("slow", { timeoutMs: 1001 })))).toEqual({
      kind: "succeeded",
      output: 1000,
    });
  });

  test("aliases are found by service and name, and by the whole resource text", async () => {
    const pay = { kind: "fc", service: "shop", function: "pay", ...place, qualifier: "live" } as const;
    const functions = scriptedFunctions({
      clock: virtualClock(0),
      functions: { "shop/pay": () => 1 },
      aliases: { "shop.live/pay": "3", "arn:aws:lambda:us-east-1:1:function:billing:live": "4" },
    });
    const billing = {
      kind: "function",
      function: "billing",
      region: "us-east-1",
      account: "1",
      qualifier: "live",
    } as const;
    expect(await functions.resolveAlias(pay)).toBe("3");
    expect(await functions.resolveAlias(billing)).toBe("4");
    expect(await functions.resolveAlias({ ...pay, function: "refund" })).toBeUndefined();
  });

  test("throttling after a call was accepted is its end: FC.ResourceThrottled", async () => {
    const reports: [string, CallResult][] = [];
    const { functions } = make({ busy }, async (token, result) => void reports.push([token, result]));
    expect(await functions.submit(calling("busy"), "token")).toEqual({ kind: "succeeded" });
    await turn();
    expect(reports).toEqual([["token", { kind: "failed", error: "FC.ResourceThrottled", cause: "Rate exceeded" }]]);
  });

  test("submitted ones run also where nobody takes reports", async () => {
    let ran = false;
    const { functions } = make({
      note: () => {
        ran = true;
        return undefined;
      },
    });
    expect(await functions.submit(calling("note"), "token")).toEqual({ kind: "succeeded" });
    await turn();
    expect(ran).toBe(true);
  });
});
