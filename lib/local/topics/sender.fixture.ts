/** Opens the topics of a directory and sends until it is killed, saying what was acknowledged: what a task's sends are to the engine. */
import { writeSync } from "node:fs";
import { StepwellError } from "../../fdl/errors.ts";
import { systemClock } from "../../memory/system-clock.ts";
import type { CallResult } from "../../runtime/ports/functions.ts";
import { type LocalTopics, localTopics } from "./local-topics.ts";

const [, , dataDir = "", round = "0"] = process.argv;
const context = { attemptId: "start-1..3", flow: "orders", execution: "run-1", step: "notify", retryCount: 0 };
const say = (line: string) => void writeSync(1, `${line}\n`);

function send(topics: LocalTopics, kind: "queue" | "topic", body: string): Promise<CallResult> {
  const rest = { region: "", account: "", message: { body } } as const;
  const call =
    kind === "queue" ? ({ kind, queue: "orders", ...rest } as const) : ({ kind, topic: "news", ...rest } as const);
  return topics.send(call, context);
}

try {
  const topics = await localTopics({ dataDir, functions: () => undefined, clock: systemClock(), log: () => {} });
  say(`open ${topics.endpoint}`);
  for (let batch = 0; ; batch++) {
    const bodies = Array.from({ length: 5 }, (_, index) => `${round}.${batch}.${index}`);
    await Promise.all(
      bodies.map(async (body) => {
        const kind = Number(body.at(-1)) === 0 ? "topic" : "queue";
        if ((await send(topics, kind, body)).kind === "succeeded") say(`${kind} ${body}`);
      }),
    );
  }
} catch (error) {
  say(error instanceof StepwellError ? `${error.code} ${error.message}` : String(error));
  process.exit();
}
