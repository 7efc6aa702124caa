/** What a witness sees of tasks' calls: who makes them, and whether it may. */
import type { Clock } from "../runtime/ports/clock.ts";
import type { Destinations } from "../runtime/ports/destinations.ts";
import type { AttemptContext, CallResult, Functions } from "../runtime/ports/functions.ts";
import { type Caller, mayBegin, type Witness } from "./witness.ts";

/** Functions as one caller uses them: each call is made by the owner of its entry, under a lease that lives, and once. */
export function watchFunctions(functions: Functions, witness: Witness, caller: Caller, clock: Pick<Clock, "now">): Functions {
  return {
    ...functions,
    async invoke(invocation) {
      return noted(witness, caller, clock, invocation.context, functions.invoke(invocation));
    },
    async submit(invocation, token) {
      return noted(witness, caller, clock, invocation.context, functions.submit(invocation, token));
    },
  };
}

/** Topics and queues as one caller uses them: under the same rule. */
export function watchDestinations(destinations: Destinations, witness: Witness, caller: Caller, clock: Pick<Clock, "now">): Destinations {
  return {
    async send(call, context) {
      return noted(witness, caller, clock, context, destinations.send(call, context));
    },
  };
}

async function noted(
  witness: Witness,
  caller: Caller,
  clock: Pick<Clock, "now">,
  { attemptId, step }: AttemptContext,
  call: Promise<CallResult>,
): Promise<CallResult> {
  checkOwner(witness, caller, clock, attemptId);
  const before = witness.calls.get(attemptId);
  const owner = caller.delivery?.id ?? caller.name;
  if (before?.owners.includes(owner)) witness.accuse(caller, `made the call of attempt ${attemptId} twice`);
  if (before !== undefined && before.step !== step) witness.accuse(caller, `used attempt id ${attemptId} of step ${before.step} for step ${step}`);
  witness.calls.set(attemptId, { step, owners: [...(before?.owners ?? []), owner] });
  const result = await call;
  // A throttled call was not executed.
  if (result.kind === "throttled") witness.calls.set(attemptId, { step, owners: before?.owners ?? [] });
  return result;
}

function checkOwner(witness: Witness, caller: Caller, clock: Pick<Clock, "now">, attemptId: string): void {
  if (witness.excused.delete(caller.name)) return;
  mayBegin(witness, caller, `made the call of attempt ${attemptId}`);
  const lease = witness.entries.get(attemptId)?.lease;
  if (lease === undefined) witness.accuse(caller, `made the call of attempt ${attemptId}, which is not recorded`);
  else if (lease.owner !== caller.delivery?.id) witness.accuse(caller, `made the call of attempt ${attemptId}, which ${lease.owner} owns`);
  else if (lease.until < clock.now()) witness.accuse(caller, `made the call of attempt ${attemptId} after its lease was over`);
}
