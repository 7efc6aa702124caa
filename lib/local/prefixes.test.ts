/**
 * A crash leaves the disk with all that was written up to some moment (architecture §8). So: run flows, then cut the log
 * after each of its records, and see that what is left always comes to the same end.
 */
import { copyFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json, JsonObject } from "../fdl/json.ts";
import { recordingDestinations } from "../memory/destinations.ts";
import { scriptedFunctions } from "../memory/scripted.ts";
import { systemClock } from "../memory/system-clock.ts";
import { deployFlow, reportTask, startExecution } from "../runtime/index.ts";
import { type Embedded, openEmbedded } from "./embedded.ts";
import { decodeRecords, encodeRecord } from "./store/log-record.ts";
import { type FreshDirectory, freshDirectory } from "./store/testing/fresh-directory.ts";

const flow = (steps: string) => `version: v1\ntype: flow\nsteps:\n${steps}`;
const call = (name: string, more = "") =>
  `  - type: task\n    name: ${name}\n    resourceArn: acs:fc:::services/s/functions/${name}\n${more}`;

/** Each with what it comes to. */
const FLOWS: { readonly [name: string]: readonly [definition: string, output: JsonObject] } = {
  chain: [
    flow(`${call("one")}${call("flaky", "    retry: [{errors: [FnF.ALL], intervalSeconds: 0}]\n")}${call("two")}`),
    {
      one: 1,
      flaky: 2,
      two: 2,
    },
  ],
  fork: [
    flow(`  - type: parallel
    name: both
    branches:
      - steps:
${call("one").replaceAll(/^/gm, "        ").trimEnd()}
      - steps:
${call("two").replaceAll(/^/gm, "        ").trimEnd()}
    outputMappings: [{target: all, source: "$local[*]"}]
  - type: foreach
    name: each
    inputMappings: [{target: items, source: $input.items}]
    iterationMapping: {collection: $.items, item: item}
    concurrency: 2
    steps:
${call("double", "    inputMappings: [{target: item, source: $input.item}]\n").replaceAll(/^/gm, "    ").trimEnd()}
    outputMappings: [{target: doubled, source: "$local[*].double"}]
`),
    { all: [{ one: 1 }, { two: 2 }], doubled: [2, 4, 6] },
  ],
  asked: [
    flow(
      call("ask", "    pattern: waitForCallback\n    inputMappings: [{target: token, source: $context.task.token}]\n"),
    ),
    { answer: 42 },
  ],
  parent: [
    flow(`  - type: task
    name: child
    resourceArn: acs:fnf:::flow/chain
    pattern: sync
    outputMappings: [{target: child, source: $local.two}]
`),
    { child: 2 },
  ],
};

const INPUT = { items: [1, 2, 3] };

let directory: FreshDirectory;
beforeEach(() => {
  directory = freshDirectory();
});
afterEach(() => directory.remove());

async function open(path: string, attempts: string[] = []): Promise<Embedded> {
  const note = (
    event: Json,
    { attemptId, retryCount }: { attemptId: string; retryCount: number },
    output: Json,
  ): Json => {
    attempts.push(`${attemptId}:${retryCount}`);
    return output ?? event;
  };
  const embedded = await openEmbedded({
    directory: path,
    destinations: recordingDestinations(),
    log: () => {},
    functions: scriptedFunctions({
      clock: systemClock(),
      functions: {
        "s/one": (event, context) => note(event, context, { one: 1 }),
        "s/two": (event, context) => note(event, context, { two: 2 }),
        "s/flaky": (event, context) => {
          if (context.retryCount === 0) throw new Error("not yet");
          return note(event, context, { flaky: 2 });
        },
        "s/double": (event, context) => note(event, context, { double: (event as { item: number }).item * 2 }),
        "s/ask": async (event, context) => {
          note(event, context, {});
          const { token } = event as { token: string };
          try {
            await reportTask(embedded.runtime, token, { kind: "succeeded", output: { answer: 42 } });
          } catch {
            // It was reported before the crash.
          }
          return {};
        },
      },
    }),
  });
  return embedded;
}

/** Waits until nothing runs; what each execution of the flows came to, by name. */
async function outcomes({ runtime, ended }: Embedded): Promise<Map<string, unknown>> {
  const { journal } = runtime.ports;
  for (;;) {
    const { items } = await journal.listRunning();
    if (items.length === 0) break;
    await Promise.all(items.map(({ ref, startId }) => ended(ref, startId)));
  }
  const found = new Map<string, unknown>();
  for (const name of Object.keys(FLOWS)) {
    const item = await journal.readFlow(name);
    for (const prefix of ["x", "y"]) {
      const header = await journal.readHeader({ flowId: item?.flowId ?? "", name: `${prefix}-${name}` });
      if (header === undefined) continue;
      const { output } = await journal.readData(header.ref, header.startId);
      const succeeded = header.status === "Succeeded" && output !== undefined;
      found.set(`${prefix}-${name}`, succeeded ? await runtime.claims.unpack(output) : header);
    }
  }
  return found;
}

const EXPECTED = new Map(
  Object.entries(FLOWS).flatMap(([name, [, output]]) => ["x", "y"].map((prefix) => [`${prefix}-${name}`, output])),
);

test("cut after any record of the log, all that had begun comes to the same end", { timeout: 120_000 }, async () => {
  const [base, first] = [join(directory.path, "base"), join(directory.path, "first")];
  let engine = await open(base);
  for (const [name, [definition]] of Object.entries(FLOWS))
    await deployFlow(engine.runtime.ports, { name, definition });
  await engine.close();
  cpSync(base, first, { recursive: true });

  engine = await open(first);
  const names = Object.keys(FLOWS);
  // One after another, then all at once: records of one execution, and records that many share.
  for (const name of names) {
    const { ref, startId } = await startExecution(engine.runtime, { flow: name, name: `x-${name}`, input: INPUT });
    await engine.ended(ref, startId);
  }
  for (const name of names) await startExecution(engine.runtime, { flow: name, name: `y-${name}`, input: INPUT });
  expect(await outcomes(engine)).toEqual(EXPECTED);
  await engine.durable();
  copyFileSync(join(first, "log-0"), join(directory.path, "log"));
  await engine.close();

  const log = readFileSync(join(directory.path, "log"));
  const records = [...decodeRecords(log)];
  expect(records.length).toBeGreaterThan(8);
  for (let cut = 0; cut <= records.length; cut++) {
    const path = join(directory.path, `cut-${cut}`);
    cpSync(base, path, { recursive: true });
    const left = Buffer.concat(records.slice(0, cut).map(encodeRecord));
    writeFileSync(join(path, "log-0"), Buffer.concat([left, Buffer.alloc(log.length - left.length)]));
    engine = await open(path);
    for (const [name, outcome] of await outcomes(engine)) {
      expect([cut, name, outcome]).toEqual([cut, name, EXPECTED.get(name)]);
    }
    await engine.close();
  }
});
