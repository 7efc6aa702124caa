/** The journal's contract for headers, what is parked, and the data of an execution (architecture §6). */
import { describe, expect, test } from "vitest";
import type { End, Header, Journal } from "../../../lib/runtime/ports/journal.ts";
import { hostileNames } from "../names.ts";
import { atOnce, header, newId, packed } from "./items.ts";

export function executionsContract(journal: () => Journal, largeText: string): void {
  const succeeded: End = { status: "Succeeded", endedAt: 1_700_000_005_000 };
  const stopped: End = { status: "Stopped", endedAt: 1_700_000_006_000, error: "Cancelled", cause: "by its user" };

  async function started(overrides: Partial<Header> = {}): Promise<Header> {
    const one = header(overrides);
    await journal().putHeader(one);
    return one;
  }

  describe("headers", () => {
    test("one that was not written is undefined", async () => {
      expect(await journal().readHeader({ flowId: newId(), name: "run-1" })).toBeUndefined();
    });

    test("one is written when the name is free", async () => {
      const one = header({ parentToken: "token", stopWithParent: true, core: 2, revision: 7 });
      expect(await journal().putHeader(one)).toBeUndefined();
      expect(await journal().readHeader(one.ref)).toEqual(one);
    });

    test("a name that is taken returns its header, and nothing is written", async () => {
      const one = await started();
      expect(await journal().putHeader({ ...one, startId: newId() })).toEqual(one);
      expect(await journal().putHeader(one)).toEqual(one);
      expect(await journal().readHeader(one.ref)).toEqual(one);
    });

    test("an ended execution keeps its name", async () => {
      const one = await started();
      await journal().endHeader(one.ref, one.startId, succeeded);
      expect(await journal().putHeader({ ...one, startId: newId() })).toEqual({ ...one, ...succeeded });
    });

    test("of 20 starts at once under one name exactly one wins, and the others get it", async () => {
      const ref = { flowId: newId(), name: "run-1" };
      const headers = Array.from({ length: 20 }, () => header({ ref }));
      const results = await Promise.all(headers.map((one) => journal().putHeader(one)));
      const winner = headers[results.indexOf(undefined)];
      expect(results.filter((result) => result === undefined)).toHaveLength(1);
      expect(results.filter((result) => result !== undefined)).toEqual(Array.from({ length: 19 }, () => winner));
      expect(await journal().readHeader(ref)).toEqual(winner);
    });

    test("a name is unique within its flow only", async () => {
      const one = await started();
      expect(await journal().putHeader(header({ ref: { flowId: newId(), name: one.ref.name } }))).toBeUndefined();
    });

    test.each(hostileNames)("a name is taken as it is: %s", async (name) => {
      const one = header({ ref: { flowId: newId(), name } });
      expect(await journal().readHeader(one.ref)).toBeUndefined();
      expect(await journal().putHeader(one)).toBeUndefined();
      expect(await journal().endHeader(one.ref, one.startId, stopped)).toEqual({ ...one, ...stopped });
      expect(await journal().readHeader(one.ref)).toEqual({ ...one, ...stopped });
    });
  });

  describe("an execution that is written when it has ended already", () => {
    test("reads as it was written, keeps its name and does not end again", async () => {
      const one = header({ ...stopped });
      expect(await journal().putHeader(one)).toBeUndefined();
      expect(await journal().putHeader(header({ ref: one.ref }))).toEqual(one);
      expect(await journal().endHeader(one.ref, one.startId, succeeded)).toEqual(one);
      expect(await journal().readHeader(one.ref)).toEqual(one);
    });
  });

  describe("the end", () => {
    test.each<End>([
      succeeded,
      stopped,
      { status: "Failed", endedAt: 1_700_000_007_000, error: "CardDeclined", cause: '{"errorMessage":"no funds"}' },
      { status: "TimedOut", endedAt: 1_700_000_008_000, error: "FnF.Timeout", cause: "" },
    ])("of a running execution is written and returned: $status", async (end) => {
      const one = await started();
      expect(await journal().endHeader(one.ref, one.startId, end)).toEqual({ ...one, ...end });
      expect(await journal().readHeader(one.ref)).toEqual({ ...one, ...end });
    });

    test("comes once: who is late gets the header as it was", async () => {
      const one = await started();
      await journal().endHeader(one.ref, one.startId, stopped);
      expect(await journal().endHeader(one.ref, one.startId, succeeded)).toEqual({ ...one, ...stopped });
    });

    test("does not come to an execution with another start id", async () => {
      const one = await started();
      expect(await journal().endHeader(one.ref, newId(), succeeded)).toEqual(one);
      expect(await journal().readHeader(one.ref)).toEqual(one);
    });

    test("of an execution that is not there is undefined, and makes none", async () => {
      const ref = { flowId: newId(), name: "run-1" };
      expect(await journal().endHeader(ref, newId(), succeeded)).toBeUndefined();
      expect(await journal().readHeader(ref)).toBeUndefined();
    });

    test("20 ends at once agree on one", async () => {
      const one = await started();
      const results = await atOnce(20, (index) =>
        journal().endHeader(one.ref, one.startId, { ...stopped, endedAt: stopped.endedAt + index }),
      );
      const stored = await journal().readHeader(one.ref);
      expect(stored?.status).toBe("Stopped");
      expect(results).toEqual(results.map(() => stored));
    });
  });

  describe("parked executions", () => {
    test("are marked, with the message kept, until they are taken back", async () => {
      const one = await started();
      await journal().park(one.ref, one.startId, "message 1");
      await journal().park(one.ref, one.startId, largeText);
      expect(await journal().readHeader(one.ref)).toEqual({ ...one, parked: true });
      const messages = await journal().unpark(one.ref, one.startId);
      expect(new Set(messages)).toEqual(new Set(["message 1", largeText]));
      expect((await journal().readHeader(one.ref))?.parked ?? false).toBe(false);
      expect(await journal().unpark(one.ref, one.startId)).toEqual([]);
    });

    test("run on and end as any other", async () => {
      const one = await started();
      await journal().park(one.ref, one.startId, "message 1");
      expect(await journal().endHeader(one.ref, one.startId, stopped)).toMatchObject(stopped);
      expect(await journal().unpark(one.ref, one.startId)).toEqual(["message 1"]);
      expect(await journal().readHeader(one.ref)).toMatchObject(stopped);
    });

    test("are told apart by start id: another's mark and messages are not touched", async () => {
      const one = await started();
      const stranger = newId();
      await journal().park(one.ref, stranger, "a stranger's");
      expect(await journal().readHeader(one.ref)).toEqual(one);
      await journal().park(one.ref, one.startId, "mine");
      await journal().unpark(one.ref, stranger);
      expect((await journal().readHeader(one.ref))?.parked).toBe(true);
      expect(await journal().unpark(one.ref, one.startId)).toEqual(["mine"]);
    });

    test("keep the message of a start that has no header yet", async () => {
      const ref = { flowId: newId(), name: "run-1" };
      const startId = newId();
      await journal().park(ref, startId, "start");
      expect(await journal().readHeader(ref)).toBeUndefined();
      expect(await journal().unpark(ref, startId)).toEqual(["start"]);
      expect(await journal().readHeader(ref)).toBeUndefined();
    });
  });

  describe("input and output", () => {
    test("are absent until they are written", async () => {
      const one = await started();
      expect(await journal().readData(one.ref, one.startId)).toEqual({});
    });

    test("are each kept whatever the other does", async () => {
      const one = await started();
      await journal().putInput(one.ref, one.startId, packed(largeText));
      const { input, ...rest } = await journal().readData(one.ref, one.startId);
      expect(input === largeText).toBe(true);
      expect(rest).toEqual({});
      await journal().putResult(one.ref, one.startId, packed("output"));
      await journal().putInput(one.ref, one.startId, packed("input"));
      expect(await journal().readData(one.ref, one.startId)).toEqual({ input: "input", output: "output" });
    });

    test("can be written before the header says so", async () => {
      const one = header();
      await journal().putResult(one.ref, one.startId, packed("output"));
      await journal().putHeader(one);
      expect(await journal().readData(one.ref, one.startId)).toEqual({ output: "output" });
      expect(await journal().readHeader(one.ref)).toEqual(one);
    });

    test("do not show for another start id of the same name", async () => {
      const one = await started();
      await journal().putInput(one.ref, one.startId, packed("input"));
      expect(await journal().readData(one.ref, newId())).toEqual({});
    });
  });

  describe("the archive of an Express run", () => {
    test("is absent until it is written, then reads as it was", async () => {
      const one = await started();
      expect(await journal().readArchive(one.ref, one.startId)).toBeUndefined();
      await journal().putArchive(one.ref, one.startId, largeText);
      expect((await journal().readArchive(one.ref, one.startId)) === largeText).toBe(true);
    });

    test("does not show for another start id, nor in the data", async () => {
      const one = await started();
      await journal().putArchive(one.ref, one.startId, "archive");
      expect(await journal().readArchive(one.ref, newId())).toBeUndefined();
      expect(await journal().readData(one.ref, one.startId)).toEqual({});
    });
  });
}
