import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { turn } from "../../sim/clock.ts";
import { type BatchesOptions, batches } from "./batches.ts";

/** Sends nowhere; notes the batches. */
function collecting(options: Partial<BatchesOptions<string>> = {}) {
  const sent: (readonly string[])[] = [];
  const add = batches<string>({
    maxEntries: 10,
    async send(entries) {
      sent.push(entries);
      return [];
    },
    ...options,
  });
  return { sent, add };
}

describe("calls that are batched", () => {
  test("in one turn of the event loop go together", async () => {
    const { sent, add } = collecting();
    const first = add("a");
    await Promise.resolve();
    await Promise.all([first, add("b"), add("c")]);
    expect(sent).toEqual([["a", "b", "c"]]);
  });

  test("in different turns do not, and none waits for a timer", async () => {
    const { sent, add } = collecting();
    const first = add("a");
    await turn();
    expect(sent).toEqual([["a"]]);
    const second = add("b");
    await turn();
    expect(sent).toEqual([["a"], ["b"]]);
    await Promise.all([first, second]);
  });

  test("go in their order, each batch as full as the limits of entries and bytes allow", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 12 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 30 }),
        async (entries, maxEntries, maxBytes) => {
          const { sent, add } = collecting({ maxEntries, maxBytes, bytesOf: (entry) => entry.length });
          await Promise.all(entries.map(add));
          expect(sent.flat()).toEqual(entries);
          for (const batch of sent) {
            expect(batch.length).toBeLessThanOrEqual(maxEntries);
            if (batch.length > 1) expect(batch.join("").length).toBeLessThanOrEqual(maxBytes);
          }
        },
      ),
    );
  });

  test("tell each caller what became of its own", async () => {
    const { add } = collecting({
      send: async (entries) => entries.map((entry) => (entry === "b" ? new Error("no b") : undefined)),
    });
    expect(await Promise.allSettled(["a", "b", "c"].map(add))).toMatchObject([
      { status: "fulfilled" },
      { status: "rejected", reason: { message: "no b" } },
      { status: "fulfilled" },
    ]);
  });

  test("all fail when their batch fails, and the next batch is another", async () => {
    let failing = true;
    const { add } = collecting({
      async send() {
        if (failing) throw new Error("no network");
        return [];
      },
    });
    const outcomes = await Promise.allSettled(["a", "b"].map(add));
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    failing = false;
    await add("c");
  });

  describe("while others are at work", () => {
    test("wait for those for a moment", async () => {
      const { sent, add } = collecting({ linger: { ms: 5, company: () => 3 } });
      const first = add("a");
      await turn();
      const second = add("b");
      await turn();
      expect(sent).toEqual([]);
      await Promise.all([first, second]);
      expect(sent).toEqual([["a", "b"]]);
    });

    test("wait no longer when all have called", async () => {
      const { sent, add } = collecting({ linger: { ms: 60_000, company: () => 2 } });
      const first = add("a");
      await turn();
      expect(sent).toEqual([]);
      await Promise.all([first, add("b")]);
      expect(sent).toEqual([["a", "b"]]);
    });

    test("wait no longer when a batch is full", async () => {
      const { sent, add } = collecting({ maxEntries: 2, linger: { ms: 60_000, company: () => 9 } });
      const first = add("a");
      await turn();
      await Promise.all([first, add("b")]);
      expect(sent).toEqual([["a", "b"]]);
    });

    test("do not wait when those have ended: who is alone goes at once", async () => {
      const { sent, add } = collecting({ linger: { ms: 60_000, company: () => 1 } });
      await add("a");
      expect(sent).toEqual([["a"]]);
    });
  });
});
