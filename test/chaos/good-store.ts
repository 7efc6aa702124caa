/** A store in good order with executions in every situation, ended and not: what the checker's own tests spoil. */
import { classOf } from "../../lib/engine/index.ts";
import { openEmbedded } from "../../lib/local/embedded.ts";
import { recordingDestinations } from "../../lib/memory/destinations.ts";
import { scriptedFunctions } from "../../lib/memory/scripted.ts";
import { systemClock } from "../../lib/memory/system-clock.ts";
import { deployFlow, reportTask, startExecution } from "../../lib/runtime/index.ts";

const task = (name: string, more = "") =>
  `  - {type: task, name: ${name}, resourceArn: "acs:fc:::services/s/functions/${name}"${more}}`;
const ASK = task(
  "ask",
  `, pattern: waitForCallback, timeoutSeconds: 3600, inputMappings: [{target: token, source: $context.task.token}]`,
);
const fork = (first: string, second: string) => `  - type: parallel
    name: fork
    branches:
      - steps: [{type: task, name: one, resourceArn: "acs:fc:::services/s/functions/${first}"}]
      - steps: [{type: task, name: two, resourceArn: "acs:fc:::services/s/functions/${second}"}]`;

/** Flows that end, by name. */
const ENDING = {
  chain: [task("ok"), "  - {type: wait, name: nap, duration: 1}", task("ok2")],
  failing: [task("fail")],
  reported: [ASK, task("ok")],
  joined: [fork("ok", "ok2"), task("ok")],
  caught: [`${fork("ok", "fail")}\n    catch: [{errors: [FnF.ALL], goto: ok}]`, task("never"), task("ok")],
  bulky: [task("big"), task("ok")],
} as const;

/** Flows that do not. */
const LASTING = {
  running: [task("hang")],
  asking: [ASK],
  napping: ["  - {type: wait, name: nap, duration: 5000}"],
  short: ["  - {type: wait, name: nap, duration: 500}"],
  parent: [`  - {type: task, name: child, resourceArn: "acs:fnf:::flow/napping", pattern: sync}`],
  forked: [fork("ok", "hang")],
} as const;

export type Name = keyof typeof ENDING | keyof typeof LASTING;

/** Makes it in an empty directory. Each execution has the name of its flow. */
export async function makeGoodStore(directory: string): Promise<void> {
  const clock = systemClock();
  const asked = Promise.withResolvers<string>();
  const hanging = Promise.withResolvers<void>();
  let hung = 0;
  const waiting = new Set(["asking", "napping", "short", "parent", "forked"]);
  const suspended = Promise.withResolvers<void>();
  const functions = scriptedFunctions({
    clock,
    functions: {
      "s/ok": () => ({ ok: 1 }),
      "s/ok2": () => ({ ok: 2 }),
      "s/fail": () => {
        throw new Error("as it should");
      },
      "s/big": () => ({ text: "x".repeat(100_000) }),
      "s/hang": () => {
        if (++hung === 2) hanging.resolve();
        return new Promise(() => {});
      },
      "s/ask": (event, { execution }) => {
        if (execution === "reported") asked.resolve((event as { readonly token: string }).token);
        return {};
      },
    },
  });
  const engine = await openEmbedded({
    directory,
    functions,
    destinations: recordingDestinations(),
    log: () => {},
    observe: ({ address }, { effect }) => {
      if (classOf(effect) === "suspended" && address.flow === address.ref.name) waiting.delete(address.flow);
      if (waiting.size === 0) suspended.resolve();
    },
  });
  const { runtime } = engine;

  async function start(name: string, steps: readonly string[]) {
    const limit = name === "running" ? "timeoutSeconds: 3600\n" : "";
    const definition = `version: v1\ntype: flow\n${limit}steps:\n${steps.join("\n")}\n`;
    await deployFlow(runtime.ports, { name, definition });
    return startExecution(runtime, { flow: name, name, input: { n: 1 } });
  }

  for (const [name, steps] of Object.entries(LASTING)) await start(name, steps);
  const ending = [];
  for (const [name, steps] of Object.entries(ENDING)) ending.push(await start(name, steps));
  await reportTask(runtime, await asked.promise, { kind: "succeeded", output: { answer: 42 } });
  await Promise.all(ending.map(({ ref, startId }) => engine.ended(ref, startId)));
  await hanging.promise;
  await suspended.promise;
  await engine.durable();
  await engine.close();
}
