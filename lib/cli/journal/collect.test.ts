import { expect, it } from "vitest";
import { memoryJournal } from "../../memory/journal.ts";
import { memoryQueue } from "../../memory/queue.ts";
import { memoryTimers } from "../../memory/timers.ts";
import { expressHistory, reportTask, startSyncExecution } from "../../runtime/index.ts";
import { world } from "../../runtime/testing/world.ts";
import { replay } from "../replay/replay.ts";
import { exportExecution } from "./collect.ts";
import { orderWorld } from "./testing/order.ts";
import { exported, exportText, sourceOf } from "./testing/source.ts";

it("holds what each entry recorded, in the order of the branch, with the verdicts, joins and outputs beside", async () => {
  const { world, header, approve } = await orderWorld();
  await approve();
  const document = await exported(world.plain, header.ref);
  expect(document).toMatchObject({
    stepwell: "execution",
    format: 1,
    header: { flow: "order", startId: header.startId, status: "Succeeded" },
    input: { items: [1, 2, 3, 4, 5] },
    output: { by: "ann" },
  });
  for (const branch of new Set(document.entries.map((entry) => entry.branch))) {
    const seqs = document.entries.filter((entry) => entry.branch === branch).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index));
  }
  const child = document.entries.find((entry) => entry.child !== undefined);
  expect(child?.child?.flow).toBe("refund");
  expect(document.verdicts.map(({ outcome }) => outcome)).toEqual([
    { kind: "succeeded", output: { refunded: 7 } },
    { kind: "succeeded", output: { by: "ann" } },
  ]);
  expect(document.joins.map(({ branch, seq, done }) => [branch, seq, done])).toEqual([
    ["", 3, [0, 1]],
    ["3.1", 0, [0, 1]],
  ]);
  expect(document.outputs.filter(({ branch }) => branch === "3.1").map(({ locals }) => locals)).toEqual([
    [{ wrapped: 1 }, { wrapped: 3 }, { wrapped: 5 }],
    [{ wrapped: 2 }, { wrapped: 4 }],
  ]);
});

it("writes a large value once, however many snapshots repeat it, and reads it back into each", async () => {
  const { world, header } = await orderWorld();
  const text = await exportText(world.plain, header.ref);
  expect(text.split("x".repeat(100_000))).toHaveLength(2);
  const { entries } = await exported(world.plain, header.ref);
  const snapshots = entries.map(({ snapshot }) => JSON.stringify(snapshot) ?? "");
  expect(snapshots.filter((snapshot) => snapshot.includes("x".repeat(100_000))).length).toBeGreaterThan(3);
});

it("gives nobody a token to report with, and keeps apart what different tokens were", async () => {
  const { world, header, token, approve } = await orderWorld();
  const real = token() ?? "";
  const text = await exportText(world.plain, header.ref);
  const signature = real.slice(real.lastIndexOf(".") + 1);
  expect(signature).toHaveLength(43);
  expect(text).not.toContain(signature);
  const withheld = new RegExp(`${real.slice(0, real.lastIndexOf("."))}\\.[A-Za-z0-9_-]{43}`).exec(text)?.[0] ?? "";
  await expect(reportTask(world.runtime, withheld, { kind: "succeeded", output: {} })).rejects.toMatchObject({
    code: "InvalidArgument",
  });
  await approve();
  const ended = await exportText(world.plain, header.ref);
  expect(ended).not.toContain(signature);
  // The flow put it into its output.
  expect((await exported(world.plain, header.ref)).output).toMatchObject({ by: "ann", with: withheld });
});

it("keeps user data that is called as nothing should be, and texts that only look like tokens", async () => {
  const flow = `version: v1\ntype: flow\nsteps: [{type: task, name: odd, resourceArn: "acs:fc:::services/s/functions/odd"}, {type: wait, name: nap, duration: 1}]`;
  const odd = JSON.parse(
    `{"__proto__": {"big": "${"y".repeat(100_000)}"}, "constructor": [], "": 0, "v": "v1.abc.${"A".repeat(43)}", "l": "\\ud800"}`,
  );
  const w = await world({ flows: { odd: flow }, functions: { "s/odd": () => odd } });
  const { header } = await w.run("odd");
  const document = await exported(w.plain, header.ref);
  expect(JSON.stringify(document.output)).toBe(JSON.stringify(odd));
  const { entries, end } = replay(document);
  expect([...end, ...entries.flatMap(({ differences }) => differences)]).toEqual([]);
});

it("reads an Express run from its archive", async () => {
  const flow = `version: v1\ntype: flow\nsteps: [{type: foreach, name: each, iterationMapping: {collection: $.list, item: x}, steps: [{type: pass, name: p, outputMappings: [{target: x, source: $input.x}]}]}]`;
  const w = await world({ flows: { quick: flow }, express: ["quick"] });
  const { clock, ids } = w.plain;
  const queue = memoryQueue({ clock, ids });
  const { header } = await startSyncExecution(
    w.runtime,
    { flow: "quick", input: { list: [1, 2, 3] } },
    { journal: memoryJournal(), queue, timers: memoryTimers({ clock, queue }) },
  );
  const document = await exported(w.plain, header.ref);
  const { entries, end } = replay(document);
  expect([...end, ...entries.flatMap(({ differences }) => differences)]).toEqual([]);
  const types: string[] = [];
  for await (const event of expressHistory(w.runtime, header, memoryJournal())) types.push(event.Type);
  expect(entries.flatMap(({ history }) => history().map(({ type }) => type)).sort()).toEqual(types.sort());
  expect(types.length).toBeGreaterThan(10);
});

it("refuses an execution whose definition is gone", async () => {
  const { world, header } = await orderWorld();
  const source = sourceOf(world.plain);
  const bare = { ...source, journal: { ...source.journal, readRevision: async () => undefined } };
  await expect(exportExecution(bare, header, 0)).rejects.toMatchObject({ code: "FlowNotExists" });
});
