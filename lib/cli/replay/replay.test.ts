import { describe, expect, it } from "vitest";
import type { ExecutionDocument, ExportedEntry } from "../journal/document.ts";
import { placeText } from "../journal/document.ts";
import { orderWorld } from "../journal/testing/order.ts";
import { exported } from "../journal/testing/source.ts";
import { UsageError } from "../usage.ts";
import { type Replay, replay } from "./replay.ts";

async function finished(): Promise<ExecutionDocument> {
  const { world, header, approve } = await orderWorld();
  await approve();
  return exported(world.plain, header.ref);
}

const document = await finished();

/** All that differs, as `root:3 effect`. */
function found({ entries, end }: Replay): readonly string[] {
  return [
    ...entries.flatMap(({ entry, differences }) => differences.map(({ what }) => `${placeText(entry)} ${what}`)),
    ...end.map(({ what }) => `end ${what}`),
  ];
}

/** The document with entry number `index` changed. */
function changed(index: number, change: Partial<ExportedEntry>): ExecutionDocument {
  return { ...document, entries: document.entries.map((entry, i) => (i === index ? { ...entry, ...change } : entry)) };
}

describe("a replay of what was recorded", () => {
  it("finds nothing different, through retries, nested forks, lanes, a sub-flow, a callback and a large value", () => {
    expect(found(replay(document))).toEqual([]);
    expect(new Set(document.entries.map(({ effect }) => effect))).toEqual(
      new Set(["invoke", "timer", "fork", "branchDone", "submit", "awaitVerdict", "succeeded"]),
    );
    expect(document.header.status).toBe("Succeeded");
  });

  it("orders entries by time, never an effect before its cause", () => {
    const places = replay(document).entries.map(({ entry }) => placeText(entry));
    expect(places).toHaveLength(document.entries.length);
    const at = (place: string) => places.indexOf(place);
    const joined = document.entries.filter(({ event }) => event.kind === "joined");
    expect(joined.length).toBe(2);
    for (const { branch, seq } of document.entries) {
      if (seq > 0) expect(at(placeText({ branch, seq: seq - 1 }))).toBeLessThan(at(placeText({ branch, seq })));
    }
    for (const fork of joined) {
      const children = document.entries.filter(({ branch }) =>
        branch.startsWith(`${fork.branch}${fork.branch && "."}${fork.seq - 1}.`),
      );
      expect(children.length).toBeGreaterThan(0);
      for (const child of children) expect(at(placeText(child))).toBeLessThan(at(placeText(fork)));
    }
  });

  it("derives the history events of each entry", () => {
    const types = replay(document).entries.flatMap(({ history }) => history().map(({ type }) => type));
    expect(types[0]).toBe("ExecutionStarted");
    expect(types.at(-1)).toBe("ExecutionSucceeded");
    expect(types.filter((type) => type === "IterationExited")).toHaveLength(5);
    expect(types).toContain("TaskSubmitted");
  });

  it("of a running execution says nothing of its end", async () => {
    const { world, header } = await orderWorld();
    expect(found(replay(await exported(world.plain, header.ref)))).toEqual([]);
  });
});

describe("a replay of what was changed", () => {
  it.each(document.entries.map((entry, index) => ({ place: placeText(entry), index, entry })))(
    "finds another effect, count of events, or time at $place",
    ({ place, index, entry }) => {
      const other = entry.effect === "invoke" ? "timer" : "invoke";
      expect(found(replay(changed(index, { effect: other })))).toContain(`${place} effect`);
      expect(found(replay(changed(index, { events: entry.events + 1 })))).toContain(`${place} events`);
      expect(found(replay(changed(index, { at: entry.at + 1 })))).toContain(`${place} at`);
      expect(found(replay(changed(index, { due: (entry.due ?? 0) + 1 })))).toContain(`${place} due`);
    },
  );

  it("finds every changed leaf of every snapshot, and names it", () => {
    let leaves = 0;
    for (const [index, { snapshot }] of document.entries.entries()) {
      if (snapshot === undefined) continue;
      for (const path of leafPaths(snapshot)) {
        const copy = structuredClone(snapshot);
        replaceLeaf(copy, path);
        const [first = ""] = found(replay(changed(index, { snapshot: copy })));
        expect(first.replaceAll(/\[(\d+)\]/g, ".$1")).toContain(`snapshot.${path.join(".")}`);
        leaves += 1;
      }
    }
    expect(leaves).toBeGreaterThan(100);
  });

  it("finds a changed result of a task, where it has gone on into a state", () => {
    const index = document.entries.findIndex(
      ({ event }) => event.kind === "taskSucceeded" && event.output !== undefined,
    );
    const { event } = document.entries[index] ?? {};
    if (event?.kind !== "taskSucceeded") throw new Error("no task succeeded");
    const forged = { ...event, output: { paid: 8, picture: "" } };
    expect(found(replay(changed(index, { event: forged })))).toContain("root:3 snapshot.frames[0].local.paid");
  });

  it.each<[string, (document: ExecutionDocument) => Partial<ExecutionDocument>, string]>([
    ["input", () => ({ input: { items: [] } }), "root:0 input"],
    ["output", () => ({ output: {} }), "end output.by"],
    ["end", ({ header }) => ({ header: { ...header, status: "Failed", error: "Other" } }), "end status"],
    ["time of the end", ({ header }) => ({ header: { ...header, endedAt: 1 } }), "end end"],
    [
      "report",
      ({ verdicts }) => ({ verdicts: verdicts.map((one) => ({ ...one, outcome: { kind: "timedOut" } })) }),
      " verdict.kind",
    ],
    ["branch's output", ({ outputs }) => ({ outputs: outputs.map((one) => ({ ...one, locals: [{}] })) }), " output"],
    ["branch's output that is gone", () => ({ outputs: [] }), " output"],
    ["definition", ({ definition }) => ({ definition: definition.replace("duration: 0.05", "duration: 5") }), " due"],
  ])("finds another %s", (_what, change, expected) => {
    const differing = found(replay({ ...document, ...change(document) }));
    expect(differing.join("\n")).toContain(expected);
  });

  it.each(document.entries.map((entry, index) => ({ place: placeText(entry), index })))(
    "finds that $place is missing, when something follows it, and tells it once a branch",
    ({ index }) => {
      const entries = document.entries.filter((_, i) => i !== index);
      const differing = found(replay({ ...document, entries }));
      const { branch, seq } = document.entries[index] ?? { branch: "", seq: 0 };
      const missing = differing.filter(
        (text) => text.endsWith(" seq") || text.endsWith(" branch") || text.endsWith(" event"),
      );
      const isLast = !entries.some((entry) => entry.branch === branch && entry.seq > seq);
      if (!isLast) expect(missing.filter((text) => text.startsWith(`${branch || "root"}:`))).toHaveLength(1);
      // The last one of a branch is missed where its fork goes on, and the root's at the execution's end.
      if (isLast && branch !== "") expect(differing.some((text) => text.endsWith(` branch ${branch}`))).toBe(true);
      if (isLast && branch === "") expect(differing).toEqual(["end status"]);
    },
  );

  it("does not go on in a branch whose event cannot be applied, and does in others", () => {
    const index = document.entries.findIndex(({ branch, seq }) => branch === "3.1" && seq === 0);
    const broken = replay(changed(index, { event: { kind: "elapsed", at: 0 } }));
    expect(found(broken)).toContain("3.1:0 event");
    expect(broken.entries.find(({ entry }) => placeText(entry) === "3.0:1")?.transition).toBeDefined();
    expect(broken.entries.find(({ entry }) => placeText(entry) === "3.1:0")?.transition).toBeUndefined();
  });

  it("refuses an execution of another core version", () => {
    expect(() => replay({ ...document, header: { ...document.header, core: 99 } })).toThrow(UsageError);
  });
});

function* leafPaths(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) yield path;
  else for (const [key, part] of Object.entries(value)) yield* leafPaths(part, [...path, key]);
}

function replaceLeaf(value: unknown, path: readonly string[]): void {
  const [key = "", ...rest] = path;
  const node = value as Record<string, unknown>;
  if (rest.length > 0) replaceLeaf(node[key], rest);
  else node[key] = "another";
}
