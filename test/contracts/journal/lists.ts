/** The journal's contract for the lists of executions: newest first, a page at a time, filtered. */
import { describe, expect, test } from "vitest";
import type { ExecutionFilter, Header, Journal, Page, Status } from "../../../lib/runtime/ports/journal.ts";
import { itemsOf, pagesOf, soon } from "../lists.ts";
import { header, newId } from "./items.ts";

const START = 1_700_000_000_000;
const STATUSES: readonly Status[] = ["Running", "Succeeded", "Failed", "Stopped", "TimedOut"];

export function listsContract(journal: () => Journal): void {
  /** `count` executions of a flow, one a second, written in an order that is not theirs. */
  async function executionsOf(flowId: string, count: number): Promise<readonly Header[]> {
    const headers = Array.from({ length: count }, (_, index) =>
      header({
        ref: { flowId, name: `${index % 3 === 0 ? "nightly" : "run"}-${index}` },
        startedAt: START + index * 1000,
      }),
    );
    const half = count >> 1;
    for (const one of [...headers.slice(half), ...headers.slice(0, half)]) await journal().putHeader(one);
    return headers;
  }

  /** As `executionsOf`, with statuses in turn. */
  async function endedOf(flowId: string, count: number): Promise<readonly Header[]> {
    const headers = await executionsOf(flowId, count);
    return Promise.all(
      headers.map(async (one, index) => {
        const status = STATUSES[index % STATUSES.length];
        if (status === undefined || status === "Running") return one;
        return (await journal().endHeader(one.ref, one.startId, { status, endedAt: one.startedAt + 1 })) ?? one;
      }),
    );
  }

  const newest = (headers: readonly Header[]) => headers.toSorted((one, other) => other.startedAt - one.startedAt);
  const list = (flowId: string, filter: ExecutionFilter) => (cursor?: string) =>
    journal().listExecutions(flowId, filter, cursor);

  describe("the list of a flow's executions", () => {
    test("is empty for a flow without any", async () => {
      expect(await journal().listExecutions(newId(), { limit: 10 })).toEqual({ items: [] });
    });

    test("comes newest first, as the executions are now, and leaves out other flows'", async () => {
      const flowId = newId();
      const headers = await endedOf(flowId, 12);
      await executionsOf(newId(), 3);
      await soon(async () => expect(await itemsOf(list(flowId, { limit: 100 }))).toEqual(newest(headers)));
    });

    test.each([1, 3, 6, 7, 100])(
      "comes in pages of at most %i that leave nothing out and repeat nothing",
      async (limit) => {
        const flowId = newId();
        const headers = await executionsOf(flowId, 7);
        await soon(async () => {
          const pages = await pagesOf(list(flowId, { limit }));
          expect(pages.every((page) => page.length <= limit)).toBe(true);
          expect(pages.flat()).toEqual(newest(headers));
        });
      },
    );

    test("pages through executions that started in the same millisecond", async () => {
      const flowId = newId();
      const names = Array.from({ length: 9 }, (_, index) => `run-${index}`);
      for (const name of names) await journal().putHeader(header({ ref: { flowId, name }, startedAt: START }));
      await soon(async () => {
        const listed = await itemsOf(list(flowId, { limit: 2 }));
        expect(listed.map((one) => one.ref.name).sort()).toEqual(names);
      });
    });

    test("goes on from a cursor whatever was started or ended meanwhile", async () => {
      const flowId = newId();
      const headers = newest(await executionsOf(flowId, 6));
      let first: Page<Header> = { items: [] };
      await soon(async () => {
        first = await journal().listExecutions(flowId, { limit: 3 });
        expect(first.items).toEqual(headers.slice(0, 3));
      });
      await journal().putHeader(header({ ref: { flowId, name: "late" }, startedAt: START + 60_000 }));
      const [last] = first.items.slice(-1);
      await journal().endHeader(last!.ref, last!.startId, { status: "Succeeded", endedAt: START });
      const rest: Header[] = [];
      for (let cursor = first.cursor; cursor !== undefined; ) {
        const page = await journal().listExecutions(flowId, { limit: 3 }, cursor);
        rest.push(...page.items);
        cursor = page.cursor;
      }
      expect(rest).toEqual(headers.slice(3));
    });

    const filters: readonly [string, Omit<ExecutionFilter, "limit">, (one: Header) => boolean][] = [
      ["status", { status: "Failed" }, (one) => one.status === "Failed"],
      ["status Running", { status: "Running" }, (one) => one.status === "Running"],
      ["name prefix", { namePrefix: "nightly-" }, (one) => one.ref.name.startsWith("nightly-")],
      ["name prefix that is a whole name", { namePrefix: "run-1" }, (one) => one.ref.name.startsWith("run-1")],
      ["name prefix that stands in the middle of names", { namePrefix: "un-" }, () => false],
      ["empty name prefix", { namePrefix: "" }, () => true],
      ["start not before", { startedFrom: START + 5000 }, (one) => one.startedAt >= START + 5000],
      ["start not after", { startedTo: START + 5000 }, (one) => one.startedAt <= START + 5000],
      [
        "start between",
        { startedFrom: START + 4001, startedTo: START + 9000 },
        (one) => one.startedAt > START + 4000 && one.startedAt <= START + 9000,
      ],
      ["start in an empty range", { startedFrom: START + 9000, startedTo: START + 4000 }, () => false],
      [
        "all of them",
        { status: "Succeeded", namePrefix: "run", startedFrom: START + 2000, startedTo: START + 12_000 },
        (one) =>
          one.status === "Succeeded" &&
          one.ref.name.startsWith("run") &&
          one.startedAt >= START + 2000 &&
          one.startedAt <= START + 12_000,
      ],
    ];
    test.each(filters)("is filtered by %s, over pages", async (_what, filter, accepts) => {
      const flowId = newId();
      const headers = await endedOf(flowId, 20);
      await soon(async () =>
        expect(await itemsOf(list(flowId, { limit: 2, ...filter }))).toEqual(newest(headers.filter(accepts))),
      );
    });
  });

  describe("the list of running executions", () => {
    const running = async () =>
      (await itemsOf((cursor) => journal().listRunning(cursor))).map((one) => one.startId).sort();

    test("is empty when nothing runs", async () => {
      expect(await itemsOf((cursor) => journal().listRunning(cursor))).toEqual([]);
    });

    test("has those of all flows, once each, over more than a page, and none that ended", async () => {
      const headers = [...(await executionsOf(newId(), 240)), ...(await endedOf(newId(), 15))];
      const expected = headers.filter((one) => one.status === "Running").map((one) => one.startId);
      await soon(async () => expect(await running()).toEqual(expected.sort()));
    });

    test("does not have one that was written when it had ended already; the flow's list does", async () => {
      const one = header({ status: "Failed", endedAt: START + 1 });
      await journal().putHeader(one);
      await soon(async () => expect(await itemsOf(list(one.ref.flowId, { limit: 9 }))).toEqual([one]));
      expect(await running()).toEqual([]);
    });

    test("loses the last one when that ends", async () => {
      const [one] = await executionsOf(newId(), 1);
      await soon(async () => expect(await running()).toEqual([one!.startId]));
      await journal().endHeader(one!.ref, one!.startId, { status: "TimedOut", endedAt: START + 1 });
      await soon(async () => expect(await running()).toEqual([]));
    });

    test("a sweep that goes on while executions end sees every one that still runs", async () => {
      const headers = await executionsOf(newId(), 250);
      await soon(async () => expect(await running()).toHaveLength(250));
      const seen = new Set<string>();
      let cursor: string | undefined;
      do {
        const page: Page<Header> = await journal().listRunning(cursor);
        for (const one of page.items) seen.add(one.startId);
        for (const one of page.items.slice(0, 90)) {
          await journal().endHeader(one.ref, one.startId, { status: "Succeeded", endedAt: START });
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect([...seen].sort()).toEqual(headers.map((one) => one.startId).sort());
    });
  });
}
