/**
 * Express runs (StartSyncExecution, fdl.md §9.1): fused, over an in-memory journal and queue, header and compressed journal written
 * once at the end. A crash loses the run and its caller gets an error, as Express promises.
 */
import type { Flow } from "../fdl/definition.ts";
import { StepwellError } from "../fdl/errors.ts";
import type { Json, JsonObject } from "../fdl/json.ts";
import { isFlowName } from "../fdl/name.ts";
import { stepsWithin } from "../fdl/nested-lists.ts";
import { archive, restore } from "./archive.ts";
import { endExecution } from "./close.ts";
import { TIMED_OUT } from "./deadline.ts";
import { requireFlow } from "./definitions.ts";
import { type ExecutionEvent, history } from "./history.ts";
import type { Header, Journal } from "./ports/journal.ts";
import type { Queue } from "./ports/queue.ts";
import type { Timers } from "./ports/timers.ts";
import { createRuntime, type Runtime } from "./runtime.ts";
import { invalidName, launch } from "./start.ts";
import { addressOf } from "./stop.ts";
import { work } from "./worker.ts";

/** fdl.md §9.1: five minutes. */
const EXPRESS_LIMIT_MS = 300_000;
const CONCURRENCY = 1_000;

/** A world of its own for one run: empty, in memory, on the runtime's clock. */
export interface ExpressWorld {
  readonly journal: Journal;
  readonly queue: Queue;
  readonly timers: Timers;
}

export interface ExpressRequest {
  readonly flow: string;
  /** Need not be unique: `:` and a unique id are appended. Absent: generated. */
  readonly name?: string;
  readonly input?: JsonObject;
}

export interface ExpressResult {
  readonly header: Header;
  /** Present when it succeeded. */
  readonly output?: Json;
}

/**
 * Runs an Express flow to its end. Throws StepwellError `FlowNotExists`, `InvalidArgument`, `ActionNotSupported` (a Standard
 * flow, or one that waits for callbacks).
 */
export async function startSyncExecution(
  runtime: Runtime,
  request: ExpressRequest,
  world: ExpressWorld,
): Promise<ExpressResult> {
  const { ports } = runtime;
  const flow = await requireFlow(ports.journal, request.flow);
  if (flow.mode !== "Express")
    throw new StepwellError(
      "ActionNotSupported",
      `Standard execution is not supported: flow ${flow.name} is Standard.`,
    );
  if (request.name !== undefined && !isFlowName(request.name)) {
    throw invalidName(request.name);
  }
  refuseCallbacks(await runtime.definitions.load(flow.flowId, flow.revision));
  const inner: Runtime = { ...expressRuntime(runtime, world), outer: runtime };
  const name = `${request.name ?? ports.ids.next()}:${ports.ids.next()}`;
  const header = await launch(inner, flow, { name, startId: ports.ids.next(), input: request.input ?? {} });
  const ended = await runToEnd(inner, header);
  const { output } = await inner.ports.journal.readData(ended.ref, ended.startId);
  await ports.journal.putArchive(ended.ref, ended.startId, await archive(inner, addressOf(ended)));
  await ports.journal.putInput(ended.ref, ended.startId, await runtime.claims.pack(request.input ?? {}));
  if (output !== undefined) await ports.journal.putResult(ended.ref, ended.startId, output);
  await ports.journal.putHeader(ended);
  return { header: ended, ...(output === undefined ? {} : { output: await runtime.claims.unpack<Json>(output) }) };
}

/** The history of an Express run, from its archive; `journal` is an empty one to read it into. Throws StepwellError `ExecutionNotExists`. */
export async function* expressHistory(
  runtime: Runtime,
  header: Header,
  journal: Journal,
): AsyncGenerator<ExecutionEvent> {
  const text = await runtime.ports.journal.readArchive(header.ref, header.startId);
  if (text === undefined)
    throw new StepwellError(
      "ExecutionNotExists",
      `Execution ${header.ref.name} for flow ${header.flow} does not exist.`,
    );
  await restore(journal, text);
  yield* history({ ...runtime, ports: { ...runtime.ports, journal } }, header);
}

/** The runtime of one run: its own journal, queue and timers, all else shared with the outer one. */
function expressRuntime(runtime: Runtime, world: ExpressWorld): Runtime {
  const settings = {
    ...runtime.settings,
    mode: "fused",
    fuseBudgetMs: EXPRESS_LIMIT_MS,
    maxExecutionMs: EXPRESS_LIMIT_MS,
    // Nobody can report to what is over when its caller is answered.
    callbacks: () => undefined,
  } as const;
  return {
    ...createRuntime({ ...runtime.ports, ...world }, settings),
    claims: runtime.claims,
    definitions: runtime.definitions,
  };
}

async function runToEnd(inner: Runtime, header: Header): Promise<Header> {
  const { journal, clock } = inner.ports;
  const done = new AbortController();
  const current = async (): Promise<Header> => (await journal.readHeader(header.ref)) ?? header;
  let failure: { readonly error: unknown } | undefined;
  const watched: Runtime = {
    ...inner,
    ports: {
      ...inner.ports,
      journal: {
        ...journal,
        endHeader: async (...args) => {
          const ended = await journal.endHeader(...args);
          done.abort();
          return ended;
        },
      },
    },
  };
  const onError = (error: unknown): void => {
    failure = { error };
    done.abort();
  };
  const timeLeft = new AbortController();
  const limit = clock.sleep(header.deadline - clock.now(), timeLeft.signal).then(async () => {
    if (!timeLeft.signal.aborted) await endExecution(watched, header, { ...TIMED_OUT, endedAt: clock.now() });
  });
  await Promise.race([work(watched, { concurrency: CONCURRENCY, signal: done.signal, onError }), limit]);
  timeLeft.abort();
  const ended = await current();
  if (ended.status === "Running")
    throw failure?.error ?? new StepwellError("InternalServerError", `Execution ${header.ref.name} was lost.`);
  return ended;
}

function refuseCallbacks(flow: Flow): void {
  for (const step of stepsWithin(flow.steps)) {
    if (step.type === "task" && step.pattern !== "requestResponse") {
      throw new StepwellError(
        "ActionNotSupported",
        `Step ${step.name} has pattern ${step.pattern}: an Express flow cannot wait for callbacks.`,
      );
    }
  }
}
