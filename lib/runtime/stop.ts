/**
 * Ending an execution from outside (architecture §6): an `ended` message goes first, then the header, then the report to the
 * parent's token. The message's handler does all of it again, so whoever dies in between, the end is whole.
 */
import { StepwellError } from "../fdl/errors.ts";
import { endNow } from "./close.ts";
import { requireFlow } from "./definitions.ts";
import type { Address, EndedMessage } from "./message.ts";
import type { End, Header } from "./ports/journal.ts";
import { reportEnd } from "./report.ts";
import type { Runtime } from "./runtime.ts";
import { holdBack, send } from "./send.ts";
import { stopChildren } from "./stop-children.ts";

export interface StopRequest {
  readonly flow: string;
  readonly name: string;
  readonly error?: string;
  readonly cause?: string;
}

/**
 * Stops a running execution and returns its header. Throws StepwellError `FlowNotExists`, `ExecutionNotExists`,
 * `ExecutionAlreadyCompleted`.
 */
export async function stopExecution(runtime: Runtime, request: StopRequest): Promise<Header> {
  const { journal } = runtime.ports;
  const { flowId } = await requireFlow(journal, request.flow);
  const header = await journal.readHeader({ flowId, name: request.name });
  if (!header)
    throw new StepwellError("ExecutionNotExists", `Execution ${request.name} for flow ${request.flow} does not exist.`);
  const completed = new StepwellError(
    "ExecutionAlreadyCompleted",
    `Execution ${request.name} for flow ${request.flow} has already completed.`,
  );
  if (header.status !== "Running") throw completed;
  const { ended, ours } = await endFromOutside(runtime, header, {
    status: "Stopped",
    ...(request.error === undefined ? {} : { error: request.error }),
    ...(request.cause === undefined ? {} : { cause: request.cause }),
  });
  if (!ours) throw completed;
  return ended;
}

/** Ends an execution that was seen running; `ours` is false when it ended by itself in between. */
export async function endFromOutside(
  runtime: Runtime,
  header: Header,
  end: Omit<End, "endedAt">,
): Promise<{ ended: Header; ours: boolean }> {
  const { ref, startId, flow, revision, keyId } = header;
  const { journal, clock } = runtime.ports;
  await send(runtime, { kind: "ended", ref, startId, flow, revision, keyId, end });
  const ended = await journal.endHeader(ref, startId, { ...end, endedAt: endNow(clock, header) });
  if (ended?.startId !== startId)
    throw new StepwellError("ExecutionNotExists", `Execution ${ref.name} for flow ${flow} does not exist.`);
  await reportEnd(runtime, ended);
  return { ended, ours: ended.status === end.status && ended.error === end.error && ended.cause === end.cause };
}

/** Handles an `ended` message: updates the header if it is still running, reports its outcome, stops the `sync` children. */
export async function finishEnd(runtime: Runtime, message: EndedMessage): Promise<void> {
  const { journal, clock } = runtime.ports;
  const { ref, startId, end } = message;
  const header = await journal.readHeader(ref);
  if (header?.startId !== startId) return;
  const now = clock.now();
  // A clock behind the one that armed the time-out.
  if (end.status === "TimedOut" && header.status === "Running" && now < header.deadline)
    return holdBack(runtime, message, header.deadline);
  const ended =
    header.status === "Running"
      ? await journal.endHeader(ref, startId, { ...end, endedAt: endNow(clock, header) })
      : header;
  if (ended?.startId !== startId) return;
  await reportEnd(runtime, ended);
  await stopChildren(runtime, addressOf(message));
}

/** The address alone, of a message or a header. */
export function addressOf({ ref, startId, flow, revision, keyId }: Address): Address {
  return { ref, startId, flow, revision, keyId };
}
