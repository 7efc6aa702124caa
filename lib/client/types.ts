/**
 * What the client takes and gives: values as a program wants them (data parsed, times as Date), under the API's names in
 * the writing of TypeScript. Inputs and outputs are JSON texts on the wire only because forms cannot carry else.
 */

export type ExecutionStatus = "Starting" | "Running" | "Stopped" | "Succeeded" | "Failed" | "TimedOut";

/** Names an execution. */
export interface ExecutionId {
  readonly flow: string;
  readonly name: string;
}

export interface Execution extends ExecutionId {
  readonly status: ExecutionStatus;
  /** Undefined when only metadata was asked for. */
  readonly input: unknown;
  /** Undefined but for one that succeeded. */
  readonly output: unknown;
  /** Of the revision that it started with, in YAML; "" when only metadata was asked for. */
  readonly definition: string;
  readonly startedAt: Date;
  /** Undefined while it runs. */
  readonly stoppedAt: Date | undefined;
}

/** An Express run that has ended. */
export interface SyncExecution extends ExecutionId {
  readonly status: ExecutionStatus;
  readonly output: unknown;
  /** Undefined when it succeeded. */
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly startedAt: Date;
  readonly stoppedAt: Date | undefined;
}

export type ExecutionMode = "Standard" | "Express";

export interface Flow {
  readonly id: string;
  readonly name: string;
  /** In YAML. */
  readonly definition: string;
  readonly mode: ExecutionMode;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

/** An event of an execution's history (api.md §3.3). */
export interface HistoryEvent {
  /** From 1, one more each. */
  readonly id: number;
  /** Of the event that gave rise to this one; 0 for the first. */
  readonly scheduledBy: number;
  readonly type: string;
  /** "" for events of the execution itself. */
  readonly step: string;
  readonly at: Date;
  readonly detail: unknown;
}

export interface StartRequest {
  readonly flow: string;
  /** Invented when absent. */
  readonly name?: string | undefined;
  /** An object; absent: `{}`. */
  readonly input?: object | undefined;
}

export interface StartExecutionRequest extends StartRequest {
  /** The task that is told the result when the execution ends (api.md §3.2). */
  readonly callbackTaskToken?: string | undefined;
}

export interface StopExecutionRequest extends ExecutionId {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export interface ListExecutionsRequest {
  readonly flow: string;
  readonly status?: ExecutionStatus | undefined;
  readonly namePrefix?: string | undefined;
  /** Both ends are in it. */
  readonly startedFrom?: Date | undefined;
  readonly startedTo?: Date | undefined;
  /** Leaves out inputs, outputs and definitions, which is much quicker. */
  readonly metadataOnly?: boolean | undefined;
  /** Executions asked for at a time, 1 to 99; 60 when absent. */
  readonly pageSize?: number | undefined;
}

export interface HistoryRequest extends ExecutionId {
  /** Events asked for at a time, 1 to 999; the most when absent. */
  readonly pageSize?: number | undefined;
}

export interface CreateFlowRequest {
  readonly name: string;
  readonly definition: string;
  /** Standard when absent. */
  readonly mode?: ExecutionMode | undefined;
}

export interface UpdateFlowRequest {
  readonly name: string;
  readonly definition: string;
}

export interface ListFlowsRequest {
  /** Flows asked for at a time, 1 to 999; 60 when absent. */
  readonly pageSize?: number | undefined;
}

/** Why a task failed. */
export interface TaskFailure {
  readonly error: string;
  readonly cause?: string | undefined;
}
