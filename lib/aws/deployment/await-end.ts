/** Waiting for an execution's end in a process that did not end it: its header is read now and then, at first often. */
import { StepwellError } from "../../fdl/errors.ts";
import type { Ports } from "../../runtime/index.ts";
import type { ExecutionRef, Header } from "../../runtime/ports/journal.ts";

/** Pauses between reads, ms: each is half as long again as the one before. A read costs a tenth of a millionth of a dollar. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** Resolves with its header when the execution with that start id runs no more. Rejects with the signal's reason, or with `ExecutionNotExists`. */
export async function awaitEnd(
  { journal, clock }: Pick<Ports, "journal" | "clock">,
  ref: ExecutionRef,
  startId: string,
  signal: AbortSignal,
): Promise<Header> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    const header = await journal.readHeader(ref);
    if (header?.startId !== startId) {
      throw new StepwellError("ExecutionNotExists", `Execution ${ref.name} does not exist.`);
    }
    if (header.status !== "Running") return header;
    await clock.sleep(pause, signal);
  }
}
