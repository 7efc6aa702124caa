/** Says once of each execution that it has ended. */
import type { ExecutionRef, Header } from "../../runtime/ports/journal.ts";

export interface Endings {
  /** The execution is there, or was: asked for with each of its transitions. */
  follow(ref: ExecutionRef, startId: string): void;
  close(): void;
}

/** Branches that were cut off have transitions after the end: so many executions are remembered as ended. */
const REMEMBERED = 10_000;

export function endings(
  ended: (ref: ExecutionRef, startId: string) => Promise<Header>,
  say: (header: Header) => void,
): Endings {
  const known = new Set<string>();
  const over: string[] = [];
  // No signal: thousands that wait on one make each new one slow. What still waits goes with the process.
  let closed = false;
  return {
    follow(ref, startId) {
      if (known.has(startId) || closed) return;
      known.add(startId);
      ended(ref, startId).then(
        (header) => {
          if (closed) return;
          say(header);
          over.push(startId);
          if (over.length > REMEMBERED) for (const id of over.splice(0, REMEMBERED / 2)) known.delete(id);
        },
        // Closed, or the store has failed, which is told of elsewhere.
        () => {},
      );
    },
    close() {
      closed = true;
    },
  };
}
