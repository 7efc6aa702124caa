/** The runtime's public surface. */
export { resume, revive } from "./dead-letters.ts";
export { deployFlow, parseDefinition, requireFlow } from "./definitions.ts";
export { expressHistory, startSyncExecution } from "./express.ts";
export { handle } from "./handle.ts";
export { type DerivedEvent, derivedHistory, type ExecutionEvent, executionEvent, history } from "./history.ts";
export type { Ports } from "./ports/index.ts";
export { heartbeat, reportResult, reportTask } from "./report.ts";
export { createRuntime, type Runtime, type Settings } from "./runtime.ts";
export { startExecution } from "./start.ts";
export { stopExecution } from "./stop.ts";
export { sweep } from "./sweep.ts";
export { type TaskStatus, taskStatus } from "./task-status.ts";
export type { Trace, TraceKind } from "./trace.ts";
export { settle, work } from "./worker.ts";
