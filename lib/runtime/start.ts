/** Starting executions (architecture §6): the message and the input first, then the header. */

import type { Call } from "../engine/index.ts";
import { CORE_VERSION } from "../engine/index.ts";
import { StepwellError } from "../fdl/errors.ts";
import type { JsonObject } from "../fdl/json.ts";
import { isFlowName } from "../fdl/name.ts";
import { ROOT } from "./branch.ts";
import { requireFlow } from "./definitions.ts";
import type { Message } from "./message.ts";
import { type Pins, resolvePins } from "./pins.ts";
import type { CallResult } from "./ports/functions.ts";
import type { ChildRef, FlowItem, Header } from "./ports/journal.ts";
import { reportEnd } from "./report.ts";
import type { Runtime } from "./runtime.ts";
import { send } from "./send.ts";
import { packEvent, rootState, type Strand } from "./strand.ts";
import { type Attempt, attemptId, mintToken } from "./token.ts";

export interface StartRequest {
  readonly flow: string;
  /** Absent: a generated one. */
  readonly name?: string;
  readonly input?: JsonObject;
  /** Task token to report to when the execution ends (CallbackFnFTaskToken). */
  readonly parentToken?: string;
}

/**
 * Starts an execution of a Standard flow and returns its header. The name in use by a running execution: that one is
 * returned and nothing starts. Throws StepwellError `FlowNotExists`, `InvalidArgument`, `ExecutionAlreadyExists`,
 * `ActionNotSupported` (Express).
 */
export async function startExecution(runtime: Runtime, request: StartRequest): Promise<Header> {
  const { ids } = runtime.ports;
  const { header, ours } = await begin(runtime, request, { startId: ids.next(), name: request.name ?? ids.next() });
  if (ours || header.status === "Running") return header;
  throw alreadyExists(header.ref.name, request.flow);
}

/** Starts the sub-flow of a task attempt. The start id comes from the attempt, so a redone call finds its own child (architecture §4). */
export async function startChild(
  inner: Runtime,
  call: Extract<Call, { kind: "flow" }>,
  attempt: Attempt,
  sync: boolean,
): Promise<CallResult> {
  const runtime = inner.outer ?? inner;
  const name = childName(runtime, call, attempt);
  const startId = runtime.ports.keys.hash(`child:${attemptId(attempt)}`).slice(0, 32);
  const request: StartRequest = { flow: call.flow, name, input: call.input };
  try {
    const token = sync ? { parentToken: mintToken(runtime.ports.keys, attempt), stopWithParent: true } : {};
    const { header, ours } = await begin(runtime, { ...request, ...token }, { startId, name });
    if (!ours && (sync || header.status !== "Running")) throw alreadyExists(name, call.flow);
    if (ours && header.status !== "Running") await reportEnd(runtime, header); // ended before this redo: it may not have been told
    return {
      kind: "succeeded",
      output: {
        FlowName: call.flow,
        Name: name,
        Status: "Running",
        StartedTime: new Date(header.startedAt).toISOString(),
      },
    };
  } catch (error) {
    if (!(error instanceof StepwellError)) throw error;
    return { kind: "failed", error: `${call.action ? "fnf" : "FnF"}.${error.code}`, cause: error.message };
  }
}

/** The name of an attempt's child: as given, or one made from the attempt, the same whenever it is asked for. */
export function childName(
  { ports: { keys } }: Runtime,
  call: { readonly executionName?: string },
  attempt: Attempt,
): ChildRef["name"] {
  if (call.executionName !== undefined) return call.executionName;
  const hash = keys.hash(`name:${attemptId(attempt)}`);
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join("-");
}

/** The header that a start message carries, put where there is none yet: its sender may have died in between. */
export async function adoptHeader(runtime: Runtime, message: Message, strand: Strand): Promise<Header | undefined> {
  if (message.kind !== "advance" || message.header === undefined || strand.seq !== 0 || strand.branch !== ROOT)
    return undefined;
  // The execution may have run, ended and been forgotten (architecture §6).
  if (runtime.ports.clock.now() - message.sentAt > runtime.settings.retentionMs) return undefined;
  if (strand.event.kind === "started") await putInput(runtime, message.header, strand.event.input);
  return (await runtime.ports.journal.putHeader(message.header)) ?? message.header;
}

interface Identity {
  readonly startId: string;
  readonly name: string;
}

async function begin(
  runtime: Runtime,
  request: StartRequest & { stopWithParent?: boolean },
  { startId, name }: Identity,
): Promise<{ header: Header; ours: boolean }> {
  const { journal } = runtime.ports;
  const flow = await requireFlow(journal, request.flow);
  if (flow.mode === "Express")
    throw new StepwellError("ActionNotSupported", `Flow ${flow.name} is Express: start it with StartSyncExecution.`);
  if (request.name !== undefined && !isFlowName(name) && !isGenerated(name)) {
    throw invalidName(name);
  }
  const existing = await journal.readHeader({ flowId: flow.flowId, name });
  if (existing) return { header: existing, ours: existing.startId === startId };
  const header = await launch(runtime, flow, { ...request, input: request.input ?? {}, name, startId });
  return { header, ours: header.startId === startId };
}

/** Sends the start message and writes the input, then puts the header, so that a header is never without either; returns the header that has the name: this one, or one that was faster. */
export async function launch(
  runtime: Runtime,
  flow: FlowItem,
  request: Identity & { readonly input: JsonObject; readonly parentToken?: string; readonly stopWithParent?: boolean },
): Promise<Header> {
  const header = await newHeader(runtime, flow, request, request, runtime.ports.clock.now());
  await Promise.all([sendStart(runtime, header, request.input), putInput(runtime, header, request.input)]);
  return (await runtime.ports.journal.putHeader(header)) ?? header;
}

/** Sends the message of entry 0, which carries the header and the input. */
export async function sendStart(runtime: Runtime, header: Header, input: JsonObject): Promise<void> {
  const { ref, startId, flow, revision, keyId } = header;
  const [state, event] = [
    await runtime.claims.pack(rootState(header)),
    await packEvent(runtime, { kind: "started", at: header.startedAt, input, ...(await pinsOf(runtime, header)) }),
  ];
  await send(runtime, {
    kind: "advance",
    ref,
    startId,
    flow,
    revision,
    keyId,
    branch: ROOT,
    seq: 0,
    state,
    event,
    header,
  });
}

/** Recorded with the start: whatever rebuilds the state from the journal has them too. */
async function pinsOf(runtime: Runtime, { ref, revision }: Header): Promise<{ readonly pins?: Pins }> {
  const definition = await runtime.definitions.load(ref.flowId, revision);
  return definition.pinAliases ? { pins: await resolvePins(runtime, definition) } : {};
}

async function newHeader(
  runtime: Runtime,
  flow: FlowItem,
  request: { readonly parentToken?: string; readonly stopWithParent?: boolean },
  { startId, name }: Identity,
  now: number,
): Promise<Header> {
  const definition = await runtime.definitions.load(flow.flowId, flow.revision);
  const limit =
    definition.timeoutSeconds === undefined ? runtime.settings.maxExecutionMs : definition.timeoutSeconds * 1000;
  return {
    ref: { flowId: flow.flowId, name },
    startId,
    flow: flow.name,
    revision: flow.revision,
    core: CORE_VERSION,
    keyId: runtime.ports.keys.current,
    status: "Running",
    startedAt: now,
    deadline: now + Math.min(limit, runtime.settings.maxExecutionMs),
    ...(request.parentToken === undefined ? {} : { parentToken: request.parentToken }),
    ...(request.stopWithParent ? { stopWithParent: true } : {}),
  };
}

async function putInput(runtime: Runtime, { ref, startId }: Header, input: JsonObject): Promise<void> {
  await runtime.ports.journal.putInput(ref, startId, await runtime.claims.pack(input));
}

/** Generated names are UUIDs, which may begin with a digit. */
function isGenerated(name: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);
}

function alreadyExists(name: string, flow: string): StepwellError {
  return new StepwellError("ExecutionAlreadyExists", `Execution ${name} for flow ${flow} already exists.`);
}

/** The refusal of an execution name (fdl.md §1.3). */
export function invalidName(name: string): StepwellError {
  return new StepwellError(
    "InvalidArgument",
    `"${name}" is no execution name: 1 to 128 letters, digits, "_" and "-", not beginning with a digit or "-".`,
  );
}
