import { expect, test } from "vitest";
import type { Behaviour } from "../behaviours.ts";
import { end, failed, succeeded } from "./testing/flow.ts";

const task = (name: string, rest: string) =>
  `[{type: task, name: t, resourceArn: "acs:fc:::services/sim/functions/${name}", ${rest}}, {type: pass, name: next, end: true}, {type: pass, name: z, outputMappings: [{target: caught, source: true}]}]`;
const retry = (errors: string, rest = "") => `retry: [{errors: [${errors}]${rest}}]`;
const caught = (errors: string) => `catch: [{errors: [${errors}], goto: z}]`;
const CAUGHT = succeeded({ caught: true });

/** Throws these errors, one an attempt, then returns how often it was called. */
function throwing(...errors: readonly string[]): (name: string) => Behaviour {
  return () => ({
    takesMs: 0,
    refusals: 0,
    outcome(_, retryCount) {
      const error = errors[retryCount];
      return error === undefined
        ? { kind: "returns", value: { attempts: retryCount + 1 } }
        : { kind: "throws", error, message: "why", cause: "why" };
    },
    reports: () => [],
  });
}

test("[RETRY-02] maxAttempts is the number of retries: 3 unless said otherwise, 0 is none", () => {
  const attempts = (failures: number, rest = "") => end(task("flaky", retry("Flaky", rest)), { input: { failures } });
  expect(attempts(3)).toEqual(succeeded({ tries: 3 }));
  expect(attempts(4)).toMatchObject(failed("Flaky"));
  expect(attempts(1, ", maxAttempts: 1")).toEqual(succeeded({ tries: 1 }));
  expect(attempts(1, ", maxAttempts: 0")).toMatchObject(failed("Flaky"));
});

test("[RETRY-01] [RETRY-07] the first policy that matches decides, and each counts its own", () => {
  const policies =
    "retry: [{errors: [A], maxAttempts: 1}, {errors: [B], maxAttempts: 2}, {errors: [FnF.ALL], maxAttempts: 9}]";
  const run = (...errors: readonly string[]) => end(task("f", policies), { functions: throwing(...errors) });
  expect(run("A", "B", "B")).toEqual(succeeded({ attempts: 4 }));
  expect(run("A", "B", "A")).toEqual(failed("A", "why"));
  expect(run("C", "C", "C", "C", "A")).toEqual(succeeded({ attempts: 6 }));
});

test("[RETRY-03] [RETRY-04] the pauses grow", () => {
  const text = (seconds: number) =>
    `timeoutSeconds: ${seconds}\nsteps: ${task("f", retry("E", ", intervalSeconds: 100, multiplier: 2, maxIntervalSeconds: 300"))}`;
  const run = (seconds: number) => end(text(seconds), { functions: throwing("E", "E", "E") });
  // It waits 100, 200 and 300 s.
  expect(run(580)).toEqual({ status: "TimedOut", error: "FnF.Timeout" });
  expect(() => run(620)).toThrow("There are 2 ends");
});

test("[RETRY-10] a step that is entered again counts from 0", () => {
  const text = `[{type: task, name: count, resourceArn: "acs:fc:::services/sim/functions/inc"},
    {type: task, name: t, resourceArn: "acs:fc:::services/sim/functions/flaky", inputMappings: [{target: failures, source: 1}], ${retry("Flaky", ", maxAttempts: 1")}},
    {type: choice, name: again, choices: [{condition: $.n < 3, goto: count}]}]`;
  expect(end(text)).toEqual(succeeded({ n: 3, tries: 1 }));
});

test("[ERR-02] [ERR-03] [ERR-04] errors match by their name, FnF.ALL all, FC.X what a function threw as X", () => {
  for (const errors of ["Broken", "FC.Broken", "FnF.ALL", "Other, Broken"]) {
    expect(end(task("broken", caught(errors)))).toEqual(CAUGHT);
  }
  for (const errors of ["broken", "FC.ALL", "Brok", "FnF.Broken"]) {
    expect(end(task("broken", caught(errors)))).toMatchObject(failed("Broken"));
  }
  expect(end(task("die", caught("FC.Unknown")))).toEqual(CAUGHT);
  expect(end(task("die", caught("Unknown")))).toEqual(failed("FC.Unknown"));
  expect(end(task("text", caught("FnF.ALL")))).toEqual(CAUGHT);
});

test("[CATCH-01] to [CATCH-07] a catch comes after the retries, makes the output and jumps", () => {
  const mapped = `${caught("Moody")}, errorMappings: [{target: e, source: $local.error}, {target: c, source: $local.code}, {target: n, source: $input.n}, {target: all, source: $local}], outputMappings: [{target: never, source: 1}]`;
  const cause = JSON.stringify({ errorMessage: "not with 3", errorType: "Moody", stackTrace: [] });
  expect(end(task("moody", mapped), { input: { n: 3 } })).toEqual(
    succeeded({ e: "Moody", c: "Moody", n: 3, all: { error: "Moody", cause }, caught: true }),
  );
  expect(end(task("moody", mapped), { input: { n: 4 } })).toEqual(succeeded({ never: 1 }));
  expect(end(task("flaky", `${retry("Flaky")}, ${caught("Flaky")}`), { input: { failures: 3 } })).toEqual(
    succeeded({ tries: 3 }),
  );
  expect(end(task("broken", `${retry("Broken")}, ${caught("Broken")}`))).toEqual(CAUGHT);
});
