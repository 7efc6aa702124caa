import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import type { Json } from "../../fdl/json.ts";
import { calling, failed, functions, MODULE, written } from "./calling.fixture.ts";

describe("how a function process dies", () => {
  test.each<[string, Json, string]>([
    ["exit", { code: 0 }, "exit code: 0"],
    ["exit", { code: 3 }, "exit code: 3"],
    ["abort", {}, "signal: SIGABRT"],
    ["killed", {}, "signal: SIGKILL"],
    ["laterException", {}, "exit code: 1, uncaught CardDeclined: too late"],
    ["unhandledRejection", {}, "exit code: 1, uncaught CardDeclined: nobody listens"],
    ["closesChannel", {}, "signal: SIGKILL"],
    ["writesIntoChannel", {}, "signal: SIGKILL"],
    ["leavesProcessBehind", {}, "exit code: 4"],
  ])("%s %j is FC.Unknown", async (name, payload, how) => {
    const own = functions();
    const failure = failed(await own.invoke(calling(name, payload)));
    expect(failure.error).toBe("FC.Unknown");
    expect(failure.errorType).toBe("Runtime.ExitError");
    expect(failure.errorMessage.replace(/\d+ms/, "Nms")).toBe(
      `Process exited unexpectedly before completing request (duration: Nms, ${how})`,
    );
  });

  test("a function that takes all memory is FC.Unknown, out of memory", async () => {
    const failure = failed(await functions({ memoryMb: 32 }).invoke(calling("allMemory")));
    expect(failure).toMatchObject({ error: "FC.Unknown", errorType: "Runtime.OutOfMemory" });
    expect(failure.errorMessage).toContain("out of memory");
  });

  test("the attempts of other processes, and the ones after it, are not disturbed", async () => {
    const own = functions({ concurrency: 3 });
    const all = ["exit", "echo", "killed", "echo", "allOfIt", "echo"].map((name) =>
      own.invoke(calling(name, { code: 1 })),
    );
    expect((await Promise.all(all)).map((result) => (result.kind === "failed" ? result.error : result.kind))).toEqual([
      "FC.Unknown",
      "succeeded",
      "FC.Unknown",
      "succeeded",
      "FC.FunctionNotFound",
      "succeeded",
    ]);
  });

  test.each(["exceptionAfterwards", "exitAfterwards", "killedAfterwards", "leavesProcessBehindAfterwards"])(
    "what an earlier attempt left behind does not reach the next one: %s",
    async (name) => {
      const own = functions({ concurrency: 1 });
      const rounds = Array.from({ length: 5 }, () => own.invoke(calling(name)));
      expect(await Promise.all(rounds)).toEqual(rounds.map(() => ({ kind: "succeeded", output: "done before" })));
      expect(await own.invoke(calling("echo", "x".repeat(3_000_000)))).toMatchObject({ kind: "succeeded" });
    },
  );
});

describe("time-outs", () => {
  test.each(["never", "endlessLoop"])(
    "%s is ended when its time is over, and the next attempt has a fresh process",
    async (name) => {
      const own = functions({ concurrency: 1 });
      expect(await own.invoke(calling(name, {}, 300))).toEqual({ kind: "timedOut" });
      expect(await own.invoke(calling("pid"))).toMatchObject({ output: { calls: 1 } });
    },
  );

  test("the time that an attempt waits for a process counts", async () => {
    const own = functions({ concurrency: 1 });
    const first = own.invoke(calling("never", {}, 600));
    expect(await own.invoke(calling("echo", {}, 50))).toEqual({ kind: "timedOut" });
    expect(await first).toEqual({ kind: "timedOut" });
  });

  test("a time-out of a year does not wrap round", async () => {
    expect(await functions().invoke(calling("echo", 1, 31_536_000_000))).toEqual({ kind: "succeeded", output: 1 });
  });
});

describe("processes", () => {
  test("attempts one after another share a process that has loaded the module once", async () => {
    const own = functions();
    const outputs = [];
    for (let n = 0; n < 3; n++) outputs.push(await own.invoke(calling("pid")));
    const pids = outputs.map((result) => (result.kind === "succeeded" ? result.output : undefined));
    expect(pids).toEqual([1, 2, 3].map((calls) => ({ pid: expect.any(Number), calls })));
    expect(new Set(pids.map((one) => JSON.stringify(one).replace(/"calls".*/, ""))).size).toBe(1);
  });

  test("attempts at the same time run in different processes, never more than the bound", async () => {
    const own = functions({ concurrency: 3 });
    const stuck = [own.invoke(calling("never", {}, 2_000)), own.invoke(calling("never", {}, 2_000))];
    const rest = await Promise.all([1, 2, 3, 4].map((n) => own.invoke(calling("echo", n))));
    expect(rest.map((result) => result.kind === "succeeded" && result.output)).toEqual([1, 2, 3, 4]);
    await Promise.all(stuck);
  });

  test("attempts that wait get a process each, up to the bound", async () => {
    const own = functions({ concurrency: 6 });
    const folder = written({});
    const all = ["a", "b", "c", "d", "e", "f"].map((name) => own.invoke(calling("meets", { folder, name, count: 6 })));
    expect(await Promise.all(all)).toEqual(all.map(() => ({ kind: "succeeded", output: "met" })));
  });

  test("code that was broken while it is in use is served by the processes that have it", async () => {
    const folder = written({});
    const module = written({
      "functions.mjs": `export { default } from ${JSON.stringify(pathToFileURL(MODULE).href)};`,
    });
    const own = functions({ module, concurrency: 4 });
    expect(await own.problem()).toBeUndefined();
    writeFileSync(module, "export default {");
    const first = own.invoke(calling("meets", { folder, name: "a", count: 2 }));
    const second = own.invoke(calling("echo", 2));
    const third = own.invoke(calling("exit", { code: 1 }));
    writeFileSync(join(folder, "b"), "");
    expect(await first).toEqual({ kind: "succeeded", output: "met" });
    expect(await second).toEqual({ kind: "succeeded", output: 2 });
    expect(failed(await third).errorType).toBe("Runtime.ExitError");
    expect(failed(await own.invoke(calling("echo", 4))).errorType).toBe("Runtime.UserCodeSyntaxError");
  });

  test("a burst of a hundred short attempts is answered in full", async () => {
    const own = functions({ idleMs: 1 });
    const results = await Promise.all(Array.from({ length: 100 }, (_, n) => own.invoke(calling("echo", n))));
    expect(results).toEqual(Array.from({ length: 100 }, (_, output) => ({ kind: "succeeded", output })));
    expect(await own.invoke(calling("echo", 1))).toEqual({ kind: "succeeded", output: 1 });
  });

  test("many pools listen for the end of this process once", async () => {
    const before = process.listenerCount("exit");
    const all = [functions(), functions(), functions()];
    expect(process.listenerCount("exit")).toBeLessThanOrEqual(before + 1);
    await Promise.all(all.map((own) => own.close()));
    expect(process.listenerCount("exit")).toBe(before);
  });

  test("close ends every process; calls that wait are rejected, later ones too", async () => {
    const own = functions();
    const pid = await own.invoke(calling("pid"));
    const waiting = expect(own.invoke(calling("endlessLoop"))).rejects.toThrow("closed");
    await own.close();
    await waiting;
    await expect(own.invoke(calling("echo"))).rejects.toThrow("closed");
    const child = pid.kind === "succeeded" ? (pid.output as { pid: number }).pid : 0;
    expect(() => process.kill(child, 0)).toThrow("ESRCH");
    await own.close();
  });
});
