import { describe, expect, it } from "vitest";
import type { MessageParams } from "../../lib/engine/index.ts";
import { play, type World } from "../../lib/engine/testing/play.ts";
import { eventTypes, runReadme } from "../testing/command.ts";
import { readFlow, readInput } from "../testing/example.ts";
import { shownToken } from "../testing/player.ts";
import { work } from "./worker.ts";

const folder = import.meta.dirname;
const flow = readFlow(folder);
const input = readInput(folder);

/** Plays the flow with a queue that hands each message over to `worker`. */
function enqueue(worker: (messageBody: string) => ReturnType<NonNullable<World["verdicts"]>>) {
  const messages: MessageParams[] = [];
  const played = play(flow, {
    input,
    queues: {
      "fnf-demo": (message) => {
        messages.push(message);
        return { MessageId: "1" };
      },
    },
    verdicts: () => worker(messages.at(-1)?.body ?? ""),
  });
  return { ...played, messages };
}

describe("mns-queue", () => {
  it("sends the task with its token, and goes on with the output that the worker reports", () => {
    const played = enqueue((messageBody) => ({ kind: "succeeded", output: work(messageBody).output }));
    expect(played).toMatchObject({ status: "Succeeded", output: { key: "value" } });

    const taskToken = shownToken(played, "Task_1");
    const [message] = played.messages;
    expect(played.messages).toEqual([{ body: expect.any(String), priority: 1 }]);
    expect(JSON.parse(message?.body ?? "")).toEqual({ key: "value", task_token: taskToken });
    expect(work(message?.body ?? "")).toEqual({ taskToken, output: { key: "value" } });
  });

  it("fails when the worker reports a failure", () => {
    const played = enqueue(() => ({ kind: "failed", error: "WorkerFailed", cause: "disk full" }));
    expect(played).toMatchObject({ status: "Failed", error: "WorkerFailed", cause: "disk full" });
  });

  it("runs as the README says", async () => {
    const { code, document } = await runReadme(folder, "flow.yml");
    expect(code).toBe(0);
    expect(document).toMatchObject({ status: "Succeeded", output: { key: "value" } });
    expect(eventTypes(document.events)).toEqual([
      "ExecutionStarted",
      "StepEntered Task_1",
      "TaskScheduled Task_1",
      "TaskStarted Task_1",
      "TaskSubmitted Task_1",
      "TaskSucceeded Task_1",
      "StepExited Task_1",
      "ExecutionSucceeded",
    ]);
  });
});
