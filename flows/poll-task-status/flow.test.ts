import fc from "fast-check";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Flow } from "../../lib/fdl/definition.ts";
import { isObject, own } from "../../lib/fdl/json.ts";
import { eventTypes, runReadme } from "../testing/command.ts";
import { readFlow, readInput } from "../testing/example.ts";
import { type ExampleFunctions, path, playExample } from "../testing/player.ts";

const folder = import.meta.dirname;
const flow = readFlow(folder);
/** The functions take the time of their loading for the time when the job began. */
const startedAt = Date.UTC(2022, 0, 17, 12);
let functions: ExampleFunctions;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: startedAt });
  functions = (await import("./functions.ts")).default;
  vi.useRealTimers();
});

const START = ["StartJob", "Init"];
const ROUND = ["Wait10s", "GetJobStatus", "CheckJobComplete"];

describe("poll-task-status", () => {
  it("asks every ten seconds until the job of its input is done", () => {
    const played = playExample(flow, functions, { input: readInput(folder), startedAt });
    const job_id = played.output?.job_id;
    expect(job_id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(played).toMatchObject({ status: "Succeeded", output: { job_id, job_status: "success", try_count: 3 } });
    expect(played.calls).toEqual([
      { step: "StartJob", at: 0, input: { delay: 20 }, result: { job_id } },
      status(10, { job_id, delay: 20, try_count: 0 }, "running"),
      status(20, { job_id, delay: 20, try_count: 1 }, "running"),
      status(30, { job_id, delay: 20, try_count: 2 }, "success"),
    ]);
    expect(path(played)).toEqual([...START, ...ROUND, ...ROUND, ...ROUND, "JobSucceeded"]);
  });

  it("gives a job four queries, whatever its delay", () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 100 }), (delay) => {
        const queries = Math.max(1, Math.floor(delay / 10) + 1);
        const played = playExample(flow, functions, { input: { delay }, startedAt });
        const rounds = Array.from({ length: Math.min(queries, 4) }, () => ROUND).flat();
        if (queries <= 4) {
          expect(played).toMatchObject({ status: "Succeeded", output: { job_status: "success", try_count: queries } });
          expect(path(played)).toEqual([...START, ...rounds, "JobSucceeded"]);
        } else {
          expect(played).toMatchObject({ status: "Failed", error: "", cause: "", time: startedAt + 40_000 });
          expect(path(played)).toEqual([...START, ...rounds, "JobFailed"]);
        }
      }),
    );
  });

  it("takes a job without a delay for one of a minute, and gives it up", () => {
    const { status, calls } = playExample(flow, functions, { startedAt });
    expect(status).toBe("Failed");
    expect(calls[1]?.input).toEqual({ job_id: expect.any(String), try_count: 0 });
    expect(calls).toHaveLength(5);
  });

  it.each([
    { elapsed: 60, job_status: "running" },
    { elapsed: 61, job_status: "success" },
  ])("has the job $job_status after $elapsed s when nobody says how long it takes", ({ elapsed, job_status }) => {
    const asked = playExample(firstQueryAfter(elapsed), functions, { startedAt });
    expect(asked.calls[1]?.result).toEqual({ job_id: expect.any(String), job_status, try_count: 1 });
  });

  it("succeeds at a status that it does not know: no choice matches, and the next step is JobSucceeded", () => {
    const cancelled = { ...functions, "fnf-demo/GetJobStatus": () => ({ job_status: "cancelled" }) };
    const played = playExample(flow, cancelled, { startedAt });
    expect(played).toMatchObject({ status: "Succeeded", output: { job_status: "cancelled", try_count: 0 } });
    expect(path(played)).toEqual([...START, ...ROUND, "JobSucceeded"]);
  });

  it("fails with the error of a function that throws", () => {
    class NoSuchJob extends Error {}
    const broken = {
      ...functions,
      "fnf-demo/GetJobStatus": () => {
        throw new NoSuchJob("gone");
      },
    };
    const played = playExample(flow, broken, { startedAt });
    expect(played).toMatchObject({ status: "Failed", error: "NoSuchJob", cause: expect.stringContaining("gone") });
    expect(path(played)).toEqual([...START, "Wait10s", "GetJobStatus"]);
  });

  it("has a quick variant that differs in the wait alone", () => {
    expect(slowed(readFlow(folder, "flow-quick.yml"))).toEqual(flow);
  });

  it("runs as the README says", async () => {
    const { code, document } = await runReadme(folder, "flow-quick.yml");
    expect(code).toBe(0);
    const { status, output, events } = document;
    expect({ status, output }).toEqual({
      status: "Succeeded",
      output: { job_id: expect.any(String), job_status: "success", try_count: expect.any(Number) },
    });
    // One query or two: the function counts whole seconds.
    const rounds = isObject(output) ? own(output, "try_count") : undefined;
    expect([1, 2]).toContain(rounds);
    const done = playExample(flow, functions, { input: { delay: Number(rounds) * 10 - 1 }, startedAt });
    expect(eventTypes(events)).toEqual(eventTypes(done.history).map((event) => event.replace("Wait10s", "Wait1s")));
  });
});

function status(
  at: number,
  input: { readonly job_id: unknown; readonly try_count: number; readonly delay: number },
  job_status: string,
) {
  const { job_id, try_count } = input;
  return { step: "GetJobStatus", at, input, result: { job_id, job_status, try_count: try_count + 1 } };
}

/** The flow with another wait. Without Init's count the function begins with its own. */
function firstQueryAfter(seconds: number): Flow {
  const steps = flow.steps.filter(({ name }) => name !== "Init");
  const duration = { kind: "constant", value: seconds } as const;
  return { ...flow, steps: steps.map((step) => (step.type === "wait" ? { ...step, duration } : step)) };
}

/** The quick flow with the wait of flow.yml. */
function slowed(quick: Flow): Flow {
  const text = JSON.stringify(quick).replaceAll("Wait1s", "Wait10s");
  return JSON.parse(
    text.replace('"duration":{"kind":"constant","value":1}', '"duration":{"kind":"constant","value":10}'),
  );
}
