/**
 * Callers of the API: each operation runs in a process of its own, which crashes like any other. Whoever asked then simply
 * asks again, as a user would.
 */

import type { Verdict } from "../engine/index.ts";
import { StepwellError } from "../fdl/errors.ts";
import { heartbeat, type Runtime, reportTask, revive, startExecution, stopExecution, sweep } from "../runtime/index.ts";
import type { StartRequest } from "../runtime/start.ts";
import type { StopRequest } from "../runtime/stop.ts";
import { readToken } from "../runtime/token.ts";
import { PortFailure } from "./faults.ts";
import { simulatedProcess } from "./process.ts";
import { keyText, newCaller } from "./witness.ts";
import type { World } from "./world.ts";

export interface Report {
  readonly token: string;
  readonly verdict: Verdict;
  /** The operation said that this report is the task's outcome. */
  readonly accepted: boolean;
  /** It was asked more than once: an answer may have been lost. */
  readonly repeated: boolean;
}

export interface Callers {
  /** Starts an execution, again and again until the answer is there. */
  start(request: StartRequest): Promise<Answer>;
  stop(request: StopRequest): Promise<Answer>;
  report(token: string, verdict: Verdict): Promise<Answer>;
  heartbeat(token: string): Promise<Answer>;
  /** One round of the sweeper over all running executions; what it sent, by rule. */
  sweep(): Promise<Readonly<Record<string, number>>>;
  /** What the consumer of dead letters does with one. */
  revive(body: string): Promise<Answer>;
  readonly reports: readonly Report[];
}

/** "ok", or the code of the error that the operation answered with; `repeated`: it was asked more than once. */
export interface Answer {
  readonly code: string;
  readonly repeated: boolean;
}

export function callersOf(world: World): Callers {
  const reports: Report[] = [];
  let asked = 0;

  /** Runs an operation in a process; undefined when that died or a port failed. */
  async function once<T>(
    name: string,
    operation: (runtime: Runtime) => Promise<T>,
  ): Promise<{ readonly value: T } | undefined> {
    const process = simulatedProcess(`${name}-${++asked}`, world.clock, undefined, world.skewOf(asked));
    const runtime = world.runtimeFor(process, newCaller(process.name, process.clock));
    const finished = operation(runtime).then(
      (value) => ({ value }),
      (error: unknown) => {
        if (error instanceof PortFailure) return undefined;
        throw error;
      },
    );
    return Promise.race([finished, process.death.then(() => undefined)]);
  }

  async function ask(name: string, operation: (runtime: Runtime) => Promise<unknown>): Promise<Answer> {
    for (let repeated = false; ; repeated = true) {
      try {
        const done = await once(name, operation);
        if (done !== undefined) return { code: "ok", repeated };
      } catch (error) {
        if (error instanceof StepwellError) return { code: error.code, repeated };
        world.witness.accuse({ name }, `threw ${error instanceof Error ? error.stack : error}`);
        return { code: "error", repeated };
      }
    }
  }

  return {
    start: (request) => world.busy(ask("start", (runtime) => startExecution(runtime, request))),
    stop: (request) => world.busy(ask("stop", (runtime) => stopExecution(runtime, request))),
    async report(token, verdict) {
      const answer = await world.busy(ask("report", (runtime) => reportTask(runtime, token, verdict)));
      reports.push({ token, verdict, accepted: answer.code === "ok", repeated: answer.repeated });
      return answer;
    },
    async heartbeat(token) {
      const answer = await world.busy(ask("heartbeat", (runtime) => heartbeat(runtime, token)));
      if (answer.code === "ok" && !world.witness.moved.has(keyText(readToken(world.observer.ports.keys, token))))
        world.witness.accuse({ name: "heartbeat" }, "was acknowledged, and moved no time-out");
      return answer;
    },
    async sweep() {
      const swept = await world.busy(once("sweeper", (runtime) => sweep(runtime)));
      return swept?.value.sent ?? {};
    },
    revive: (body) => world.busy(ask("reviver", (runtime) => revive(runtime, body))),
    reports,
  };
}
