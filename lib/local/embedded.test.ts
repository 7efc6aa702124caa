import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordingDestinations } from "../memory/destinations.ts";
import { type ScriptedFunction, scriptedFunctions } from "../memory/scripted.ts";
import { systemClock } from "../memory/system-clock.ts";
import { deployFlow, reportTask, startExecution, stopExecution } from "../runtime/index.ts";
import type { Entry, Header } from "../runtime/ports/journal.ts";
import { type Embedded, openEmbedded } from "./embedded.ts";
import { type FreshDirectory, freshDirectory } from "./store/testing/fresh-directory.ts";

const flow = (...steps: readonly string[]) => `version: v1\ntype: flow\nsteps:\n${steps.join("\n")}\n`;
const task = (name: string, more = "") =>
  `  - type: task\n    name: ${name}\n    resourceArn: acs:fc:::services/s/functions/${name}\n${more}`;
const WAIT = (seconds: number) => `  - type: wait\n    name: nap\n    duration: ${seconds}`;
const CALLBACK = task(
  "ask",
  "    pattern: waitForCallback\n    inputMappings:\n      - {target: token, source: $context.task.token}",
);

let directory: FreshDirectory;
let embedded: Embedded | undefined;
beforeEach(() => {
  directory = freshDirectory();
});
afterEach(async () => {
  await embedded?.close();
  directory.remove();
});

type Script = { readonly [name: string]: ScriptedFunction };

async function open(functions: Script = {}): Promise<Embedded> {
  embedded = await openEmbedded({
    directory: directory.path,
    functions: scriptedFunctions({
      clock: systemClock(),
      functions,
      report: async (id, result) => embedded?.finished(id, result),
    }),
    destinations: recordingDestinations(),
    log: () => {},
  });
  return embedded;
}

async function start({ runtime }: Embedded, definition: string, input = {}): Promise<Header> {
  await deployFlow(runtime.ports, { name: "flow", definition });
  return startExecution(runtime, { flow: "flow", input });
}

async function outputOf({ runtime }: Embedded, { ref, startId }: Header): Promise<unknown> {
  const { output } = await runtime.ports.journal.readData(ref, startId);
  return output === undefined ? undefined : runtime.claims.unpack(output);
}

describe("the embedded runtime", () => {
  test("runs an execution and tells of its end", async () => {
    const engine = await open({ "s/one": () => ({ a: 1 }), "s/two": () => ({ b: 2 }) });
    const header = await start(engine, flow(task("one"), task("two")));
    expect(await engine.ended(header.ref, header.startId)).toMatchObject({ status: "Succeeded" });
    expect(await outputOf(engine, header)).toEqual({ a: 1, b: 2 });
    expect(await engine.ended(header.ref, header.startId)).toMatchObject({ status: "Succeeded" });
  });

  test("calls no function before what it goes by is on disk", async () => {
    const onDisk: unknown[] = [];
    const engine: Embedded = await open({
      "s/one": async () => {
        await 0;
        onDisk.push([...engine.store.tables.entries.rows({})].length);
        return {};
      },
    });
    let commits = 0;
    const header = await start(engine, flow(task("one")));
    const durable = engine.durable().then(() => commits++);
    await engine.ended(header.ref, header.startId);
    await durable;
    expect([commits, onDisk]).toEqual([1, [1]]);
  });

  test("goes on after a restart with a task that ran, a wait and a callback, at once and with the same attempt", async () => {
    const attempts: string[] = [];
    const begun = Promise.withResolvers<void>();
    let first = await open({
      "s/one": (_event, { attemptId }) => {
        attempts.push(attemptId);
        begun.resolve();
        return new Promise(() => {});
      },
    });
    const header = await start(first, flow(task("one"), WAIT(1)));
    await first.durable();
    await begun.promise;
    await first.close();

    first = await open({
      "s/one": (_event, { attemptId }) => {
        attempts.push(attemptId);
        return { done: true };
      },
    });
    expect(await first.ended(header.ref, header.startId)).toMatchObject({ status: "Succeeded" });
    expect(attempts).toEqual([attempts[0], attempts[0]]);
    expect([...first.store.tables.traces.rows({})].map(({ value }) => value.kind)).toEqual(["refused", "takenOver"]);
  });

  test("knows its task tokens after a restart", async () => {
    const asked = Promise.withResolvers<string>();
    let engine = await open({
      "s/ask": (event) => {
        asked.resolve((event as { token: string }).token);
        return {};
      },
    });
    const header = await start(engine, flow(CALLBACK));
    const token = await asked.promise;
    await engine.durable();
    await engine.close();
    engine = await open({ "s/ask": () => ({}) });
    await reportTask(engine.runtime, token, { kind: "succeeded", output: { answer: 42 } });
    expect(await engine.ended(header.ref, header.startId)).toMatchObject({ status: "Succeeded" });
    expect(await outputOf(engine, header)).toEqual({ answer: 42 });
  });

  test("runs a function again that was submitted and did not end, and takes its result", async () => {
    const submit = (more: string) => task("one", `    serviceParams: {InvocationType: Async}\n${more}`);
    const begun = Promise.withResolvers<void>();
    let runs = 0;
    let engine = await open({
      "s/one": () => {
        if (++runs === 2) begun.resolve();
        return new Promise(() => {});
      },
    });
    const waiting = await start(engine, flow(submit("    pattern: sync")));
    const forgotten = await start(engine, flow(submit("")));
    await begun.promise;
    await engine.durable();
    expect([...engine.store.tables.submissions.rows({})]).toHaveLength(2);
    await engine.close();
    engine = await open({ "s/one": () => ({ run: ++runs }) });
    expect(await engine.ended(waiting.ref, waiting.startId)).toMatchObject({ status: "Succeeded" });
    expect(await engine.ended(forgotten.ref, forgotten.startId)).toMatchObject({ status: "Succeeded" });
    expect(runs).toBe(4);
    expect(await outputOf(engine, waiting)).toEqual({ run: expect.any(Number) });
    expect([...engine.store.tables.submissions.rows({})]).toEqual([]);
  });

  test("lets others have their turn while a flow runs in circles, and can stop it", async () => {
    const engine = await open();
    const header = await start(
      engine,
      flow("  - {type: pass, name: a}", "  - type: choice\n    name: b\n    default: {goto: a}"),
    );
    for (let turns = 0; turns < 20; turns++) await turn();
    await stopExecution(engine.runtime, { flow: "flow", name: header.ref.name, error: "Enough", cause: "" });
    expect(await engine.ended(header.ref, header.startId)).toMatchObject({ status: "Stopped" });
  });

  test("takes up a message again whose handler failed", async () => {
    const engine = await open({ "s/one": () => ({}) });
    const { journal } = engine.runtime.ports;
    const append = journal.append;
    let appends = 0;
    Object.assign(journal, {
      append: (entry: Entry) => {
        if (appends++ === 0) throw new Error("a write failed");
        return append(entry);
      },
    });
    const header = await start(engine, flow("  - {type: pass, name: a}"));
    expect(await engine.ended(header.ref, header.startId)).toMatchObject({ status: "Succeeded" });
    expect(appends).toBe(2);
  });

  test("refuses to wait for what is not there, and stops waiting when it is told to", async () => {
    const engine = await open();
    const header = await start(engine, flow(WAIT(100)));
    await expect(engine.ended(header.ref, "another")).rejects.toMatchObject({ code: "ExecutionNotExists" });
    const leaving = new AbortController();
    const waiting = engine.ended(header.ref, header.startId, leaving.signal);
    leaving.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
  });

  test("is refused where another one has the directory", async () => {
    await open();
    await expect(
      openEmbedded({ directory: directory.path, destinations: recordingDestinations(), log: () => {} }),
    ).rejects.toMatchObject({ code: "DirectoryInUse" });
  });
});
