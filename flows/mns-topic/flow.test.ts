import { describe, expect, it, vi } from "vitest";
import { play, type World } from "../../lib/engine/testing/play.ts";
import { eventTypes, runReadme } from "../testing/command.ts";
import { readFlow, readInput } from "../testing/example.ts";
import { shownToken } from "../testing/player.ts";
import { answer } from "./receive.ts";

const folder = import.meta.dirname;
const flow = readFlow(folder);
const input = readInput(folder);

/** Plays the flow with a topic that pushes each message as a notification to `receiver`. */
function publish(receiver: (notification: { readonly Message: string }) => ReturnType<NonNullable<World["verdicts"]>>) {
  const requests: { readonly Message: string }[] = [];
  const played = play(flow, {
    input,
    topics: {
      "fnf-demo": ({ body }) => {
        requests.push({ Message: body });
        return { MessageId: "1" };
      },
    },
    verdicts: () => receiver(requests.at(-1) ?? { Message: "" }),
  });
  return { ...played, requests };
}

describe("mns-topic", () => {
  it("publishes the message with the task's token, and goes on with the status that its receiver reports", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const played = publish((notification) => ({ kind: "succeeded", output: answer(notification).output }));
    expect(played).toMatchObject({ status: "Succeeded", output: { status: "success" } });

    const taskToken = shownToken(played, "mns-topic-task");
    expect(played.requests.map((request) => JSON.parse(request.Message))).toEqual([
      { messageBody: "hello world", taskToken },
    ]);
    expect(played.requests.map(answer)).toEqual([{ taskToken, output: { status: "success" } }]);
    expect(log).toHaveBeenCalledWith(`Task token: ${taskToken}\nOriginal message body: "hello world"`);
    log.mockRestore();
  });

  it("has no status when the receiver reports none", () => {
    expect(publish(() => ({ kind: "succeeded", output: { done: true } })).output).toEqual({});
  });

  it("fails when the receiver reports a failure", () => {
    const played = publish(() => ({ kind: "failed", error: "Unreadable", cause: "no JSON" }));
    expect(played).toMatchObject({ status: "Failed", error: "Unreadable", cause: "no JSON" });
  });

  it("runs as the README says", async () => {
    const { code, document } = await runReadme(folder, "flow.yml");
    expect(code).toBe(0);
    expect(document).toMatchObject({ status: "Succeeded", output: { status: "success" } });
    expect(eventTypes(document.events)).toEqual([
      "ExecutionStarted",
      "StepEntered mns-topic-task",
      "TaskScheduled mns-topic-task",
      "TaskStarted mns-topic-task",
      "TaskSubmitted mns-topic-task",
      "TaskSucceeded mns-topic-task",
      "StepExited mns-topic-task",
      "ExecutionSucceeded",
    ]);
  });
});
