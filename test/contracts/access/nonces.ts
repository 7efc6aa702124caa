/** The access port's contract for nonces. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Access } from "../../../lib/runtime/ports/access.ts";
import { atOnce } from "../journal/items.ts";
import { hostileNames } from "../names.ts";
import { accessKey } from "./items.ts";

const NOW = 1_700_000_000_000;
const UNTIL = NOW + 900_000;

export function noncesContract(access: () => Access): void {
  const use = (nonce: string, { keyId = "STEPone", until = UNTIL, now = NOW } = {}) =>
    access().useNonce({ keyId, nonce, until, now });

  describe("a nonce", () => {
    test("is good once", async () => {
      expect(await use("nonce")).toBe(true);
      expect(await use("nonce")).toBe(false);
      expect(await use("nonce")).toBe(false);
    });

    test("of 20 who use it at once, each until another time, one gets true", async () => {
      const answers = await atOnce(20, (index) => use("nonce", { until: UNTIL + index }));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    test("counts until the moment when it expires, to the millisecond, and once from then on", async () => {
      await use("nonce");
      expect(await use("nonce", { now: UNTIL - 1, until: UNTIL + 1000 })).toBe(false);
      const answers = await atOnce(20, () => use("nonce", { now: UNTIL, until: UNTIL + 1000 }));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await use("nonce", { now: UNTIL + 999, until: UNTIL + 2000 })).toBe(false);
      expect(await use("nonce", { now: UNTIL + 1000, until: UNTIL + 2000 })).toBe(true);
    });

    test("that is refused keeps its time: whoever sends it again and again does not move it", async () => {
      await use("nonce");
      await use("nonce", { until: UNTIL + 5000 });
      expect(await use("nonce", { now: UNTIL, until: UNTIL + 5000 })).toBe(true);
    });

    test("is each key's own", async () => {
      expect(await use("nonce", { keyId: "STEPone" })).toBe(true);
      expect(await use("nonce", { keyId: "STEPtwo" })).toBe(true);
      // No two pairs are the same when they are written one after the other.
      expect(await use("b", { keyId: "a" })).toBe(true);
      expect(await use("", { keyId: "ab" })).toBe(true);
      expect(await use("b#c", { keyId: "a" })).toBe(true);
      expect(await use("c", { keyId: "a#b" })).toBe(true);
    });

    test("may be any text, and is told from all others", async () => {
      const nonces = [
        ...hostileNames,
        "",
        "#",
        "\u0000",
        "a\u0000b",
        "\ud83e",
        "x".repeat(5000),
        `${"x".repeat(4999)}y`,
      ];
      for (const nonce of nonces) expect(await use(nonce)).toBe(true);
      for (const nonce of nonces) expect(await use(nonce)).toBe(false);
    });

    test("is no key and makes none; its key need not be there, and its removal changes nothing", async () => {
      const one = accessKey();
      await access().putKey(one);
      expect(await use("nonce", { keyId: one.id })).toBe(true);
      expect(await access().listKeys()).toEqual([one]);
      await access().removeKey(one.id);
      expect(await use("nonce", { keyId: one.id })).toBe(false);
      expect(await access().readKey("nonce")).toBeUndefined();
    });

    test("whatever is used in whatever order as time goes on, what is noted and has not expired is refused", async () => {
      const uses = fc.array(
        fc.record({ nonce: fc.constantFrom("a", "b", "c"), later: fc.nat(3), good: fc.integer({ min: 1, max: 6 }) }),
        { minLength: 1, maxLength: 15 },
      );
      let run = 0;
      await fc.assert(
        fc.asyncProperty(uses, async (all) => {
          const keyId = `STEP${run++}`;
          const noted = new Map<string, number>();
          let now = NOW;
          for (const { nonce, later, good } of all) {
            now += later;
            const isNew = (noted.get(nonce) ?? 0) <= now;
            if (isNew) noted.set(nonce, now + good);
            expect(await use(nonce, { keyId, now, until: now + good })).toBe(isNew);
          }
        }),
        { numRuns: 40 },
      );
    });
  });
}
