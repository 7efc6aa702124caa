/** The history that is derived from the journal: gapless, causes before effects, ended as the header says, the same each time. */
import { type ExecutionEvent, history, type Runtime } from "../../../lib/runtime/index.ts";
import type { Header } from "../../../lib/runtime/ports/journal.ts";
import { type Execution, nameOf, type Violation } from "./records.ts";

export async function* checkHistory(runtime: Runtime, { header }: Execution): AsyncGenerator<Violation> {
  for (const text of await faults(runtime, header)) {
    yield { execution: nameOf(header), branch: "", text: `its history: ${text}` };
  }
}

async function faults(runtime: Runtime, header: Header): Promise<readonly string[]> {
  try {
    const events = await derive(runtime, header);
    const again = await derive(runtime, header);
    const same = JSON.stringify(events) === JSON.stringify(again);
    return [...orderFaults(events), ...endFaults(header, events), ...(same ? [] : ["it is another each time"])];
  } catch (error) {
    return [`it cannot be derived: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function derive(runtime: Runtime, header: Header): Promise<readonly ExecutionEvent[]> {
  const events: ExecutionEvent[] = [];
  for await (const event of history(runtime, header)) events.push(event);
  return events;
}

function* orderFaults(events: readonly ExecutionEvent[]): Generator<string> {
  for (const [index, { EventId, ScheduleEventId, Type, Time }] of events.entries()) {
    if (EventId !== index + 1) yield `event ${index + 1} has id ${EventId}`;
    const cause = events[ScheduleEventId - 1];
    if (ScheduleEventId >= EventId || (cause === undefined) !== (index === 0)) {
      yield `event ${EventId} (${Type}) is caused by ${ScheduleEventId}`;
    }
    if (cause !== undefined && cause.Time > Time) yield `event ${EventId} (${Type}) is earlier than its cause`;
  }
}

function* endFaults({ status, endedAt = 0 }: Header, events: readonly ExecutionEvent[]): Generator<string> {
  if (events[0]?.Type !== "ExecutionStarted") yield `it begins with ${events[0]?.Type}`;
  const end = events.find(({ Type }) => /^Execution(?!Started)/.test(Type));
  if (status === "Running") {
    if (end !== undefined) yield `it has ${end.Type}, but the execution is running`;
    return;
  }
  if (end?.Type !== `Execution${status}` || end !== events.at(-1))
    yield `it ends with ${events.at(-1)?.Type}, but the execution is ${status}`;
  if (end !== undefined && Date.parse(end.Time) !== endedAt)
    yield `it ends at ${end.Time}, but the execution at ${endedAt}`;
}
