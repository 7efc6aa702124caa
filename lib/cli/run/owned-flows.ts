/** Which flows a run works on. The directory of a durable run may hold executions of others: their functions are not here. */
import { type Runtime, requireFlow } from "../../runtime/index.ts";
import { startedBy } from "./flows.ts";

/** The flows of the run and those that they start, as far as their definitions say it, by name. */
export async function ownedFlows(runtime: Runtime, flows: Iterable<string>): Promise<Set<string>> {
  const { journal } = runtime.ports;
  const owned = new Set<string>();
  const waiting = [...flows];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (owned.has(name) || (await journal.readFlow(name)) === undefined) continue;
    owned.add(name);
    const { flowId, revision } = await requireFlow(journal, name);
    waiting.push(...startedBy(await runtime.definitions.load(flowId, revision)));
  }
  return owned;
}
