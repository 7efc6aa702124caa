/** The journal's contract for flows and their revisions. */
import { describe, expect, test } from "vitest";
import type { Journal } from "../../../lib/runtime/ports/journal.ts";
import { itemsOf, soon } from "../lists.ts";
import { hostileNames } from "../names.ts";
import { atOnce, flow, newId } from "./items.ts";

export function flowsContract(journal: () => Journal, largeText: string): void {
  describe("flows", () => {
    test("one that was not created is undefined, its revisions too", async () => {
      expect(await journal().readFlow("nobody")).toBeUndefined();
      expect(await journal().readRevision(newId(), 1)).toBeUndefined();
    });

    test("one is created with its first revision", async () => {
      const created = flow();
      expect(await journal().createFlow(created, "steps: []")).toBeUndefined();
      expect(await journal().readFlow(created.name)).toEqual(created);
      expect(await journal().readRevision(created.flowId, 1)).toBe("steps: []");
    });

    test("a name that is taken returns its flow, and nothing is written", async () => {
      const created = flow();
      const second = flow({ name: created.name, mode: "Express" });
      await journal().createFlow(created, "first");
      expect(await journal().createFlow(second, "second")).toEqual(created);
      expect(await journal().readFlow(created.name)).toEqual(created);
      expect(await journal().readRevision(second.flowId, 1)).toBeUndefined();
      expect(await journal().readRevision(created.flowId, 1)).toBe("first");
    });

    test("of 20 created at once under one name exactly one is", async () => {
      const name = `orders-${newId()}`;
      const flows = Array.from({ length: 20 }, () => flow({ name }));
      const results = await Promise.all(flows.map((one) => journal().createFlow(one, one.flowId)));
      const winner = flows[results.indexOf(undefined)];
      expect(results.filter((result) => result === undefined)).toHaveLength(1);
      expect(await journal().readFlow(name)).toEqual(winner);
      expect(results.filter((result) => result !== undefined)).toEqual(Array.from({ length: 19 }, () => winner));
    });

    test("an update adds the next revision and keeps the ones before", async () => {
      const created = flow();
      const updated = { ...created, revision: 2, mode: "Express" as const, updatedAt: created.updatedAt + 5 };
      await journal().createFlow(created, "first");
      expect(await journal().updateFlow(updated, "second")).toBe(true);
      expect(await journal().readFlow(created.name)).toEqual(updated);
      expect(await journal().readRevision(created.flowId, 1)).toBe("first");
      expect(await journal().readRevision(created.flowId, 2)).toBe("second");
    });

    test.each([1, 2, 4])(
      "an update of a flow at revision 2 to revision %i is refused and writes nothing",
      async (revision) => {
        const created = flow();
        const second = { ...created, revision: 2 };
        await journal().createFlow(created, "definition 1");
        await journal().updateFlow(second, "definition 2");
        expect(await journal().updateFlow({ ...created, revision }, "refused")).toBe(false);
        expect(await journal().readFlow(created.name)).toEqual(second);
        const definitions = await Promise.all([1, 2, 4].map((one) => journal().readRevision(created.flowId, one)));
        expect(definitions).toEqual(["definition 1", "definition 2", undefined]);
      },
    );

    test("an update of a flow that is gone, or was created anew, is refused", async () => {
      const created = flow();
      expect(await journal().updateFlow({ ...created, revision: 2 }, "second")).toBe(false);
      const anew = flow({ name: created.name });
      await journal().createFlow(anew, "first");
      expect(await journal().updateFlow({ ...created, revision: 2 }, "second")).toBe(false);
      expect(await journal().readFlow(created.name)).toEqual(anew);
    });

    test("of 20 updates at once exactly one is made", async () => {
      const created = flow();
      await journal().createFlow(created, "first");
      const updates = await atOnce(20, (index) =>
        journal().updateFlow({ ...created, revision: 2, updatedAt: index }, `second ${index}`),
      );
      expect(updates.filter(Boolean)).toHaveLength(1);
      expect(await journal().readRevision(created.flowId, 2)).toBe(`second ${updates.indexOf(true)}`);
      expect((await journal().readFlow(created.name))?.updatedAt).toBe(updates.indexOf(true));
    });

    test("one is deleted by name and id; its revisions stay for the executions it started", async () => {
      const created = flow();
      await journal().createFlow(created, "first");
      expect(await journal().deleteFlow(created.name, newId())).toBe(false);
      expect(await journal().readFlow(created.name)).toEqual(created);
      expect(await journal().deleteFlow(created.name, created.flowId)).toBe(true);
      expect(await journal().deleteFlow(created.name, created.flowId)).toBe(false);
      expect(await journal().readFlow(created.name)).toBeUndefined();
      expect(await journal().readRevision(created.flowId, 1)).toBe("first");
    });

    test("a deleted flow's name is free for another flow", async () => {
      const created = flow();
      const anew = flow({ name: created.name });
      await journal().createFlow(created, "first");
      await journal().deleteFlow(created.name, created.flowId);
      expect(await journal().createFlow(anew, "anew")).toBeUndefined();
      expect(await journal().readRevision(anew.flowId, 1)).toBe("anew");
      expect(await journal().deleteFlow(created.name, created.flowId)).toBe(false);
    });

    test.each(hostileNames)("a name is taken as it is: %s", async (name) => {
      const created = flow({ name });
      expect(await journal().readFlow(name)).toBeUndefined();
      expect(await journal().createFlow(created, name)).toBeUndefined();
      expect(await journal().readFlow(name)).toEqual(created);
      expect(await journal().readRevision(created.flowId, 1)).toBe(name);
      expect(await journal().deleteFlow(name, created.flowId)).toBe(true);
    });

    test("a large definition is kept whole", async () => {
      const created = flow();
      await journal().createFlow(created, largeText);
      expect((await journal().readRevision(created.flowId, 1)) === largeText).toBe(true);
    });

    test("all are listed once, as they are now, over more than a page", async () => {
      const flows = Array.from({ length: 230 }, (_, index) => flow({ createdAt: 1_700_000_000_000 + index }));
      for (const one of flows) await journal().createFlow(one, "first");
      const [updated, deleted] = [flows[7]!, flows[8]!];
      await journal().updateFlow({ ...updated, revision: 2 }, "second");
      await journal().deleteFlow(deleted.name, deleted.flowId);
      const expected = new Map(flows.map((one) => [one.flowId, one === updated ? 2 : 1]));
      expected.delete(deleted.flowId);
      await soon(async () => {
        const listed = await itemsOf((cursor) => journal().listFlows(cursor));
        expect(listed).toHaveLength(229);
        expect(new Map(listed.map((one) => [one.flowId, one.revision]))).toEqual(expected);
      });
    });
  });
}
