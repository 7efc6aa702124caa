/** Acting on one message: the runtime's entry point for every worker, whatever brings it its messages. */
import { branchCount, CoreError, type Event, type State } from "../engine/index.ts";
import { StepwellError } from "../fdl/errors.ts";
import { advance } from "./advance.ts";
import { withCallbacks } from "./callback-urls.ts";
import { endExecution } from "./close.ts";
import { type Address, type AdvanceMessage, decode, type JoinMessage, type Message } from "./message.ts";
import type { Delivery } from "./ports/queue.ts";
import { reportedEvent, type StoredVerdict, settleVerdict, timeOut } from "./report.ts";
import type { Runtime } from "./runtime.ts";
import { holdBack } from "./send.ts";
import { addressOf, finishEnd } from "./stop.ts";
import { gatherOutputs, loadEvent } from "./strand.ts";
import type { Disposition, Work } from "./work.ts";

/** A message that arrives this little before its time is acted on: queues and clocks are no finer. */
const EARLY_MS = 1;

/**
 * Handles a delivery. Rejects when a port fails: the message must then come back. The caller consumes the message on
 * `consume` and leaves it alone on `leave`.
 */
export async function handle(
  runtime: Runtime,
  delivery: Pick<Delivery, "id" | "body" | "extend"> & Partial<Pick<Delivery, "receiveCount">>,
): Promise<Disposition> {
  const message = read(runtime, delivery.body);
  if (message === undefined) return "consume";
  const now = runtime.ports.clock.now();
  if (message.notBefore !== undefined && message.notBefore > now + EARLY_MS) {
    await holdBack(runtime, message, message.notBefore);
    return "consume";
  }
  const work: Work = { message, owner: delivery.id, since: now, extend: (seconds) => delivery.extend(seconds) };
  if (delivery.receiveCount !== undefined && delivery.receiveCount > 1) tell(runtime, work, delivery.receiveCount);
  try {
    return await act(runtime, work, message);
  } catch (error) {
    if (message.kind === "probe" || !isPoison(error)) throw error;
    // What the core cannot digest it will never digest: the execution ends, recorded like any end (architecture §3).
    await endExecution(runtime, message, {
      status: "Failed",
      endedAt: now,
      error: "FnF.RuntimeError",
      cause: error.message,
    });
    return "consume";
  }
}

/** Tells that a message of a branch was received again. */
function tell({ settings, ports: { clock } }: Runtime, { message, owner }: Work, receiveCount: number): void {
  if (!("branch" in message)) return;
  const { startId, branch, seq } = message;
  settings.trace?.({ startId, branch, seq, at: clock.now(), delivery: owner, kind: "redelivered", receiveCount });
}

async function act(runtime: Runtime, work: Work, message: Message): Promise<Disposition> {
  switch (message.kind) {
    case "advance":
      return step(runtime, work, message);
    case "wake":
      return wake(runtime, work, addressOf(message), message, await settleVerdict(runtime, message));
    case "due": {
      const outcome = await timeOut(runtime, message);
      if (outcome === undefined) return "consume";
      if ("outcome" in outcome) return wake(runtime, work, addressOf(message), message, outcome);
      await holdBack(runtime, message, outcome.due);
      return "consume";
    }
    case "join":
      return join(runtime, work, message);
    case "ended":
      await finishEnd(runtime, message);
      return "consume";
    case "probe":
      await runtime.ports.journal.putProbe({
        id: message.id,
        sentAt: message.sentAt,
        arrivedAt: runtime.ports.clock.now(),
      });
      return "consume";
    default:
      return message satisfies never;
  }
}

async function step(runtime: Runtime, work: Work, message: AdvanceMessage): Promise<Disposition> {
  const [flow, state, event] = [
    await runtime.definitions.load(message.ref.flowId, message.revision),
    await runtime.claims.unpack<State>(message.state),
    await loadEvent(runtime, message.event, message),
  ];
  return advance(runtime, work, {
    address: addressOf(message),
    flow,
    branch: message.branch,
    seq: message.seq,
    state,
    event: stamp(runtime, withCallbacks(runtime, flow, event)),
  });
}

/**
 * An event happens when it is applied: a message may have waited in a backlog, and what follows (the time-out of the next
 * attempt) counts from now. What is recorded then stands: a redone effect goes by the recorded time.
 */
function stamp<E extends Event>({ ports: { clock } }: Runtime, event: E): E {
  return { ...event, at: Math.max(event.at, clock.now()) };
}

/**
 * Goes on with the stored verdict of the attempt that entry `seq` submitted. Entry seq+1 submitted: this counts as a message
 * of seq+2. Missing: the submitter will read the verdict itself. Anything else: the submit failed, the report is void.
 */
async function wake(
  runtime: Runtime,
  work: Work,
  address: Address,
  { branch, seq }: { readonly branch: string; readonly seq: number },
  given: StoredVerdict,
): Promise<Disposition> {
  const submitted = await runtime.ports.journal.readEntry({ startId: address.startId, branch, seq: seq + 1 });
  if (submitted?.effect !== "awaitVerdict" || submitted.snapshot === undefined) return "consume";
  const [flow, state, event] = [
    await runtime.definitions.load(address.ref.flowId, address.revision),
    await runtime.claims.unpack<State>(submitted.snapshot),
    await reportedEvent(runtime, address, { branch, seq }, given),
  ];
  return advance(runtime, work, {
    address,
    flow,
    branch,
    seq: seq + 2,
    state,
    event: stamp(runtime, event),
  });
}

/** Goes on in the parent with what the join item says: failed, or complete. */
async function join(runtime: Runtime, work: Work, message: JoinMessage): Promise<Disposition> {
  const { journal } = runtime.ports;
  const address = addressOf(message);
  const { branch, seq } = message;
  const fork = await journal.readEntry({ startId: address.startId, branch, seq });
  if (fork?.effect !== "fork" || fork.snapshot === undefined) return "consume";
  const [flow, state, [item]] = [
    await runtime.definitions.load(address.ref.flowId, address.revision),
    await runtime.claims.unpack<State>(fork.snapshot),
    await journal.readJoins([fork]),
  ];
  const strand = { address, flow, branch, seq: seq + 1, state };
  if (item?.failure)
    return advance(runtime, work, { ...strand, event: stamp(runtime, { kind: "branchFailed", ...item.failure }) });
  if (item?.done.size !== branchCount(flow, state)) return "consume";
  const items = await journal.readOutputs(fork);
  const ends = items.flatMap((output) => (output.last ? [{ index: output.index, ...output.last }] : []));
  const last = ends.reduce((a, b) => (b.at > a.at ? b : a));
  const events = ends.reduce((sum, end) => sum + end.events, 0);
  return advance(runtime, work, {
    ...strand,
    event: stamp(runtime, {
      kind: "joined",
      at: last.at,
      outputs: await gatherOutputs(runtime, items),
      events,
      last: last.index,
    }),
  });
}

/** The message of a body; undefined for a text that is none: nothing can be done with it, ever. */
function read({ settings }: Runtime, body: string): Message | undefined {
  try {
    return decode(body);
  } catch (error) {
    if (!(error instanceof StepwellError)) throw error;
    settings.log(`dropped: ${error.message}`);
    return undefined;
  }
}

/** A mismatch of event and state, or a definition that is gone or no longer parses. Everything else is the world's fault and passes. */
function isPoison(error: unknown): error is Error {
  return (
    error instanceof CoreError ||
    error instanceof SyntaxError ||
    (error instanceof StepwellError && error.code === "FlowNotExists")
  );
}
