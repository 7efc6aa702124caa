/** Lost workers and pinned aliases (fdl.md §7.3, §12). */
import { describe, expect, it } from "vitest";
import { scriptedFunctions } from "../../lib/memory/scripted.ts";
import { createRuntime, startExecution } from "../../lib/runtime/index.ts";
import type { World } from "../../lib/runtime/testing/world.ts";
import { endOf, worldOf } from "./live.ts";

const TASK = `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"`;
const wait = (name: string, seconds: number) => `{type: wait, name: ${name}, duration: ${seconds}}`;

describe("beyond FnF", () => {
  it("[MORE-06] pinAliases resolves an alias once, when the execution starts", async () => {
    const pinned = (pin: string) =>
      `${pin}steps: [{type: task, name: a, resourceArn: "acs:fc:::services/s.live/functions/f"}, ${wait("w", 5)}, {type: task, name: b, resourceArn: "acs:fc:::services/s.live/functions/f"}]`;
    const called: string[] = [];
    const w = await worldOf(
      { pinned: pinned("pinAliases: true\n"), loose: pinned("") },
      {
        "s.3/f": () => void called.push("3"),
        "s.live/f": () => void called.push("live"),
      },
    );
    const aliases: Record<string, string> = { "s.live/f": "3" };
    const functions = scriptedFunctions({ clock: w.clock, functions: {}, aliases });
    const runtime = createRuntime({
      ...w.plain,
      functions: { ...w.plain.functions, resolveAlias: functions.resolveAlias },
    });
    for (const flow of ["pinned", "loose"]) {
      const header = await w.settled(await startExecution(runtime, { flow }));
      expect(header.status).toBe("Succeeded");
    }
    expect(called).toEqual(["3", "3", "live", "live"]);
  });

  /** The next call of a function begins, and then its worker is lost; the attempt ids that were handed out so. */
  function loseNextWorker(w: World): readonly string[] {
    const attempts: string[] = [];
    const functions = w.plain.functions;
    const { invoke } = functions;
    const lost: typeof invoke = ({ context }) => {
      attempts.push(context.attemptId);
      Object.assign(functions, { invoke });
      return Promise.reject(new Error("the worker is lost"));
    };
    Object.assign(functions, { invoke: lost });
    return attempts;
  }

  it("[EXEC-08] an attempt whose worker is lost runs again under the same attempt id", async () => {
    const attempts: string[] = [];
    const w = await worldOf(
      { f: `- {${TASK}}` },
      {
        "s/f": (_, { attemptId }) => {
          attempts.push(attemptId);
          return { ok: 1 };
        },
      },
    );
    const lost = loseNextWorker(w);
    expect(await endOf(w, await w.start("f"))).toMatchObject({ status: "Succeeded", output: { ok: 1 } });
    expect(attempts).toHaveLength(1);
    expect(attempts).toEqual(lost);
  });

  it("[MORE-07] with onLost: fail it is not run again: FnF.TaskLost, which can be caught", async () => {
    const attempts: string[] = [];
    const w = await worldOf(
      {
        f: `[{${TASK}, onLost: fail, catch: [{errors: [FnF.TaskLost], goto: z}], errorMappings: [{target: e, source: $local.error}]}, {type: succeed, name: z}]`,
      },
      {
        "s/f": (_, { attemptId }) => {
          attempts.push(attemptId);
          return { ok: 1 };
        },
      },
    );
    const lost = loseNextWorker(w);
    expect(await endOf(w, await w.start("f"))).toMatchObject({ status: "Succeeded", output: { e: "FnF.TaskLost" } });
    expect([lost.length, attempts.length]).toEqual([1, 0]);
  });
});
