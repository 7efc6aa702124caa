/** The engine is killed while a worker takes its tasks out of the queue; both go on when it is started again. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Program, startProgram, startWorker } from "./program.ts";
import { FLOWS } from "./stand.ts";

interface Engine {
  readonly program: Program;
  readonly api: string;
  readonly aws: string;
}

async function startEngine(data: string, port: string, topicsPort: string): Promise<Engine> {
  const launcher = join(FLOWS, "../bin/stepwell.mjs");
  const options = ["--port", port, "--topics-port", topicsPort, "--data", data];
  const program = startProgram([launcher, "dev", join(FLOWS, "mns-queue"), ...options], process.env);
  const api = (await program.line(/^HTTP /)).split(/ +/).at(-1) ?? "";
  const aws = (await program.line(/^SQS and SNS /)).split(/ +/).at(-1) ?? "";
  await program.line(/^ready/);
  return { program, api, aws };
}

async function call(
  api: string,
  action: string,
  params: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const body = new URLSearchParams({ Action: action, Version: "2019-03-15", FlowName: "flow", ...params });
  return (await (await fetch(api, { method: "POST", body })).json()) as Record<string, string>;
}

const EXECUTIONS = 20;

test("over a kill of the engine no execution and no message is lost", { timeout: 90_000 }, async () => {
  const data = await mkdtemp(join(tmpdir(), "stepwell-workers-"));
  const names = Array.from({ length: EXECUTIONS }, (_, index) => `run-${index}`);
  const first = await startEngine(data, "0", "0");
  {
    await using _ = first.program;
    await Promise.all(names.map((ExecutionName) => call(first.api, "StartExecution", { ExecutionName, Input: "{}" })));
    // Some are done, some are in the queue, one is in the worker's hands.
    await using worker = startWorker("mns-queue", first);
    for (let done = 0; done < 5; done++) await worker.line(/^Deleted message/);
    first.program.signal("SIGKILL");
    await first.program.ended;

    const second = await startEngine(data, new URL(first.api).port, new URL(first.aws).port);
    await using __ = second.program;
    const params = { WaitTimeSeconds: "60" };
    const ends = await Promise.all(
      names.map((ExecutionName) => call(second.api, "DescribeExecution", { ExecutionName, ...params })),
    );
    expect(ends.map(({ Status, Output }) => [Status, Output])).toEqual(
      names.map(() => ["Succeeded", '{"key":"value"}']),
    );
    worker.signal("SIGTERM");
    expect(await worker.ended).toBe(0);
  }
  await rm(data, { recursive: true });
});
