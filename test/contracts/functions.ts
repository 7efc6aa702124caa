/**
 * The contract of the functions port, against an adapter that offers the functions of `functions/offered.ts`.
 *
 *     functionsContract("scripted", async (report) => {
 *       const clock = virtualClock(0);
 *       return { functions: scriptedFunctions({ clock, functions: offered, report }), settle: clock.runUntil, close: async () => {} };
 *     });
 */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../lib/fdl/json.ts";
import type { AttemptContext, CallResult, Functions, Invocation } from "../../lib/runtime/ports/functions.ts";
import { hostileNames } from "./names.ts";

export interface FunctionsUnderTest {
  readonly functions: Functions;
  /** Lets the adapter's time pass until the promise settles. */
  settle<T>(promise: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface FunctionsContractOptions {
  /** Name of a function whose calls are refused before they begin, where the adapter can have one. */
  readonly throttled?: string;
  /** An alias of function `echo`, and the version that it stands for, where the adapter knows aliases. */
  readonly alias?: { readonly name: string; readonly version: string };
}

export type Report = (token: string, result: CallResult) => Promise<void>;

const MB = 1024 * 1024;
const PLACE = { region: "", account: "" };
const CONTEXT: AttemptContext = {
  attemptId: "start-1..3",
  flow: "orders",
  execution: "run-1",
  step: "pay",
  retryCount: 2,
};

/** Registers the suite. `makeFunctions` is called for each test. */
export function functionsContract(
  name: string,
  makeFunctions: (report: Report) => Promise<FunctionsUnderTest>,
  { throttled, alias }: FunctionsContractOptions = {},
): void {
  describe(`functions contract: ${name}`, () => {
    let made: FunctionsUnderTest;
    let reports: Map<string, CallResult[]>;
    let reported: (token: string) => void;
    beforeEach(async () => {
      reports = new Map();
      reported = () => {};
      made = await makeFunctions(async (token, result) => {
        reports.set(token, [...(reports.get(token) ?? []), result]);
        reported(token);
      });
    });
    afterEach(() => made.close());

    function calling(functionName: string, payload: Json = {}, rest: Partial<Invocation> = {}): Invocation {
      return { resource: { kind: "function", function: functionName, ...PLACE }, payload, context: CONTEXT, ...rest };
    }

    const invoke = (invocation: Invocation) => made.settle(made.functions.invoke(invocation));

    async function failureOf(result: Promise<CallResult>): Promise<{ error: string; cause: string }> {
      const settled = await result;
      if (settled.kind !== "failed") throw new Error(`expected a failure, not ${JSON.stringify(settled)}`);
      return settled;
    }

    /** Submits with a token and waits for its report. */
    function submitAndReport(invocation: Invocation, token: string): Promise<CallResult | undefined> {
      const report = new Promise<void>((resolve) => {
        reported = (one) => one === token && resolve();
      });
      return made.settle(
        (async () => {
          expect(await made.functions.submit(invocation, token)).toEqual({ kind: "succeeded" });
          await report;
          return reports.get(token)?.[0];
        })(),
      );
    }

    describe("invoke", () => {
      test("finds a function by service and name, by Lambda name, and by name", async () => {
        const service = { kind: "fc", service: "shop", ...PLACE } as const;
        expect(await invoke(calling("", {}, { resource: { ...service, function: "pay" } }))).toEqual({
          kind: "succeeded",
          output: "paid",
        });
        expect(await invoke(calling("", {}, { resource: { ...service, function: "refund" } }))).toEqual({
          kind: "succeeded",
          output: "refunded",
        });
        expect(await invoke(calling("echo", 1))).toEqual({ kind: "succeeded", output: 1 });
      });

      test.each(["nobody", ...hostileNames])(
        "a function that is not there is FC.FunctionNotFound: %s",
        async (functionName) => {
          expect((await failureOf(invoke(calling(functionName)))).error).toBe("FC.FunctionNotFound");
        },
      );

      test("hands the payload over and the result back, any JSON value", async () => {
        const json = fc.oneof(
          fc.jsonValue(),
          fc.constant(JSON.parse('{"__proto__":{"a":1},"constructor":[{}],"":null}')),
        );
        await fc.assert(
          fc.asyncProperty(json, async (value) => {
            const sent: Json = JSON.parse(JSON.stringify(value));
            const result = await invoke(calling("echo", { sent }));
            expect(JSON.stringify(result)).toBe(JSON.stringify({ kind: "succeeded", output: { sent } }));
          }),
          { numRuns: 50 },
        );
      });

      test("a text is a text, also when it holds JSON: decoding it is the engine's", async () => {
        expect(await invoke(calling("text"))).toEqual({ kind: "succeeded", output: '{"n":1}' });
      });

      test("a function without a result has no output, or null", async () => {
        const result = await invoke(calling("nothing"));
        expect(result.kind).toBe("succeeded");
        expect(result.kind === "succeeded" ? (result.output ?? null) : undefined).toBeNull();
      });

      test("the attempt travels with the call", async () => {
        expect(await invoke(calling("attempt"))).toEqual({ kind: "succeeded", output: { ...CONTEXT } });
      });

      test("an exception is an error named by its class, with a cause of JSON text", async () => {
        const { error, cause } = await failureOf(invoke(calling("declines")));
        expect(error).toBe("CardDeclined");
        expect(JSON.parse(cause)).toMatchObject({ errorMessage: "no funds", errorType: "CardDeclined" });
      });

      test("a function that passes its time-out is timedOut", async () => {
        expect(await invoke(calling("never", {}, { timeoutMs: 200 }))).toEqual({ kind: "timedOut" });
      });

      test("a function that is in time is not", async () => {
        expect(await invoke(calling("echo", 1, { timeoutMs: 30_000 }))).toEqual({ kind: "succeeded", output: 1 });
      });

      test("calls at the same time do not get each other's results", async () => {
        const payloads = Array.from({ length: 20 }, (_, index) => index);
        const results = await made.settle(
          Promise.all(payloads.map((payload) => made.functions.invoke(calling("echo", payload)))),
        );
        expect(results).toEqual(payloads.map((output) => ({ kind: "succeeded", output })));
      });

      test("a payload of 5 MB passes; one over Lambda's 6 MB is FnF.DataLimitExceeded and names the limit", async () => {
        expect((await invoke(calling("nothing", "x".repeat(5 * MB)))).kind).toBe("succeeded");
        const { error, cause } = await failureOf(invoke(calling("nothing", "x".repeat(6.5 * MB))));
        expect(error).toBe("FnF.DataLimitExceeded");
        expect(cause).toMatch(/Lambda.*6 MB/);
      });

      if (throttled !== undefined) {
        test("a call that was refused before it began is throttled", async () => {
          expect(await invoke(calling(throttled))).toEqual({ kind: "throttled", cause: expect.any(String) });
        });
      }
    });

    describe("submit", () => {
      test("returns when the call is accepted, long before the function ends", async () => {
        expect(await made.settle(made.functions.submit(calling("never", {}, { timeoutMs: 60_000 })))).toEqual({
          kind: "succeeded",
        });
      });

      test("refuses a function that is not there, and reports nothing", async () => {
        expect((await failureOf(made.settle(made.functions.submit(calling("nobody"), "token")))).error).toBe(
          "FC.FunctionNotFound",
        );
        await submitAndReport(calling("echo"), "another");
        expect(reports.has("token")).toBe(false);
      });

      test("refuses a payload over Lambda's 1 MB for asynchronous calls, and names the limit", async () => {
        const { error, cause } = await failureOf(
          made.settle(made.functions.submit(calling("nothing", "x".repeat(1.5 * MB)))),
        );
        expect(error).toBe("FnF.DataLimitExceeded");
        expect(cause).toMatch(/Lambda.*1 MB/);
      });

      test("reports the function's end to the token, once", async () => {
        expect(await submitAndReport(calling("echo", { n: 1 }), "token")).toEqual({
          kind: "succeeded",
          output: { n: 1 },
        });
        expect(reports.get("token")).toHaveLength(1);
      });

      test("reports an exception as the error that it is", async () => {
        expect(await submitAndReport(calling("declines"), "token")).toMatchObject({
          kind: "failed",
          error: "CardDeclined",
        });
      });

      test("reports a time-out", async () => {
        expect(await submitAndReport(calling("never", {}, { timeoutMs: 200 }), "token")).toEqual({ kind: "timedOut" });
      });

      test("without a token reports to nobody", async () => {
        await made.settle(made.functions.submit(calling("echo", 1)));
        await submitAndReport(calling("echo", 2), "token");
        expect([...reports.keys()]).toEqual(["token"]);
      });
    });

    describe("resolveAlias", () => {
      const resolve = (qualifier?: string) =>
        made.settle(
          made.functions.resolveAlias({
            kind: "function",
            function: "echo",
            ...PLACE,
            ...(qualifier === undefined ? {} : { qualifier }),
          }),
        );

      test.each([undefined, "7", "no-such-alias", "__proto__"])("%s is no alias: undefined", async (qualifier) => {
        expect(await resolve(qualifier)).toBeUndefined();
      });

      if (alias !== undefined) {
        test("an alias is resolved to the version that it stands for", async () => {
          expect(await resolve(alias.name)).toBe(alias.version);
        });

        test.each([alias.name, alias.version])("a call of %s is answered", async (qualifier) => {
          const resource = { kind: "function", function: "echo", qualifier, ...PLACE } as const;
          expect(await invoke(calling("", 1, { resource }))).toEqual({ kind: "succeeded", output: 1 });
        });
      }
    });
  });
}
