/**
 * The task functions of the crash flows. What one returns follows from its event and its attempt, never from how often it
 * was called (but for those that are there to be unsure), so that a task that runs again changes nothing. All take some
 * virtual time.
 */
import { type Json, type JsonObject, own } from "../../lib/fdl/json.ts";
import { type ScriptedFunction, Throttled } from "../../lib/memory/scripted.ts";
import type { AttemptContext } from "../../lib/runtime/ports/functions.ts";
import type { Scripts, World } from "../../lib/sim/world.ts";
import { callbackFunctions } from "./callback-functions.ts";
import { exampleFunctions } from "./example-functions.ts";
import { TaskError } from "./task-error.ts";

const QUICK_MS = 100;
const SLOW_MS = 100_000;
const HOUR_MS = 3_600_000;

/** The functions by the names that the flows call them by. */
export function functionsOf(world: World): Scripts {
  const named = Object.entries(scripts(world)).map(([name, script]): [string, ScriptedFunction] => [
    `sim/${name}`,
    script,
  ]);
  return {
    ...Object.fromEntries(named),
    ...exampleFunctions(world),
    "sim.1/which": () => ({ version: "1" }),
    // Where the alias points by now.
    "sim.live/which": () => ({ version: "2" }),
  };
}

/** Where the aliases point when an execution starts. */
export const ALIASES = { "sim.live/which": "1" };

function scripts(world: World): Scripts {
  const { clock } = world;
  const runs = new Map<string, number>();
  const firstBranch = new Map<string, string>();

  /** How often the attempt was called, this time included. */
  function run({ attemptId }: AttemptContext): number {
    const count = (runs.get(attemptId) ?? 0) + 1;
    runs.set(attemptId, count);
    return count;
  }

  return {
    ...callbackFunctions(world),
    async add(event: JsonObject) {
      await clock.sleep(QUICK_MS);
      return { n: numberOf(event, "n") + 1 };
    },
    /** Like add, but answers at once: for flows with many transitions. */
    count: (event: JsonObject) => ({ n: numberOf(event, "n") + 1 }),
    async echo(event: JsonObject) {
      await clock.sleep(QUICK_MS);
      return event;
    },
    /** Longer than a lease. */
    async slow() {
      await clock.sleep(SLOW_MS);
      return { slow: true };
    },
    async hang() {
      await clock.sleep(HOUR_MS);
      return {};
    },
    async flaky(_event: JsonObject, { retryCount }: AttemptContext) {
      await clock.sleep(QUICK_MS);
      if (retryCount < 2) throw new TaskError("Flaky", `attempt ${retryCount}`);
      return { tries: retryCount };
    },
    async fail() {
      await clock.sleep(QUICK_MS);
      throw new TaskError("Broken", "it always is");
    },
    /** Fails in the first fork that calls it: a branch id names its fork. */
    async failsFirst(_event: JsonObject, { attemptId }: AttemptContext) {
      await clock.sleep(QUICK_MS);
      const [startId = "", branch = ""] = attemptId.split(":");
      const first = firstBranch.get(startId) ?? branch;
      firstBranch.set(startId, first);
      if (first === branch) throw new TaskError("FirstTime", "the first fork fails");
      return { n: 7 };
    },
    async failsAt(event: JsonObject) {
      await clock.sleep(QUICK_MS);
      if (numberOf(event, "n") === 3) throw new TaskError("Unlucky", "three");
      return { n: numberOf(event, "n") };
    },
    /** Together with another one more than a lane keeps before it flushes. */
    chunk: (event: JsonObject) => ({ n: numberOf(event, "n"), text: "x".repeat(40_000) }),
    /** More than travels inline. */
    big: (event: JsonObject) => ({
      text: "y".repeat(70_000 + 1_000 * numberOf(event, "n")),
      n: numberOf(event, "n") + 1,
    }),
    measure: (event: JsonObject) => ({ bytes: JSON.stringify(event).length, text: "", texts: [] }),
    /** Another answer each time the attempt is called. */
    async unsure(_event: JsonObject, context: AttemptContext) {
      await clock.sleep(QUICK_MS);
      return { run: run(context) };
    },
    async unsure2(_event: JsonObject, context: AttemptContext) {
      await clock.sleep(QUICK_MS);
      return { run2: run(context) };
    },
    throttled(_event: JsonObject, context: AttemptContext) {
      if (run(context) <= 2) throw new Throttled("too many at once");
      return { n: 1 };
    },
    alwaysThrottled(): Json {
      throw new Throttled("too many at once");
    },
  };
}

function numberOf(event: JsonObject, key: string): number {
  const value = own(event, key);
  return typeof value === "number" ? value : 0;
}
