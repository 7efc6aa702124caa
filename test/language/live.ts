/** Runs flows on the runtime, on a virtual clock: for rules about time and the outside world, which the core alone does not know. */
import type { ScriptedFunction } from "../../lib/memory/scripted.ts";
import type { Header } from "../../lib/runtime/ports/journal.ts";
import { type World, world } from "../../lib/runtime/testing/world.ts";
import { document } from "./definition.ts";

/** A world with flows written as for `run`. */
export function worldOf(
  flows: Readonly<Record<string, string>>,
  functions: Readonly<Record<string, ScriptedFunction>> = {},
): Promise<World> {
  return world({
    flows: Object.fromEntries(Object.entries(flows).map(([name, text]) => [name, document(text)])),
    functions,
  });
}

/** What an execution ended with. */
export async function endOf(w: World, header: Header) {
  const { status, error, cause, startedAt, endedAt = 0 } = await w.settled(header);
  return { status, error, cause, seconds: (endedAt - startedAt) / 1000, output: await w.outputOf(header) };
}

/** Lets a worker act on messages until `seconds` have passed. */
export async function pass(w: World, seconds: number): Promise<void> {
  const until = w.clock.now() + seconds * 1000;
  void w.clock.sleep(seconds * 1000);
  await w.workUntil(async () => w.clock.now() >= until);
}
