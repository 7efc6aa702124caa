/** Checks stores in a process of its own, since one that was damaged may take its reader with it: a request in, an answer out (checker-process.ts). */
import { type Acknowledged, checkHeld } from "./acknowledged.ts";

process.on("message", async (acknowledged: Acknowledged) => {
  try {
    process.send?.(await checkHeld(acknowledged));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.send?.({ lost: [], unreadable: reason, violations: [] });
  }
});
