/** The runtime on this journal: whole executions over the wire, against the same ones on the journal in memory. */
import { expect, test } from "vitest";
import type { JsonObject } from "../../fdl/json.ts";
import { memoryBlobs } from "../../memory/blobs.ts";
import { recordingDestinations } from "../../memory/destinations.ts";
import { randomIds } from "../../memory/ids.ts";
import { memoryJournal } from "../../memory/journal.ts";
import { systemKeys } from "../../memory/keys.ts";
import { memoryQueue } from "../../memory/queue.ts";
import { type ScriptedFunction, scriptedFunctions } from "../../memory/scripted.ts";
import { systemClock } from "../../memory/system-clock.ts";
import { memoryTimers } from "../../memory/timers.ts";
import {
  createRuntime,
  deployFlow,
  type ExecutionEvent,
  expressHistory,
  history,
  requireFlow,
  startExecution,
  startSyncExecution,
  work,
} from "../../runtime/index.ts";
import type { Header, Journal } from "../../runtime/ports/journal.ts";
import { dynamoJournal } from "../journal.ts";
import { type Item, sizeOf, text } from "./item.ts";
import { eachTestTable } from "./testing/each-table.ts";
import type { TestTable } from "./testing/table.ts";

let made: TestTable;
eachTestTable((table) => {
  made = table;
});

const task = (name: string, more = "") => `
  - type: task
    name: ${name}
    resourceArn: acs:fc:::services/shop/functions/${name}${more}`;

const functions: { readonly [name: string]: ScriptedFunction } = {
  "shop/reserve": () => ({ reserved: true }),
  "shop/charge": () => ({ charged: 12 }),
  "shop/ship": (event) => ({ shipped: event }),
  "shop/refuse": () => {
    throw Object.assign(new Error("no funds"), { name: "CardDeclined" });
  },
  "shop/large": () => ({ text: "ö".repeat(200_000) }),
};

/** A system with one worker on this journal. */
function systemOn(journal: Journal, mode: "hop" | "fused" = "hop") {
  const clock = systemClock();
  const ids = randomIds();
  const queue = memoryQueue({ clock, ids });
  const errors: unknown[] = [];
  let told: (header: Header) => void = () => {};
  const watched: Journal = {
    ...journal,
    async endHeader(...end) {
      const header = await journal.endHeader(...end);
      if (header !== undefined) told(header);
      return header;
    },
  };
  const runtime = createRuntime(
    {
      journal: watched,
      queue,
      timers: memoryTimers({ clock, queue }),
      functions: scriptedFunctions({ clock, functions }),
      destinations: recordingDestinations(),
      blobs: memoryBlobs(),
      clock,
      ids,
      keys: systemKeys({ id: "key-1", secret: "a secret for tests" }),
    },
    { mode },
  );

  /** Starts an execution of the flow that is there and works until it has ended. */
  async function start(input: JsonObject): Promise<Header> {
    const ended = new Promise<Header>((resolve) => {
      told = resolve;
    });
    await startExecution(runtime, { flow: "orders", name: "run-1", input });
    const done = new AbortController();
    const working = work(runtime, { concurrency: 8, signal: done.signal, onError: (error) => errors.push(error) });
    const header = await ended;
    done.abort();
    await working;
    expect(errors).toEqual([]);
    return header;
  }

  return {
    runtime,
    start,
    async run(definition: string, input: JsonObject = {}) {
      await deployFlow(runtime.ports, { name: "orders", definition });
      const header = await start(input);
      const { output } = await journal.readData(header.ref, header.startId);
      return {
        header,
        output: output === undefined ? undefined : await runtime.claims.unpack<JsonObject>(output),
        events: await all(history(runtime, header)),
      };
    },
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const CHAIN = `version: v1
type: flow
steps:${task("reserve")}${task("charge")}${task("ship")}
`;

/** What does not depend on when it was and who it was. */
function lines(events: readonly ExecutionEvent[]): readonly object[] {
  return events.map(({ Time: _, ...line }) => line);
}

test("a chain of three tasks gives the right output and history", async () => {
  const { header, output, events } = await systemOn(dynamoJournal(made)).run(CHAIN, { order: 7 });
  expect(header.status).toBe("Succeeded");
  const inMemory = await systemOn(memoryJournal()).run(CHAIN, { order: 7 });
  expect(output).toEqual(inMemory.output);
  expect(output).toMatchObject({ reserved: true, charged: 12, shipped: { order: 7 } });
  expect(lines(events)).toEqual(lines(inMemory.events));
  const ofTask = ["StepEntered", "TaskScheduled", "TaskStarted", "TaskSucceeded", "StepExited"];
  const types = ["ExecutionStarted", ...ofTask, ...ofTask, ...ofTask, "ExecutionSucceeded"];
  expect(events.map((event) => event.Type)).toEqual(types);
});

test("a chain of three tasks is four entries put, four headers read, and beside them only start and end", async () => {
  const system = systemOn(dynamoJournal(made));
  await deployFlow(system.runtime.ports, { name: "orders", definition: CHAIN });
  await system.runtime.definitions.load((await requireFlow(system.runtime.ports.journal, "orders")).flowId, 1);
  made.requests.length = 0;
  await system.start({ order: 7 });
  expect(tally(made.requests)).toEqual({
    // The flow by its name, the header of a name that may be in use; four headers.
    GetItem: 2 + 4,
    // The header; four entries.
    PutItem: 1 + 4,
    // The input; the output and the end.
    UpdateItem: 1 + 2,
  });
});

test("the items that a small chain puts take one write unit each: they are under 1 KB", async () => {
  await systemOn(dynamoJournal(made)).run(CHAIN, { order: 7 });
  const items = made.bodies.flatMap((body) => (body.Item === undefined ? [] : [body.Item as Item]));
  const sizes = items.map((item) => [text(item, "sk"), sizeOf(item)] as const);
  expect(sizes.map(([sk]) => sk.slice(0, 2))).toEqual(["R#", "!", "!", "J#", "J#", "J#", "J#"]);
  for (const [sk, bytes] of sizes) expect([sk, bytes < 1024]).toEqual([sk, true]);
});

const WIDE = `version: v1
type: flow
steps:
  - type: parallel
    name: both
    branches:
      - steps:${task("large").replaceAll("\n", "\n      ")}
      - steps:
          - type: foreach
            name: each
            iterationMapping: { collection: $.orders, item: order }
            concurrency: 2
            steps:${task("ship").replaceAll("\n", "\n            ")}
            outputMappings:
              - target: all
                source: $local
    outputMappings:
      - target: out
        source: $local
`;

test.each(["hop", "fused"] as const)("branches, lanes and large values come together (%s)", async (mode) => {
  const input = { orders: [1, 2, 3, 4, 5] };
  const { header, output, events } = await systemOn(dynamoJournal(made), mode).run(WIDE, input);
  expect(header.status).toBe("Succeeded");
  const inMemory = await systemOn(memoryJournal(), mode).run(WIDE, input);
  expect(output).toEqual(inMemory.output);
  expect(JSON.stringify(output).includes("ö".repeat(200_000))).toBe(true);
  // Branches take turns as they like: the same happens, each in its own order.
  const happened = (of: readonly ExecutionEvent[]) => of.map(({ Type, StepName }) => `${Type} ${StepName}`).sort();
  expect(happened(events)).toEqual(happened(inMemory.events));
  const list = await dynamoJournal(made).listExecutions(header.ref.flowId, { limit: 5 });
  expect(list.items).toEqual([header]);
});

test("a flow that fails says why", async () => {
  const definition = `version: v1\ntype: flow\nsteps:${task("reserve")}${task("refuse")}\n`;
  const { header, output, events } = await systemOn(dynamoJournal(made)).run(definition);
  expect(header).toMatchObject({ status: "Failed", error: "CardDeclined", cause: expect.stringContaining("no funds") });
  expect(output).toBeUndefined();
  expect(lines(events)).toEqual(lines((await systemOn(memoryJournal()).run(definition)).events));
});

test("an Express run is kept as an archive, out of which its history comes", async () => {
  const { runtime } = systemOn(dynamoJournal(made));
  await deployFlow(runtime.ports, { name: "express", definition: CHAIN, mode: "Express" });
  const { header, output } = await startSyncExecution(runtime, { flow: "express", input: { order: 7 } }, emptyWorld());
  expect(header.status).toBe("Succeeded");
  expect(await runtime.ports.journal.readHeader(header.ref)).toEqual(header);
  const events = await all(expressHistory(runtime, header, memoryJournal()));
  expect(events.map((event) => event.Type)).toContain("ExecutionSucceeded");
  expect(events).toHaveLength(17);
  expect(output).toEqual((await systemOn(memoryJournal()).run(CHAIN, { order: 7 })).output);

  function emptyWorld() {
    const { clock, ids } = runtime.ports;
    const queue = memoryQueue({ clock, ids });
    return { journal: memoryJournal(), queue, timers: memoryTimers({ clock, queue }) };
  }
});

function tally(requests: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const request of requests) counts[request] = (counts[request] ?? 0) + 1;
  return counts;
}
