/** Reports on callback tasks, early, late and repeated (fdl.md §3.1.3, §10 rows 39 and 40, §12). */
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../lib/engine/index.ts";
import type { Json } from "../../lib/fdl/json.ts";
import { heartbeat, reportTask } from "../../lib/runtime/index.ts";
import type { Header } from "../../lib/runtime/ports/journal.ts";
import type { World } from "../../lib/runtime/testing/world.ts";
import { endOf, pass, worldOf } from "./live.ts";

const TASK = `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"`;
const CALLBACK = `${TASK}, pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}]`;
const set = (name: string) => `{type: pass, name: ${name}, outputMappings: [{target: ${name}, source: 1}]}`;

/** Starts a flow `f` with one callback task; the function puts down the tokens that it is given. */
async function waiting(fields = "", rest = ""): Promise<{ w: World; header: Header; tokens: string[] }> {
  const tokens: string[] = [];
  const w = await worldOf(
    { f: `[{${CALLBACK}${fields}}${rest}]` },
    { "s/f": (event) => void tokens.push(Object(event).token) },
  );
  const header = await w.start("f", {}, "e");
  await pass(w, 1);
  return { w, header, tokens };
}

const reported = (output: Json): Verdict => ({ kind: "succeeded", output });

describe("callbacks", () => {
  it("[CB-08] the first report counts, a second one is refused", async () => {
    const { w, header, tokens } = await waiting();
    await reportTask(w.runtime, tokens[0]!, reported({ n: 1 }));
    for (const verdict of [
      reported({ n: 1 }),
      reported({ n: 2 }),
      { kind: "failed", error: "E", cause: "" } as const,
    ]) {
      await expect(reportTask(w.runtime, tokens[0]!, verdict)).rejects.toMatchObject({ code: "TaskAlreadyCompleted" });
    }
    expect(await endOf(w, header)).toMatchObject({ status: "Succeeded", output: { n: 1 } });
    await expect(reportTask(w.runtime, tokens[0]!, reported({}))).rejects.toMatchObject({
      code: "TaskAlreadyCompleted",
    });
  });

  it("[CB-08] [CTX-05] the token of an attempt that timed out and was retried is refused", async () => {
    const { w, header, tokens } = await waiting(
      ", timeoutSeconds: 10, retry: [{errors: [FnF.TaskTimeout], intervalSeconds: 1}]",
    );
    await pass(w, 15);
    expect(tokens).toHaveLength(2);
    await expect(reportTask(w.runtime, tokens[0]!, reported({ n: 1 }))).rejects.toMatchObject({
      code: "TaskAlreadyCompleted",
    });
    await reportTask(w.runtime, tokens[1]!, reported({ n: 2 }));
    expect((await endOf(w, header)).output).toEqual({ n: 2 });
  });

  it("[CB-09] a report may come while the call is still running", async () => {
    let returned = 0;
    const w = await worldOf(
      { f: `[{${CALLBACK}}, ${set("a")}]` },
      {
        "s/f": async (event) => {
          await reportTask(w.runtime, Object(event).token, reported({ early: 1 }));
          await w.clock.sleep(5_000);
          returned = w.clock.now();
          return { discarded: 1 };
        },
      },
    );
    const header = await w.start("f");
    const { output, status } = await endOf(w, header);
    expect({ output, status }).toEqual({ output: { early: 1, a: 1 }, status: "Succeeded" });
    expect((await w.settled(header)).endedAt).toBeGreaterThanOrEqual(returned);
    const types = (await w.eventsOf(await w.settled(header))).map((event) => event.Type);
    expect(types.slice(2, 7)).toEqual(["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "StepExited"]);
  });

  it("[MORE-08] heartbeats keep a task alive, and its timeoutSeconds still holds", async () => {
    const { w, header, tokens } = await waiting(", heartbeatSeconds: 10, timeoutSeconds: 35");
    for (let beat = 0; beat < 3; beat += 1) {
      await pass(w, 8);
      await heartbeat(w.runtime, tokens[0]!);
    }
    expect(await endOf(w, header)).toMatchObject({
      status: "Failed",
      error: "FnF.TaskTimeout",
      seconds: expect.closeTo(35, 0),
    });
  });

  it("[MORE-08] without them it times out", async () => {
    const { w, header } = await waiting(", heartbeatSeconds: 10, timeoutSeconds: 35");
    expect(await endOf(w, header)).toMatchObject({
      status: "Failed",
      error: "FnF.TaskTimeout",
      seconds: expect.closeTo(10, 0),
    });
  });
});
