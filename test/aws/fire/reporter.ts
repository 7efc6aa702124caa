/** The one outside who does what callback tasks wait for: takes their tokens from the tasks' log and from a queue, and reports, sometimes twice. */
import { setTimeout as sleep } from "node:timers/promises";
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Dice } from "../../../lib/sim/dice.ts";
import type { TaskLog } from "../../chaos/task-log.ts";
import { answerTo } from "../../chaos/work.ts";
import type { ApiClient } from "./api-client.ts";

export interface Reporter {
  /** Reports that were answered, the second ones among them. */
  readonly reports: { count: number };
  readonly violations: readonly string[];
  /** Takes no more tokens; resolves when all reports are made. */
  close(): Promise<void>;
}

export interface ReporterOptions {
  readonly api: ApiClient;
  readonly log: TaskLog;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly dice: Dice;
}

/** How often the tasks' log is read, ms. */
const LOOK_MS = 50;
/** A report comes up to this long after its task asked for it, ms. */
const REPORT_MS = 600;
/** One of so many is reported twice. */
const TWICE_ONE_OF = 3;

export function reporter({ api, log, sqs, queueUrl, dice }: ReporterOptions): Reporter {
  const reports = { count: 0 };
  const violations: string[] = [];
  const asked = new Set<string>();
  const underWay = new Set<Promise<void>>();
  let closed = false;

  async function report(token: string, n: number): Promise<void> {
    const [delay, times] = [dice.below(REPORT_MS), dice.below(TWICE_ONE_OF) === 0 ? 2 : 1];
    await sleep(delay);
    for (let time = 0; time < times; time++) {
      const Output = JSON.stringify({ answer: answerTo(n) });
      const { Code, Message } = await api.call("ReportTaskSucceeded", { TaskToken: token, Output });
      // Completed already: by the first report, or because its attempt was given up for lost and another one asks.
      if (Code !== undefined && Code !== "TaskAlreadyCompleted")
        violations.push(`a report was refused: ${Code}: ${Message}`);
      reports.count++;
    }
  }

  function begin(token: string, n: number): void {
    const reporting = report(token, n)
      .catch((error) => void violations.push(`a report failed: ${String(error)}`))
      .finally(() => underWay.delete(reporting));
    underWay.add(reporting);
  }

  const looking = setInterval(() => {
    for (const note of log.read()) {
      if (note.kind !== "token" || asked.has(note.token)) continue;
      asked.add(note.token);
      begin(note.token, note.n);
    }
  }, LOOK_MS);

  async function receive(): Promise<void> {
    const request = { QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
    while (!closed) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
      for (const { Body = "", ReceiptHandle } of Messages) {
        const { token, n } = JSON.parse(Body) as { readonly token: string; readonly n: number };
        // Whoever gets a message twice reports twice.
        begin(token, n);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      }
    }
  }
  const receiving = receive();

  return {
    reports,
    violations,
    async close() {
      closed = true;
      clearInterval(looking);
      await receiving;
      await Promise.all(underWay);
    },
  };
}
