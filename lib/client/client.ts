/** The client: connections, and the calls bound to them. */
import { setMaxListeners } from "node:events";
import type { Caller, CallOptions } from "./call.ts";
import { clientError } from "./errors.ts";
import * as executions from "./executions.ts";
import * as flows from "./flows.ts";
import { type ClientOptions, readEndpoint, readKey, readRetries, readTimeout } from "./options.ts";
import * as reports from "./reports.ts";
import { systemTime, type Time } from "./time.ts";
import { httpTransport } from "./transport.ts";
import type * as types from "./types.ts";
import { type WaitOptions, waitForExecution } from "./wait.ts";

/**
 * A client of the API at an endpoint. Connections are kept between calls; an idle client keeps no process alive. Throws
 * StepwellApiError `InvalidArgument` for options that cannot be.
 *
 * @example
 * const client = stepwellClient({ endpoint: "http://127.0.0.1:8787" });
 * const { flow, name } = await client.startExecution({ flow: "order", input: { id: 17 } });
 * const { status, output } = await client.waitForExecution({ flow, name });
 */
export function stepwellClient(options: ClientOptions): StepwellClient {
  return new StepwellClient(options, systemTime);
}

/** Made by `stepwellClient`. All calls reject with StepwellApiError, or with the reason of a signal that aborts. */
export class StepwellClient {
  readonly #closing = new AbortController();
  readonly #caller: Caller;

  constructor(options: ClientOptions, time: Time) {
    const endpoint = readEndpoint(options);
    // Each call under way listens.
    setMaxListeners(0, this.#closing.signal);
    this.#caller = {
      endpoint: endpoint.origin,
      key: readKey(options),
      transport: httpTransport(endpoint, time),
      time,
      timeoutMs: readTimeout(options),
      retries: readRetries(options),
      closing: this.#closing.signal,
    };
  }

  /**
   * Starts an execution; while the name's execution runs, that one is returned. Safe to repeat, so it is: a start whose
   * answer was lost may be answered `ExecutionAlreadyExists` with `maybeDone` when it ended meanwhile. Without a name
   * the client invents one, and returns even then what it started.
   */
  startExecution(request: types.StartExecutionRequest, options?: CallOptions): Promise<types.Execution> {
    return executions.startExecution(this.#caller, request, options);
  }

  /** Runs an Express flow to its end. Repeated only when it surely has not run. */
  startSyncExecution(request: types.StartRequest, options?: CallOptions): Promise<types.SyncExecution> {
    return executions.startSyncExecution(this.#caller, request, options);
  }

  /** An execution as it is now. */
  describeExecution(id: types.ExecutionId, options?: CallOptions): Promise<types.Execution> {
    return executions.describeExecution(this.#caller, id, options);
  }

  /** An execution once it has ended, whichever way: look at its status. Rejects with `WaitTimedOut` after `timeoutMs`. */
  waitForExecution(id: types.ExecutionId, options?: WaitOptions): Promise<types.Execution> {
    return waitForExecution(this.#caller, id, options);
  }

  /** Stops a running execution. Repeated: what is found stopped after an answer was lost is returned. */
  stopExecution(request: types.StopExecutionRequest, options?: CallOptions): Promise<types.Execution> {
    return executions.stopExecution(this.#caller, request, options);
  }

  /** The executions of a flow, newest first. */
  listExecutions(request: types.ListExecutionsRequest, options?: CallOptions) {
    return executions.listExecutions(this.#caller, request, options);
  }

  /** What happened in an execution so far, in order. */
  history(request: types.HistoryRequest, options?: CallOptions) {
    return executions.history(this.#caller, request, options);
  }

  /**
   * Ends a task with an output, any JSON value; returns the id of the event. Repeated: when the answer was lost,
   * `TaskAlreadyCompleted` with `maybeDone` most likely means one's own first report. So for all reports.
   */
  reportTaskSucceeded(token: string, output: unknown, options?: CallOptions): Promise<number> {
    return reports.reportTaskSucceeded(this.#caller, token, output, options);
  }

  /** Ends a task with an error (1 to 128 characters) and perhaps a cause (to 4,096); returns the id of the event. */
  reportTaskFailed(token: string, failure: types.TaskFailure, options?: CallOptions): Promise<number> {
    return reports.reportTaskFailed(this.#caller, token, failure, options);
  }

  /** Says that a task is alive, which moves its time-out. */
  reportTaskHeartbeat(token: string, options?: CallOptions): Promise<void> {
    return reports.reportTaskHeartbeat(this.#caller, token, options);
  }

  /** Creates a flow. Repeated: what is found as it was to be after an answer was lost is returned. */
  createFlow(request: types.CreateFlowRequest, options?: CallOptions): Promise<types.Flow> {
    return flows.createFlow(this.#caller, request, options);
  }

  /** Gives a flow another definition; executions that run keep theirs. */
  updateFlow(request: types.UpdateFlowRequest, options?: CallOptions): Promise<types.Flow> {
    return flows.updateFlow(this.#caller, request, options);
  }

  /** A flow by its name. */
  describeFlow(name: string, options?: CallOptions): Promise<types.Flow> {
    return flows.describeFlow(this.#caller, name, options);
  }

  /** Deletes a flow; its executions can be seen no more. Repeated: what is found gone after an answer was lost is deleted. */
  deleteFlow(name: string, options?: CallOptions): Promise<void> {
    return flows.deleteFlow(this.#caller, name, options);
  }

  /** All flows, by name. */
  listFlows(request?: types.ListFlowsRequest, options?: CallOptions) {
    return flows.listFlows(this.#caller, request, options);
  }

  /** Ends all connections; calls under way reject with `ClientClosed`, and so do later ones. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(clientError("ClientClosed", "The client was closed."));
    this.#caller.transport.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
