/**
 * Function processes end when this one does, also those that are in an endless loop and do not see that their channel
 * is closed. One listener for all: Node warns of a leak when there are more than ten, and a project may have as many
 * pools as functions.
 */

/** What kills them; state of the module because there is one process to end. */
const living = new Set<() => void>();

function killAll(): void {
  for (const kill of living) kill();
}

/** Calls `kill` when this process exits; returns what calls it off. */
export function endWithProcess(kill: () => void): () => void {
  if (living.size === 0) process.on("exit", killAll);
  living.add(kill);
  return () => {
    living.delete(kill);
    if (living.size === 0) process.off("exit", killAll);
  };
}
