/**
 * The booking service of the demo: that of flows/distributed-transaction, a little slower, so that it can be cut off in the
 * middle, and with a log of every attempt (STEPWELL_DEMO_LOG) that the demo is checked by.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import booking from "../flows/distributed-transaction/functions.ts";

interface Context {
  readonly clientContext: { readonly custom: { readonly attemptId: string } };
}

const WORK_MS = 400;
/** Of the operation that is to be cut off (STEPWELL_DEMO_SLOW): long enough on any machine. */
const SLOW_MS = 30_000;

export default {
  "fnf-demo/Operation": async (event: { readonly operation: string }, { clientContext }: Context) => {
    const { attemptId } = clientContext.custom;
    const log = (what: string) => {
      const line = { operation: event.operation, attemptId, what };
      appendFileSync(process.env.STEPWELL_DEMO_LOG ?? "demo.log", `${JSON.stringify(line)}\n`);
    };
    log("begun");
    console.log(`${event.operation} begins`);
    await sleep(event.operation === process.env.STEPWELL_DEMO_SLOW ? SLOW_MS : WORK_MS);
    const result = booking["fnf-demo/Operation"](event);
    log("finished");
    return result;
  },
};
