/** The one who starts executions, reports callbacks, and compares what comes of it with what must. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Dice } from "../../lib/sim/dice.ts";
import type { Answer, Lives } from "./lives.ts";
import type { TaskLog } from "./task-log.ts";
import { answerTo, type Work } from "./work.ts";

export interface Client {
  /** Executions whose start was acknowledged. */
  readonly acknowledged: readonly Work[];
  /** Tokens whose report was acknowledged. */
  readonly reported: readonly string[];
  /** How executions were seen to have ended. */
  readonly ends: ReadonlyMap<Work, Answer>;
  readonly violations: readonly string[];
  /** Resolves when the start is acknowledged; from then on waits for the end. */
  start(work: Work): Promise<void>;
  /** Resolves when all that was acknowledged has ended, and was looked at again and compared. */
  allEnded(): Promise<void>;
  /** Reports no more. */
  close(): void;
}

/** How often the tasks' log is read, ms. */
const LOOK_MS = 20;
/** A report comes up to this long after its task asked for it, ms. */
const REPORT_MS = 600;

/** Reports whatever asks in `log`, until it is closed. */
export function client(server: Lives, log: TaskLog, dice: Dice): Client {
  const acknowledged: Work[] = [];
  const violations: string[] = [];
  const asked = new Set<string>();
  const reported: string[] = [];
  const ends = new Map<Work, Answer>();
  const following: Promise<void>[] = [];
  let closed = false;

  const looking = setInterval(() => {
    for (const note of log.read()) {
      if (note.kind !== "token" || asked.has(note.token)) continue;
      asked.add(note.token);
      void report(note.token, note.n, dice.below(REPORT_MS));
    }
  }, LOOK_MS);

  async function report(token: string, n: number, delayMs: number): Promise<void> {
    await sleep(delayMs);
    const output = JSON.stringify({ answer: answerTo(n) });
    try {
      const { Code, Message } = await server.call("ReportTaskSucceeded", { TaskToken: token, Output: output });
      // Completed already: by this report, whose answer was lost with a server.
      if (Code !== undefined && Code !== "TaskAlreadyCompleted")
        violations.push(`a report was refused: ${Code}: ${Message}`);
      reported.push(token);
    } catch (error) {
      if (!closed) violations.push(`a report failed: ${String(error)}`);
    }
  }

  async function follow(work: Work): Promise<void> {
    try {
      ends.set(work, await ended(server, work));
    } catch (error) {
      if (!closed) violations.push(`the end of ${work.flow}/${work.name} cannot be seen: ${String(error)}`);
    }
  }

  return {
    acknowledged,
    reported,
    ends,
    violations,
    async start(work) {
      const { flow, name, input } = work;
      const parameters = { FlowName: flow, ExecutionName: name, Input: JSON.stringify(input) };
      const { Code, Message } = await server.call("StartExecution", parameters);
      // It was started, and the answer was lost with a server.
      if (Code === undefined || Code === "ExecutionAlreadyExists") {
        acknowledged.push(work);
        following.push(follow(work));
      } else violations.push(`${flow}/${name} was not started: ${Code}: ${Message}`);
    },
    async allEnded() {
      await Promise.all(following);
      await Promise.all(
        acknowledged.map(async (work) => {
          const wrong = difference(work, await ended(server, work));
          if (wrong !== undefined) violations.push(`${work.flow}/${work.name} ${wrong}`);
        }),
      );
    },
    close() {
      closed = true;
      clearInterval(looking);
    },
  };
}

async function ended(server: Lives, { flow, name }: Work): Promise<Answer> {
  for (const until = Date.now() + 60_000; ; ) {
    const answer = await server.call("DescribeExecution", {
      FlowName: flow,
      ExecutionName: name,
      WaitTimeSeconds: "20",
    });
    if (answer.Status !== "Running" || Date.now() > until) return answer;
  }
}

/** What is wrong with how it ended; undefined: nothing. */
export function difference({ status, output }: Work, { Code, Message, Status, Output }: Answer): string | undefined {
  if (Code !== undefined) return `was acknowledged, and now: ${Code}: ${Message}`;
  if (Status !== status) return `is ${Status} and should be ${status}`;
  const expected = output === undefined ? "" : JSON.stringify(output);
  return Output === expected ? undefined : `has the output ${Output} and should have ${expected}`;
}
