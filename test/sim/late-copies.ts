/**
 * The worst that a queue can do to what is over: every message of the run comes once more, hours later. Nothing may be called
 * again, no header, output or history may change: what is derived of an execution that ended is the same for ever.
 */
import type { World } from "../../lib/sim/world.ts";
import type { Told } from "../crash/outcome.ts";
import { allTold } from "./invariants.ts";

/** Longer than any lease, visibility and delay. */
const HOURS_MS = 6 * 3_600_000;

/** What changed of the `outcome` when all `bodies` came again, each once, however often it was put back. The world is at rest before and after. */
export async function checkLateCopies(
  world: World,
  bodies: ReadonlySet<string>,
  outcome: ReadonlyMap<string, Told>,
  run: () => Promise<string>,
): Promise<readonly string[]> {
  const before = textsOf(outcome);
  const calls = callsOf(world);
  await world.clock.pass(HOURS_MS);
  // Those that are sent from now on are not among them.
  for (const body of [...bodies]) await world.queue.send(body);
  const rest = await run();
  const wrong = rest === "at rest" ? [] : [`after late copies of all messages the world is ${rest}`];
  if (callsOf(world) !== calls) wrong.push("late copies of messages made calls of tasks");
  for (const [name, text] of textsOf(await allTold(world))) {
    if (before.get(name) !== text) wrong.push(`late copies of messages changed ${name}`);
  }
  return wrong;
}

function callsOf({ witness }: World): number {
  return [...witness.calls.values()].reduce((sum, { owners }) => sum + owners.length, 0);
}

/** Header, output and history of all executions, by flow and name. */
function textsOf(outcome: ReadonlyMap<string, Told>): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, { header, output, events }] of outcome) {
    if (header.status === "Running") continue;
    // One that was ended from outside may have got as far as to store an output, which nobody is shown.
    const shown = header.status === "Succeeded" ? output : undefined;
    texts.set(name, JSON.stringify([header, shown, events]));
  }
  return texts;
}
