/** Where callback tasks get their reports from during a run: answers given on the command line, then lines on stdin. */
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import type { Verdict } from "../../engine/index.ts";
import { StepwellError } from "../../fdl/errors.ts";
import { type Answer, answerBook, parseLine } from "./answers.ts";
import type { WaitingTask } from "./engine.ts";

export interface DeskOptions {
  readonly answers: readonly Answer[];
  /** Absent: stdin was read for something else. */
  readonly stdin?: Readable;
  report(token: string, verdict: Verdict): Promise<void>;
  say(line: string): void;
  /** A person may be typing, or no more. */
  reading(on: boolean): void;
  /** stdin has ended: no more answers will come. */
  onEnd(): void;
}

export interface CallbackDesk {
  /** A callback task was submitted and waits. */
  waits(task: WaitingTask): void;
  /** The task waits no more: reported, or timed out. */
  left(key: string): void;
  /** Steps that wait although no answer is under way and none can come; empty while there is hope. */
  hopeless(): readonly string[];
  close(): void;
}

export function callbackDesk(options: DeskOptions): CallbackDesk {
  const { stdin } = options;
  const answerOf = answerBook(options.answers);
  const waiting: WaitingTask[] = [];
  const lines: string[] = [];
  let reader: Interface | undefined;
  let reporting = 0;
  let over = stdin === undefined;

  async function report(task: WaitingTask, verdict: Verdict): Promise<void> {
    reporting++;
    try {
      await options.report(task.token, verdict);
    } catch (error) {
      if (!(error instanceof StepwellError)) throw error;
      options.say(`the report for "${task.step}" was refused: ${error.message}`);
    } finally {
      reporting--;
    }
  }

  function listen(): void {
    if (stdin === undefined || reader !== undefined) return;
    reader = createInterface({ input: stdin });
    reader.on("line", (line) => {
      if (line.trim() !== "") lines.push(line.trim());
      serve();
    });
    reader.on("close", () => {
      over = true;
      options.reading(false);
      options.onEnd();
    });
  }

  function serve(): void {
    while (waiting.length > 0 && lines.length > 0) take(lines.shift() ?? "");
    options.reading(!over && waiting.length > 0);
  }

  function take(line: string): void {
    let answer: Answer;
    try {
      answer = parseLine(line);
    } catch (error) {
      if (!(error instanceof StepwellError)) throw error;
      options.say(error.message);
      return;
    }
    const at = waiting.findIndex((task) => [undefined, task.step, task.token].includes(answer.step));
    const [task] = at < 0 ? [] : waiting.splice(at, 1);
    if (task !== undefined) void report(task, answer.verdict);
    else
      options.say(
        `no task of step "${answer.step}" waits for a report; waiting: ${waiting.map((one) => one.step).join(", ")}`,
      );
  }

  return {
    waits(task) {
      const verdict = answerOf(task.step);
      if (verdict !== undefined) {
        void report(task, verdict);
        return;
      }
      waiting.push(task);
      options.say(
        `"${task.step}" waits for a report${over ? "" : `: type ${task.step}=JSON, or fail ${task.step}=ERROR:CAUSE`}`,
      );
      options.say(`task token: ${task.token}`);
      listen();
      serve();
    },
    left(key) {
      const at = waiting.findIndex((task) => task.key === key);
      if (at < 0) return;
      waiting.splice(at, 1);
      serve();
    },
    hopeless: () => (over && reporting === 0 ? waiting.map((task) => task.step) : []),
    close() {
      waiting.length = 0;
      reader?.removeAllListeners("close");
      reader?.close();
      if (reader !== undefined) stdin?.destroy();
    },
  };
}
