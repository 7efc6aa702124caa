/** The functions of the example flows without their clocks, random ids and process exits: a function that died is an error by that name. */
import { isObject, type JsonObject, own } from "../../lib/fdl/json.ts";
import type { AttemptContext } from "../../lib/runtime/ports/functions.ts";
import { tokenIn } from "../../lib/sim/watch-calls.ts";
import type { Scripts, World } from "../../lib/sim/world.ts";
import { TaskError } from "./task-error.ts";

const QUICK_MS = 100;
const LATER_MS = 20_000;
/** The job is done when it is asked for the third time. */
const ASKED = 3;

export function exampleFunctions({ clock, callers, busy }: World): Scripts {
  return {
    "fnf-demo/StartJob": () => ({ job_id: "job" }),
    "fnf-demo/GetJobStatus": (event: JsonObject) => {
      const count = numberIn(event, "try_count") + 1;
      return { job_id: "job", job_status: count < ASKED ? "running" : "success", try_count: count };
    },
    async "fnf-demo/Operation"(event: JsonObject) {
      await clock.sleep(QUICK_MS);
      const operation = own(event, "operation");
      const name = typeof operation === "string" ? operation : "operation";
      const result = own(event, name);
      if (result === false || result === "fail") throw new TaskError("FC.Unknown", `${name} died`);
      return JSON.stringify({ [name]: "success", [`${name}_txnID`]: `${name}-1` });
    },
    "fnf-demo/hello": (event: JsonObject, { retryCount }: AttemptContext) => {
      if (retryCount < numberIn(event, "failures")) throw new TaskError("ErrorNeedsRetry", "custom error message");
      return { message: "hello" };
    },
    "fnf-demo/simulate": (event: JsonObject, { retryCount }: AttemptContext) => {
      if (retryCount < numberIn(event, "failures")) throw new TaskError(String(own(event, "error")), "simulated");
      return { message: "hello" };
    },
    "fnf-demo/echo": (event: JsonObject) => {
      const token = tokenIn(event);
      if (token !== undefined) void busy(later(token));
      return event;
    },
    "fnf-demo.online/provision": () => ({ success: true }),
    "service-CD946B9A9F36/hello": (event: JsonObject) => {
      const payload = own(event, "payload");
      const name = isObject(payload) ? own(payload, "name") : "world";
      return { message: `Hello ${name}, it is ${own(event, "triggerTime")}.` };
    },
  };

  async function later(token: string): Promise<void> {
    await clock.sleep(LATER_MS);
    await callers.report(token, { kind: "succeeded", output: { status: "ok" } });
  }
}

function numberIn(event: JsonObject, key: string): number {
  const value = own(event, key);
  return typeof value === "number" ? value : 0;
}
