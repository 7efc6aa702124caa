/** The pieces of work whose requests are counted (architecture §10): a flow each, and what is done to have it run from start to end. */
import { randomUUID } from "node:crypto";
import type { Counted, CountedWorld } from "./counted-world.ts";

export type WorkName =
  | "empty"
  | "chain"
  | "chainsInBatches"
  | "emptyInBatches"
  | "chainFused"
  | "passes"
  | "callback"
  | "callbackWithTimeout"
  | "waitShort"
  | "waitLong"
  | "parallel"
  | "foreach"
  | "start"
  | "stop";

/** Tasks of a chain, items of a foreach, executions beside each other. */
export const TEN = 10;
export const BRANCHES = 3;
const [SHORT_SECONDS, LONG_SECONDS, TIMEOUT_SECONDS] = [60, 7_200, 300];
/** How early a far timer goes off (lib/runtime/send.ts). */
const TIMER_MARGIN_SECONDS = 120;

const flow = (...steps: readonly string[]) =>
  `version: v1\ntype: flow\nsteps:\n${steps.map((step) => `  - ${step}\n`).join("")}`;
const task = (name: string, more = "") =>
  `{type: task, name: ${name}, resourceArn: "acs:fc:::services/shop/functions/work"${more}}`;
const waiting = (more = "") =>
  task("ask", `, pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}]${more}`);
const names = (count: number, name: (index: number) => string) => Array.from({ length: count }, (_, at) => name(at));

const FLOWS = {
  empty: flow("{type: pass, name: pass0}"),
  chain: flow(...names(TEN, (at) => task(`task${at}`))),
  passes: flow(...names(TEN + 1, (at) => `{type: pass, name: pass${at}}`)),
  callback: flow(waiting()),
  callbackWithTimeout: flow(waiting(`, timeoutSeconds: ${TIMEOUT_SECONDS}`), task("after")),
  waitShort: flow(`{type: wait, name: wait, duration: ${SHORT_SECONDS}}`),
  waitLong: flow(`{type: wait, name: wait, duration: ${LONG_SECONDS}}`),
  parallel: flow(
    `{type: parallel, name: all, branches: [${names(BRANCHES, (at) => `{steps: [${task(`task${at}`)}]}`)}]}`,
  ),
  foreach: flow(
    `{type: foreach, name: each, iterationMapping: {collection: $.items, item: item}, steps: [${task("task")}]}`,
  ),
} as const;

type FlowName = keyof typeof FLOWS;

/** Runs each piece once as it will be counted, so that no definition has to be read any more: a worker reads each revision once. */
export async function prepare(world: CountedWorld): Promise<void> {
  for (const [Name, Definition] of Object.entries(FLOWS)) {
    await world.call("CreateFlow", { Name, Description: "counted", Type: "FDL", Definition });
  }
  for (const work of WORK_NAMES) await WORK[work](world);
}

/** Does a piece of work and counts what it takes. Everything it leaves behind is done too: no message is in the queue afterwards. */
export function counted(world: CountedWorld, work: WorkName): Promise<Counted> {
  return WORK[work](world);
}

async function start(world: CountedWorld, FlowName: FlowName, Input: object = {}): Promise<string> {
  const ExecutionName = `execution-${randomUUID()}`;
  await world.call("StartExecution", { FlowName, ExecutionName, Input: JSON.stringify(Input) });
  return ExecutionName;
}

async function startTen(world: CountedWorld, name: FlowName): Promise<void> {
  for (let count = 0; count < TEN; count++) await start(world, name);
}

/** The token that the task was given which was called last. */
function token(world: CountedWorld): string {
  const [payload] = world.tasks.slice(-1);
  return (JSON.parse(payload ?? "{}") as { token: string }).token;
}

const WORK: { readonly [name in WorkName]: (world: CountedWorld) => Promise<Counted> } = {
  empty: (world) => throughOneByOne(world, "empty"),
  chain: (world) => throughOneByOne(world, "chain"),
  passes: (world) => throughOneByOne(world, "passes"),
  parallel: (world) => throughOneByOne(world, "parallel"),
  foreach: (world) => throughOneByOne(world, "foreach", { items: names(TEN, String) }),
  chainsInBatches: (world) =>
    world.count(async () => {
      await startTen(world, "chain");
      await world.deliver(10);
    }),
  emptyInBatches: (world) =>
    world.count(async () => {
      await startTen(world, "empty");
      await world.deliver(10);
    }),
  chainFused: (world) =>
    world.count(async () => {
      await start(world, "chain");
      await world.deliver(1, "fused");
    }),
  callback: (world) => world.count(() => callback(world, "callback")),
  callbackWithTimeout: (world) =>
    world.count(async () => {
      await callback(world, "callbackWithTimeout");
      // The timer of an attempt that has its outcome is not taken back.
      await world.pass(TIMEOUT_SECONDS);
      await world.deliver(1);
    }),
  waitShort: (world) =>
    world.count(async () => {
      await start(world, "waitShort");
      await world.deliver(1);
      await world.pass(SHORT_SECONDS);
      await world.deliver(1);
    }),
  waitLong: (world) =>
    world.count(async () => {
      await start(world, "waitLong");
      await world.deliver(1);
      await world.pass(LONG_SECONDS - TIMER_MARGIN_SECONDS);
      await world.deliver(1);
      await world.pass(TIMER_MARGIN_SECONDS);
      await world.deliver(1);
    }),
  async start(world) {
    const counted = await world.count(() => start(world, "empty"));
    await world.deliver(1);
    return counted;
  },
  async stop(world) {
    const ExecutionName = await start(world, "callback");
    await world.deliver(1);
    return world.count(async () => {
      await world.call("StopExecution", { FlowName: "callback", ExecutionName });
      await world.deliver(1);
    });
  },
};

export const WORK_NAMES = Object.keys(WORK) as readonly WorkName[];

function throughOneByOne(world: CountedWorld, name: FlowName, input?: object): Promise<Counted> {
  return world.count(async () => {
    await start(world, name, input);
    await world.deliver(1);
  });
}

async function callback(world: CountedWorld, name: FlowName): Promise<void> {
  await start(world, name);
  await world.deliver(1);
  await world.call("ReportTaskSucceeded", { TaskToken: token(world), Output: "{}" });
  await world.deliver(1);
}
