/** Retries (fdl.md §6.3, §10 rows 12 to 14 and 55, §12). */
import { describe, expect, it } from "vitest";
import { problems } from "./definition.ts";
import { details, trace } from "./events.ts";
import { run } from "./run.ts";
import { failing, fails } from "./scripts.ts";

const TASK = `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"`;

/** Seconds between the attempts of a task whose function fails for ever, or with the errors given, one an attempt. */
function delays(retry: string, ...errors: string[]): number[] {
  const script = errors.length === 0 ? fails("E") : failing(errors, {});
  const { events } = run(`- {${TASK}, retry: ${retry}}`, { functions: { "s/f": script } });
  const starts = events.filter((event) => event.type === "TaskScheduled").map((event) => event.time);
  return starts.slice(1).map((time, n) => (time - (starts[n] ?? 0)) / 1000);
}

describe("retry", () => {
  it("[RETRY-01] the first policy that matches decides", () => {
    const policies = `[{errors: [A], intervalSeconds: 1}, {errors: [B, A], intervalSeconds: 50}, {errors: [FnF.ALL], intervalSeconds: 7}]`;
    expect(delays(policies, "A")).toEqual([1]);
    expect(delays(policies, "B")).toEqual([50]);
    expect(delays(policies, "C")).toEqual([7]);
  });

  it("[RETRY-01] a later policy is not consulted when the first is used up", () => {
    expect(delays(`[{errors: [E], maxAttempts: 1, intervalSeconds: 5}, {errors: [FnF.ALL], maxAttempts: 9}]`)).toEqual([
      5,
    ]);
    expect(delays(`[{errors: [E], maxAttempts: 0}, {errors: [FnF.ALL], maxAttempts: 9}]`)).toEqual([]);
  });

  it.each([
    [`[{errors: [E]}]`, 3],
    [`[{errors: [E], maxAttempts: 0}]`, 0],
    [`[{errors: [E], maxAttempts: 1}]`, 1],
    [`[{errors: [E], maxAttempts: 16}]`, 16],
    [`[{errors: [Other]}]`, 0],
    [`[]`, 0],
  ])("[RETRY-02] %s makes %d retries", (retry, count) => {
    expect(delays(retry)).toHaveLength(count);
  });

  it.each([
    [`[{errors: [E], intervalSeconds: 10, multiplier: 2}]`, [10, 20, 40]],
    [
      `[{errors: [E], intervalSeconds: 10, multiplier: 2, maxIntervalSeconds: 60, maxAttempts: 5}]`,
      [10, 20, 40, 60, 60],
    ],
    [`[{errors: [E], intervalSeconds: 4, multiplier: 1.5, maxAttempts: 4}]`, [4, 6, 9, 13.5]],
    [`[{errors: [E], intervalSeconds: 3, multiplier: 1}]`, [3, 3, 3]],
    [`[{errors: [E], intervalSeconds: 100, maxIntervalSeconds: 7, maxAttempts: 2}]`, [7, 7]],
  ])("[RETRY-03] %s waits %j", (retry, seconds) => {
    expect(delays(retry)).toEqual(seconds);
  });

  it("[RETRY-03] [RETRY-07] each policy counts its own retries", () => {
    const policies = `[{errors: [A], intervalSeconds: 1, maxAttempts: 2}, {errors: [B], intervalSeconds: 10}]`;
    expect(delays(policies, "A", "B", "A", "B", "B")).toEqual([1, 10, 2, 20, 40]);
    expect(delays(policies, "A", "B", "A", "A")).toEqual([1, 10, 2]);
  });

  it("[RETRY-04] defaults: 1 s, doubled, at most a day", () => {
    expect(delays(`[{errors: [E], maxAttempts: 5}]`)).toEqual([1, 2, 4, 8, 16]);
    expect(delays(`[{errors: [E], intervalSeconds: 50000, maxAttempts: 2}]`)).toEqual([50_000, 86_400]);
  });

  it("[RETRY-05] intervalSeconds: 0 retries at once", () => {
    expect(delays(`[{errors: [E], intervalSeconds: 0, maxAttempts: 4}]`)).toEqual([0, 0, 0, 0]);
  });

  it.each([
    [`[{errors: [E], multiplier: 0.5}]`, /multiplier/],
    [`[{maxAttempts: 1}]`, /errors/],
    [`[{errors: E}]`, /errors/],
    [`[{errors: [5]}]`, /errors|string/],
    [`[{errors: [E], maxAttempts: -1}]`, /maxAttempts/],
    [`[{errors: [E], maxAttempts: 1.5}]`, /maxAttempts/],
    [`[{errors: [E], intervalSeconds: -1}]`, /intervalSeconds/],
  ])("[RETRY-06] %s is refused", (retry, message) => {
    expect(problems(`- {${TASK}, retry: ${retry}}`)).toEqual([expect.stringMatching(message)]);
  });

  it("[LIMIT-04] intervals reach a year", () => {
    const YEAR = 31_536_000;
    expect(delays(`[{errors: [E], intervalSeconds: ${YEAR}, maxIntervalSeconds: ${YEAR}, maxAttempts: 1}]`)).toEqual([
      YEAR,
    ]);
    for (const field of ["intervalSeconds", "maxIntervalSeconds"]) {
      expect(problems(`- {${TASK}, retry: [{errors: [E], ${field}: ${YEAR + 1}}]}`)).toEqual([
        expect.stringContaining(field),
      ]);
    }
  });

  it("[RETRY-07] retryCount is the total", () => {
    const { events } = run(`- {${TASK}, retry: [{errors: [A]}, {errors: [B]}]}`, {
      functions: { "s/f": failing(["A", "B", "A"], {}) },
    });
    expect(details(events, "StepExited")).toEqual([expect.objectContaining({ retryCount: 3 })]);
  });

  it("[RETRY-08] a retry has the same input", () => {
    const { calls } = run(
      `[{type: pass, name: a, outputMappings: [{target: k, source: 1}]}, {${TASK}, inputMappings: [{target: k, source: $local.k}, {target: id, source: $context.step.eventId}], retry: [{errors: [E]}]}]`,
      { functions: { "s/f": failing(["E", "E"], {}) } },
    );
    expect(calls.map((call) => call.payload)).toEqual(Array(3).fill({ k: 1, id: 6 }));
  });

  it("[RETRY-10] a step that is entered again counts from 0", () => {
    const { calls, events, status } = run(
      `
      - {${TASK}, retry: [{errors: [E], maxAttempts: 2}], catch: [{errors: [E], goto: t}]}
      `,
      { functions: { "s/f": failing(["E", "E", "E", "E", "E"], {}) } },
    );
    expect(status).toBe("Succeeded");
    expect(calls).toHaveLength(6);
    expect(trace(events, "StepEntered")).toEqual(["t", "t"]);
    expect(details(events, "StepExited").map((exit) => exit.retryCount)).toEqual([2, 2]);
  });
});
