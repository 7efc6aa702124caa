import { expect, test } from "vitest";
import type { JsonObject } from "../fdl/json.ts";
import { BEHAVIOUR_ALIASES, behaviourScripts, clerkOf } from "./behaviour-scripts.ts";
import { deployment } from "./deployment.ts";
import { endAgrees, endsOf, type SeenEnd } from "./reference/ends.ts";
import { flowOf } from "./reference/testing/flow.ts";
import { isRunning } from "./witness.ts";
import { BEGINNING, simulatedWorld, type World } from "./world.ts";

const KEPT = "outputMappings: [{target: result, source: $local}]";
const TOKEN = "{target: token, source: $context.task.token}";
const CAUGHT =
  "catch: [{errors: [FnF.ALL], goto: end}], errorMappings: [{target: why, source: $local.error}, {target: cause, source: $local.cause}]";

const call = (name: string, rest = KEPT) =>
  `[{type: task, name: t, resourceArn: "acs:fc:::services/sim/functions/${name}", ${rest}}, {type: pass, name: end}]`;
const ask = (how: string, rest = "") =>
  call("ask", `pattern: waitForCallback, inputMappings: [{target: how, source: ${how}}, ${TOKEN}], ${rest}${KEPT}`);
const async = (name: string, pattern = "sync") =>
  call(name, `pattern: ${pattern}, serviceParams: {InvocationType: Async}, ${KEPT}`);
const message = (to: string, rest = "") =>
  `[{type: task, name: t, resourceArn: "acs:mns:::/${to}/messages", inputMappings: [${TOKEN}], serviceParams: {MessageBody: $}, ${rest}${KEPT}}]`;
const flow = (name: string, rest = "") =>
  `[{type: task, name: t, resourceArn: "acs:fnf:::flow/${name}", ${rest}${KEPT}}]`;

const CHILDREN = { sums: call("sum", "end: true"), breaks: call("broken"), waits: ask("twice") };

const RUNS: readonly [string, string, JsonObject][] = [
  ["inc", call("inc"), { n: 4 }],
  ["inc without n", call("inc"), { n: "4" }],
  ["inc by its alias", call("inc").replace("services/sim", "services/sim.live"), { n: 4 }],
  [
    "inc by its alias, pinned",
    `pinAliases: true\nsteps: ${call("inc").replace("services/sim", "services/sim.live")}`,
    { n: 4 },
  ],
  ["echo", call("echo"), { a: [1], token: "x" }],
  ["sum", call("sum"), { numbers: [1, 2, "3", 4.5] }],
  ["moody", call("moody"), { n: 4 }],
  ["moody that throws", call("moody"), { n: 3 }],
  ["moody that is caught", call("moody", CAUGHT), { n: 3 }],
  ["flaky", call("flaky", `retry: [{errors: [FC.Flaky]}], ${KEPT}`), { failures: 2 }],
  ["flaky for too long", call("flaky", `retry: [{errors: [Flaky], maxAttempts: 1}], ${CAUGHT}`), { failures: 2 }],
  ["broken", call("broken"), {}],
  ["die", call("die"), {}],
  ["die with retries", call("die", "retry: [{errors: [FC.Unknown], maxAttempts: 1}]"), {}],
  ["busy", call("busy"), { n: 1 }],
  ["slow", call("slow"), {}],
  ["slow in too little time", call("slow", "timeoutSeconds: 30"), {}],
  ["hang", call("hang", "timeoutSeconds: 500"), {}],
  ["hang without a time-out", call("hang"), {}],
  ["big", call("big"), { n: 12 }],
  ["text", call("text"), { n: 12 }],
  ["text as output", call("text", "end: true"), { n: 12 }],
  ["list", call("list"), { n: 12 }],
  ["list as output", call("list", "end: true"), { n: 12 }],
  ["none", call("none"), {}],
  ["none as output", call("none", "end: true"), {}],
  ["a function that is not there", call("nobody"), {}],
  ["ask: yes", ask("yes"), {}],
  ["ask: no", ask("no"), {}],
  ["ask: early", ask("early"), {}],
  ["ask: twice", ask("twice"), {}],
  ["ask: never", ask("never", "timeoutSeconds: 600, "), {}],
  ["ask: never, without a time-out", ask("never"), {}],
  ["ask: late", ask("late", "timeoutSeconds: 600, "), {}],
  ["ask: late, without a time-out", ask("late"), {}],
  ["ask: beat", ask("beat", "heartbeatSeconds: 100, "), {}],
  ["ask: yes, without heartbeats", ask("yes", "heartbeatSeconds: 10, "), {}],
  ["ask: crossed", ask("crossed"), {}],
  ["ask without waiting", call("ask"), { how: "yes", token: "unknown" }],
  ["inc, handed over", async("inc"), { n: 1 }],
  ["moody, handed over", async("moody"), { n: 3 }],
  ["broken, handed over", async("broken"), {}],
  ["big, handed over", async("big"), { n: 1 }],
  ["busy, handed over", async("busy"), { n: 1 }],
  [
    "slow, handed over in too little time",
    call("slow", `pattern: sync, timeoutSeconds: 30, serviceParams: {InvocationType: Async}`),
    {},
  ],
  ["broken, handed over and forgotten", async("broken", "requestResponse"), {}],
  ["a message to a queue", message("queues/desk"), {}],
  ["a message to a topic", message("topics/news"), {}],
  ["a message to a queue with an answer", message("queues/desk", "pattern: waitForCallback, "), {}],
  ["a message to a topic with an answer", message("topics/news", "pattern: waitForCallback, "), {}],
  ["a sub-flow", flow("sums", "pattern: sync, "), { numbers: [1, 2] }],
  ["a sub-flow that fails", flow("breaks", "pattern: sync, "), {}],
  ["a sub-flow that waits", flow("waits", "pattern: sync, "), {}],
  ["a sub-flow that is started", flow("breaks"), {}],
  ["a sub-flow that is not there", flow("none"), {}],
];

async function seenIn(definition: string, input: JsonObject): Promise<SeenEnd> {
  const deployed = await deployment({ main: definition, ...texts(CHILDREN) }, BEGINNING);
  const world: World = simulatedWorld({
    deployment: deployed,
    scripts: behaviourScripts,
    aliases: BEHAVIOUR_ALIASES,
    settings: { mode: "hop" },
    onSent: (sent) => clerk(sent),
  });
  const clerk = clerkOf(() => world);
  void world.callers.start({ flow: "main", name: "run", input });
  expect(await world.run(2_000)).toBe("at rest");
  if (isRunning(world.witness)) await yearLater(world);
  expect(world.witness.violations).toEqual([]);
  const header = [...world.witness.headers.values()].find(({ flow }) => flow === "main");
  if (header === undefined) throw new Error("The execution was not started.");
  const { journal } = world.observer.ports;
  const { output } = await journal.readData(header.ref, header.startId);
  const ended = await journal.readHeader(header.ref);
  return {
    status: ended?.status ?? "gone",
    error: ended?.error,
    cause: ended?.cause,
    ...(output && { output: await world.observer.claims.unpack<JsonObject>(output) }),
  };
}

/** Only the sweeper ends what never ends by itself. */
async function yearLater(world: World): Promise<void> {
  await world.clock.pass(366 * 24 * 3_600_000);
  await world.clock.runUntil(world.callers.sweep());
  expect(await world.run(2_000)).toBe("at rest");
}

function texts(flows: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(flows).map(([name, text]) => [name, whole(text)]));
}

function whole(text: string): string {
  return `version: v1\ntype: flow\n${text.startsWith("[") ? `steps: ${text}` : text}\n`;
}

test.each(RUNS)("in a quiet world %s ends as the reference says", async (_, text, input) => {
  const flows = Object.fromEntries(Object.entries(CHILDREN).map(([name, child]) => [name, flowOf(child)]));
  const names = { flow: "main", execution: "run" };
  const [undisturbed] = endsOf(flowOf(text), input, { flows, names, lost: 0, late: false });
  if (undisturbed === undefined) throw new Error("There is no end.");
  const seen = await seenIn(whole(text), input);
  expect(endAgrees(undisturbed, seen), `${JSON.stringify(seen)} is not ${JSON.stringify(undisturbed)}`).toBe(true);
});
