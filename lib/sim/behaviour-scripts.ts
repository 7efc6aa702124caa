/** The functions of a simulated world, and the clerk behind its queues and topics: behaviours that take time and report. */
import { isObject, type Json, type JsonObject, own } from "../fdl/json.ts";
import type { Sent } from "../memory/destinations.ts";
import { type ScriptedFunction, Throttled } from "../memory/scripted.ts";
import { BEHAVIOUR_NAMES, type Behaviour, behaviour, CLERK_MS, CLERKS_ANSWER, QUICK_MS } from "./behaviours.ts";
import { tokenIn } from "./watch-calls.ts";
import type { Scripts, World } from "./world.ts";

/** Where the aliases of behaviours point. */
export const BEHAVIOUR_ALIASES = { "sim.live/inc": "1" };

/** An error whose text is the same wherever it was thrown. */
class BehaviourError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
    this.stack = `${name}: ${message}`;
  }
}

/** All behaviours as functions of this world: `sim/NAME`, and `inc` also by its alias `sim.live/inc`. */
export function behaviourScripts(world: World): Scripts {
  const scripts: Record<string, ScriptedFunction> = {};
  for (const name of BEHAVIOUR_NAMES) {
    const found = behaviour(name);
    if (found !== undefined) scripts[`sim/${name}`] = script(world, found);
  }
  const inc = scripts["sim/inc"];
  return inc === undefined ? scripts : { ...scripts, "sim.live/inc": inc, "sim.1/inc": inc };
}

function script(world: World, { takesMs, refusals, outcome, reports }: Behaviour): ScriptedFunction {
  const { clock, callers, busy } = world;
  const refused = new Map<string, number>();

  async function say(token: string, report: ReturnType<typeof reports>[number]): Promise<void> {
    if (report.kind === "beats") await callers.heartbeat(token);
    else await callers.report(token, report);
  }

  async function sayLater(token: string, later: ReturnType<typeof reports>): Promise<void> {
    const begun = clock.now();
    for (const report of later) {
      await clock.sleep(begun + report.afterMs - clock.now());
      await say(token, report);
    }
  }

  return async (event, { attemptId, retryCount }) => {
    const payload = isObject(event) ? event : {};
    const before = refused.get(attemptId) ?? 0;
    if (before < refusals) {
      refused.set(attemptId, before + 1);
      throw new Throttled("too many at once");
    }
    const token = own(payload, "token");
    if (typeof token === "string") {
      const all = reports(payload, retryCount);
      void busy(
        sayLater(
          token,
          all.filter(({ afterMs }) => afterMs > 0),
        ),
      );
      for (const report of all.filter(({ afterMs }) => afterMs === 0)) await say(token, report);
    }
    await clock.sleep(takesMs > QUICK_MS ? takesMs : spread(attemptId));
    return result(outcome(payload, retryCount));
  };
}

function result(outcome: ReturnType<Behaviour["outcome"]>): Json | undefined {
  switch (outcome.kind) {
    case "returns":
      return outcome.value;
    case "throws":
      throw new BehaviourError(outcome.error, outcome.message);
    case "dies":
      throw new BehaviourError("FC.Unknown", "its process died");
    case "hangs":
      return {};
    default:
      return outcome satisfies never;
  }
}

/** How long a quick function takes for this attempt: 0 to QUICK_MS, the same each time. */
function spread(attemptId: string): number {
  let hash = 0;
  for (let at = 0; at < attemptId.length; at++) hash = (hash * 31 + attemptId.charCodeAt(at)) >>> 0;
  return hash % (QUICK_MS + 1);
}

/** Somebody who answers each message that holds a task token, CLERK_MS after it was sent: `onSent` of the world. */
export function clerkOf(world: () => World): (sent: Sent) => void {
  async function answerLater({ clock, callers }: World, token: string): Promise<void> {
    await clock.sleep(CLERK_MS);
    await callers.report(token, { kind: "succeeded", output: CLERKS_ANSWER });
  }

  return ({ call }) => {
    const token = tokenIn(orderIn(call.message.body));
    if (token !== undefined) void world().busy(answerLater(world(), token));
  };
}

function orderIn(body: string): JsonObject {
  try {
    const order: Json = JSON.parse(body);
    return isObject(order) ? order : {};
  } catch {
    return {};
  }
}
