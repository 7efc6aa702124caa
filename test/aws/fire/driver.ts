/** The one who starts executions, stops some, waits for their ends, and compares what comes of them with what must. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Dice } from "../../../lib/sim/dice.ts";
import { difference } from "../../chaos/client.ts";
import type { Work } from "../../chaos/work.ts";
import type { ApiClient } from "./api-client.ts";
import { inLanes } from "./in-lanes.ts";

export interface Driver {
  readonly violations: readonly string[];
  /** Starts all of it; resolves when all starts were acknowledged. */
  start(works: readonly Work[]): Promise<void>;
  /** Resolves when all that was started has ended and was compared, or the time is up. */
  allEnded(): Promise<void>;
}

/** Each request under way has a process of its own. */
const LANES = 8;
/** An execution that is to be stopped is stopped up to this long after its start, ms. */
const STOP_MS = 1_500;

/** `until` (ms): what has not ended by then does not end. */
export function driver(api: ApiClient, dice: Dice, until: number): Driver {
  const violations: string[] = [];
  const started: Work[] = [];
  const stopping: Promise<void>[] = [];

  async function start(work: Work): Promise<void> {
    const { flow: FlowName, name: ExecutionName, input } = work;
    const { Code, Message } = await api.call("StartExecution", {
      FlowName,
      ExecutionName,
      Input: JSON.stringify(input),
    });
    // It was started and has ended, and the answer was lost.
    if (Code !== undefined && Code !== "ExecutionAlreadyExists")
      violations.push(`${FlowName}/${ExecutionName} was not started: ${Code}: ${Message}`);
    else started.push(work);
    if (work.status === "Stopped") stopping.push(stop(work, dice.below(STOP_MS)));
  }

  async function stop({ flow: FlowName, name: ExecutionName }: Work, delayMs: number): Promise<void> {
    await sleep(delayMs);
    const { Code, Message } = await api.call("StopExecution", { FlowName, ExecutionName });
    if (Code !== undefined && Code !== "ExecutionAlreadyCompleted")
      violations.push(`${FlowName}/${ExecutionName} was not stopped: ${Code}: ${Message}`);
  }

  async function compare(work: Work): Promise<void> {
    const { flow: FlowName, name: ExecutionName } = work;
    for (;;) {
      const answer = await api.call("DescribeExecution", { FlowName, ExecutionName, WaitTimeSeconds: "10" });
      if (answer.Status === "Running" && Date.now() < until) continue;
      const wrong = difference(work, answer);
      if (wrong !== undefined) violations.push(`${FlowName}/${ExecutionName} ${wrong}`);
      return;
    }
  }

  /** What one rejects with is a violation. */
  function each(works: readonly Work[], act: (work: Work) => Promise<void>): Promise<void> {
    return inLanes(works, LANES, (work) =>
      act(work).catch((error) => void violations.push(`${work.flow}/${work.name}: ${String(error)}`)),
    );
  }

  return {
    violations,
    start: (works) => each(works, start),
    async allEnded() {
      await Promise.all(stopping).catch((error) => void violations.push(`a stop failed: ${String(error)}`));
      await each(started, compare);
    },
  };
}
