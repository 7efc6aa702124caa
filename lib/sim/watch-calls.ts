/** What a witness sees of tasks' calls: who makes them, and whether it may. */
import { isObject, type Json } from "../fdl/json.ts";
import type { Destinations } from "../runtime/ports/destinations.ts";
import type { AttemptContext, CallResult, Functions } from "../runtime/ports/functions.ts";
import { type Caller, mayBegin, type Witness } from "./witness.ts";

/** Functions as one caller uses them: each call is made by the owner of its entry, under a lease that lives, and once. */
export function watchFunctions(functions: Functions, witness: Witness, caller: Caller): Functions {
  return {
    ...functions,
    async invoke(invocation) {
      noteToken(witness, invocation.payload);
      return noted(witness, caller, invocation.context, functions.invoke(invocation));
    },
    async submit(invocation, token) {
      if (token === undefined) noteToken(witness, invocation.payload);
      else witness.tokens.add(token);
      return noted(witness, caller, invocation.context, functions.submit(invocation, token));
    },
  };
}

/** Topics and queues as one caller uses them: under the same rule. */
export function watchDestinations(destinations: Destinations, witness: Witness, caller: Caller): Destinations {
  return {
    async send(call, context) {
      if (call.message.body.startsWith("{")) noteToken(witness, JSON.parse(call.message.body));
      return noted(witness, caller, context, destinations.send(call, context));
    },
  };
}

function noteToken(witness: Witness, payload: Json): void {
  const token = tokenIn(payload);
  if (token !== undefined) witness.tokens.add(token);
}

/** The task token among the values of an object, whatever its key. */
export function tokenIn(payload: Json): string | undefined {
  if (!isObject(payload)) return undefined;
  return Object.values(payload).find((value): value is string => typeof value === "string" && value.startsWith("v1."));
}

async function noted(
  witness: Witness,
  caller: Caller,
  { attemptId, step }: AttemptContext,
  call: Promise<CallResult>,
): Promise<CallResult> {
  checkOwner(witness, caller, attemptId);
  const before = witness.calls.get(attemptId);
  const owner = caller.delivery?.id ?? caller.name;
  if (before?.owners.includes(owner)) witness.accuse(caller, `made the call of attempt ${attemptId} twice`);
  if (before !== undefined && before.step !== step)
    witness.accuse(caller, `used attempt id ${attemptId} of step ${before.step} for step ${step}`);
  const { owners = [], overlaps = 0 } = before ?? {};
  const others = witness.running.get(attemptId) ?? 0;
  witness.calls.set(attemptId, { step, owners: [...owners, owner], overlaps: overlaps + Math.sign(others) });
  witness.running.set(attemptId, others + 1);
  const result = await call;
  witness.running.set(attemptId, (witness.running.get(attemptId) ?? 1) - 1);
  // A throttled call was not executed.
  if (result.kind === "throttled") witness.calls.set(attemptId, { step, owners, overlaps });
  return result;
}

function checkOwner(witness: Witness, caller: Caller, attemptId: string): void {
  if (witness.excused.delete(caller.name)) return;
  mayBegin(witness, caller, `made the call of attempt ${attemptId}`);
  if (caller.superseded === attemptId)
    witness.accuse(caller, `made the call of attempt ${attemptId}, whose outcome was recorded before it took over`);
  const lease = witness.entries.get(attemptId)?.lease;
  if (lease === undefined) witness.accuse(caller, `made the call of attempt ${attemptId}, which is not recorded`);
  else if (lease.owner !== caller.delivery?.id)
    witness.accuse(caller, `made the call of attempt ${attemptId}, which ${lease.owner} owns`);
  else if (lease.until < caller.clock.now())
    witness.accuse(caller, `made the call of attempt ${attemptId} after its lease was over`);
}
