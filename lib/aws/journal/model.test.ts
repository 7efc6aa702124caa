/** This journal against the one in memory: whatever is done to both, in whatever order, each call gives the same. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ministack, ministack } from "../../../test/aws/ministack.ts";
import { entry, header, newId, packed } from "../../../test/contracts/journal/items.ts";
import { itemsOf } from "../../../test/contracts/lists.ts";
import { memoryJournal } from "../../memory/journal.ts";
import type { FlowItem, Journal, Status } from "../../runtime/ports/journal.ts";
import { dynamoJournal } from "../journal.ts";
import { type TestTable, testTable } from "./testing/table.ts";

let emulator: Ministack;
let made: TestTable;
beforeAll(async () => {
  emulator = await ministack();
  made = await testTable(emulator.endpoint);
}, 120_000);
afterAll(async () => {
  await made.remove();
  await emulator.stop();
});

/** Of one run: its ids are new, so that runs share a table. */
interface Names {
  readonly flowId: string;
  readonly startId: (which: number) => string;
  readonly name: (which: number) => string;
}

type Call = (journal: Journal, names: Names) => Promise<unknown>;

const few = fc.nat(2);
const key = fc.record({ startId: few, branch: fc.constantFrom("", "1.0", "1.0.2.1", "10.1"), seq: fc.nat(4) });
type Place = { readonly startId: number; readonly branch: string; readonly seq: number };
const at = (names: Names, { startId, ...place }: Place) => ({ ...place, startId: names.startId(startId) });
const lease = fc.record({ owner: fc.constantFrom("delivery-0", "delivery-1"), until: fc.nat(2) });
const due = fc.option(fc.nat(2), { nil: undefined });
const statuses: readonly Exclude<Status, "Running">[] = ["Succeeded", "Failed", "Stopped", "TimedOut"];
const status = fc.constantFrom(...statuses);
const optional = <K extends string, T>(as: K, value: T | undefined) => (value === undefined ? {} : { [as]: value });

const entryCalls: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(key, fc.option(lease), due, fc.boolean()).map(
    ([place, held, dueAt, snapshot]): Call =>
      (journal, names) =>
        journal.append(
          entry(at(names, place), {
            ...(held === null ? {} : { lease: held }),
            ...optional("due", dueAt),
            ...(snapshot ? { snapshot: packed("state") } : {}),
          }),
        ),
  ),
  fc.tuple(key, lease, lease).map(
    ([place, expected, next]): Call =>
      (journal, names) =>
        journal.replaceLease(at(names, place), expected, next),
  ),
  fc.tuple(key, lease).map(
    ([place, { owner }]): Call =>
      (journal, names) =>
        journal.settle(at(names, place), owner),
  ),
  key.map(
    (place): Call =>
      async (journal, names) => {
        const { startId, branch, seq } = at(names, place);
        return {
          entry: await journal.readEntry({ startId, branch, seq }),
          tip: await journal.readTip(startId, branch),
          before: await journal.readEntries(startId, branch, 0, seq),
          snapshot: await journal.readSnapshot(startId, branch, seq),
        };
      },
  ),
);

const hangingCalls: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(key, fc.nat(9), fc.option(due)).map(
    ([place, report, ifDue]): Call =>
      (journal, names) =>
        journal.putVerdict(
          at(names, place),
          { outcome: packed(`outcome ${report}`), reportId: `report-${report}`, at: report },
          ifDue === null ? undefined : { due: ifDue },
        ),
  ),
  fc.tuple(key, fc.nat(2)).map(
    ([place, to]): Call =>
      (journal, names) =>
        journal.moveDue(at(names, place), to),
  ),
  fc.tuple(key, fc.nat(12)).map(
    ([place, index]): Call =>
      (journal, names) =>
        journal.addDone(at(names, place), index),
  ),
  fc.tuple(key, fc.nat(3)).map(
    ([place, index]): Call =>
      (journal, names) =>
        journal.putFailure(at(names, place), { index, error: "E", cause: "half a \ud83e", at: index }),
  ),
  fc.tuple(key, fc.nat(12), fc.nat(12), fc.boolean()).map(
    ([place, index, chunk, last]): Call =>
      (journal, names) =>
        journal.putOutput(at(names, place), {
          index,
          chunk,
          locals: packed(`${index}`),
          ...(last ? { last: { at: index, events: chunk } } : {}),
        }),
  ),
  key.map(
    (place): Call =>
      async (journal, names) => ({
        verdict: await journal.readVerdict(at(names, place)),
        joins: await journal.readJoins([at(names, place), at(names, { ...place, seq: 0 }), at(names, place)]),
        outputs: await journal.readOutputs(at(names, place)),
      }),
  ),
);

const executionCalls: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(few, few, fc.option(status)).map(
    ([name, start, ended]): Call =>
      (journal, names) =>
        journal.putHeader(
          header({
            ref: { flowId: names.flowId, name: names.name(name) },
            startId: `${names.name(name)}-${start}`,
            startedAt: 1_700_000_000_000 + name,
            ...(ended === null ? {} : { status: ended, endedAt: 1 }),
          }),
        ),
  ),
  fc.tuple(few, few, status).map(
    ([name, start, how]): Call =>
      (journal, names) =>
        journal.endHeader({ flowId: names.flowId, name: names.name(name) }, `${names.name(name)}-${start}`, {
          status: how,
          endedAt: start,
          ...(how === "Failed" ? { error: "E", cause: "half a \ud83e" } : {}),
        }),
  ),
  fc.tuple(few, few, fc.constantFrom("park", "unpark", "input", "result", "archive")).map(
    ([name, start, what]): Call =>
      async (journal, names) => {
        const ref = { flowId: names.flowId, name: names.name(name) };
        const startId = `${names.name(name)}-${start}`;
        if (what === "park") return journal.park(ref, startId, `message ${name}`);
        if (what === "unpark") return [...(await journal.unpark(ref, startId))].sort();
        if (what === "input") return journal.putInput(ref, startId, packed(`input ${start}`));
        if (what === "result") return journal.putResult(ref, startId, packed(`output ${start}`));
        return journal.putArchive(ref, startId, `archive ${start}`);
      },
  ),
  fc.tuple(few, few, fc.option(status)).map(
    ([name, start, how]): Call =>
      async (journal, names) => {
        const ref = { flowId: names.flowId, name: names.name(name) };
        const startId = `${names.name(name)}-${start}`;
        const filter = { limit: 2, ...(how === null ? {} : { status: how }) };
        return {
          header: await journal.readHeader(ref),
          data: await journal.readData(ref, startId),
          archive: await journal.readArchive(ref, startId),
          list: await itemsOf((cursor) => journal.listExecutions(names.flowId, filter, cursor)),
        };
      },
  ),
);

const flowCalls: fc.Arbitrary<Call> = fc
  .tuple(few, few, fc.integer({ min: 1, max: 4 }), fc.constantFrom("create", "update", "delete", "read"))
  .map(
    ([name, id, revision, what]): Call =>
      async (journal, names) => {
        const flow: FlowItem = {
          flowId: `${names.flowId}-${name}-${id}`,
          name: names.name(name),
          revision,
          mode: "Standard",
          createdAt: 5,
          updatedAt: revision,
        };
        // A flow id is never used again: created once.
        const used = (await journal.readRevision(flow.flowId, 1)) !== undefined;
        if (what === "create") return used || journal.createFlow({ ...flow, revision: 1 }, `definition ${id}`);
        if (what === "update") return journal.updateFlow(flow, `definition ${id}.${revision}`);
        if (what === "delete") return journal.deleteFlow(flow.name, flow.flowId);
        return [await journal.readFlow(flow.name), await journal.readRevision(flow.flowId, revision)];
      },
  );

test.each<[string, fc.Arbitrary<Call>]>([
  ["entries and leases", entryCalls],
  ["verdicts, joins and outputs", hangingCalls],
  ["executions, their data and lists", executionCalls],
  ["flows", flowCalls],
])("%s", async (_what, call) => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 10, maxLength: 60 }), async (calls) => {
      const [stored, model] = [dynamoJournal(made), memoryJournal()];
      const run = newId();
      const names: Names = {
        flowId: `f-${run}`,
        startId: (which) => `s-${run}-${which}`,
        name: (which) => `n-${run}-${which}`,
      };
      for (const one of calls) expect(await one(stored, names)).toEqual(await one(model, names));
    }),
    { numRuns: 12 },
  );
});
