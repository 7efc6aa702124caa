/** The access port's contract for keys. */
import { describe, expect, test } from "vitest";
import { type Access, type KeyChange, ROLES } from "../../../lib/runtime/ports/access.ts";
import { atOnce } from "../journal/items.ts";
import { hostileNames } from "../names.ts";
import { accessKey, anySealed } from "./items.ts";

export function accessKeysContract(access: () => Access): void {
  describe("an access key", () => {
    test("there is none at first", async () => {
      const { id } = accessKey();
      expect(await access().readKey(id)).toBeUndefined();
      expect(await access().listKeys()).toEqual([]);
      expect(await access().changeKey(id, { enabled: false })).toBeUndefined();
      expect(await access().changeKey(id, {})).toBeUndefined();
      expect(await access().removeKey(id)).toBe(false);
      expect(await access().listKeys()).toEqual([]);
    });

    test.each(ROLES)("comes back as it was, of role %s", async (role) => {
      const least = accessKey({ role, enabled: false, description: "" });
      const full = accessKey({ role, replaces: least.id, expiresAt: 1_800_000_000_123 });
      for (const one of [least, full]) {
        expect(await access().putKey(one)).toBeUndefined();
        expect(await access().readKey(one.id)).toEqual(one);
      }
    });

    test("whose id is taken is not written: who puts it gets the one that is there", async () => {
      const first = accessKey();
      await access().putKey(first);
      expect(await access().putKey(accessKey({ id: first.id, role: "admin" }))).toEqual(first);
      expect(await access().readKey(first.id)).toEqual(first);
    });

    test("put once more is success and brings nothing back", async () => {
      const one = accessKey();
      await access().putKey(one);
      const changed = await access().changeKey(one.id, { enabled: false });
      expect(await access().putKey(one)).toBeUndefined();
      expect(await access().readKey(one.id)).toEqual(changed);
    });

    test("of 20 put at once under one id one is written, and all know which", async () => {
      const { id } = accessKey();
      const all = Array.from({ length: 20 }, () => accessKey({ id }));
      const answers = await atOnce(20, (index) => access().putKey(all[index]!));
      const winner = all[answers.indexOf(undefined)];
      expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
      expect(answers.filter((answer) => answer !== undefined)).toEqual(Array(19).fill(winner));
      expect(await access().readKey(id)).toEqual(winner);
    });

    const changes: readonly KeyChange[] = [
      { enabled: false },
      { role: "admin" },
      { description: "" },
      { expiresAt: 5 },
      { enabled: false, role: "reader", description: "another", expiresAt: 1_800_000_000_000 },
      {},
    ];
    test.each(changes)("is changed by %j in that and nothing else", async (change) => {
      const [one, other] = [accessKey({ replaces: "STEPold" }), accessKey()];
      await access().putKey(one);
      await access().putKey(other);
      expect(await access().changeKey(one.id, change)).toEqual({ ...one, ...change });
      expect(await access().readKey(one.id)).toEqual({ ...one, ...change });
      expect(await access().readKey(other.id)).toEqual(other);
    });

    test("is changed by two at once in what each says", async () => {
      const one = accessKey();
      await access().putKey(one);
      const [enabled, role] = [{ enabled: false }, { role: "reader" }] as const;
      await Promise.all([access().changeKey(one.id, enabled), access().changeKey(one.id, role)]);
      expect(await access().readKey(one.id)).toEqual({ ...one, ...enabled, ...role });
    });

    test("that was read stays as it was when the key is changed", async () => {
      const one = accessKey();
      await access().putKey(one);
      const read = await access().readKey(one.id);
      await access().changeKey(one.id, { enabled: false });
      expect(read).toEqual(one);
    });

    test("is still listed when its time is over", async () => {
      const one = accessKey({ expiresAt: 1 });
      await access().putKey(one);
      expect(await access().listKeys()).toEqual([one]);
    });

    test("that is removed is gone, once, and alone; a change does not bring it back", async () => {
      const [one, other] = [accessKey(), accessKey()];
      await access().putKey(one);
      await access().putKey(other);
      const removals = await atOnce(5, () => access().removeKey(one.id));
      expect(removals.filter(Boolean)).toHaveLength(1);
      expect(await access().changeKey(one.id, { enabled: true })).toBeUndefined();
      expect(await access().readKey(one.id)).toBeUndefined();
      expect(await access().listKeys()).toEqual([other]);
    });

    test("is listed oldest first, those of one moment by id, in whatever order they were put", async () => {
      const places: readonly [string, number][] = [
        ["C", 2],
        ["A", 10],
        ["D", 1],
        ["B", 2],
      ];
      for (const [id, createdAt] of places) await access().putKey(accessKey({ id, createdAt }));
      expect((await access().listKeys()).map(({ id }) => id)).toEqual(["D", "B", "C", "A"]);
    });

    test("is listed, however many there are", async () => {
      const description = "x".repeat(4_000);
      const all = Array.from({ length: 300 }, (_, createdAt) => accessKey({ createdAt, description }));
      await Promise.all(all.map((one) => access().putKey(one)));
      expect(await access().listKeys()).toEqual(all);
    });

    test("may be called and described as it likes", async () => {
      const ids = [...hostileNames, "", "K#", "K", "x".repeat(5_000)];
      const all = ids.map((id, at) => accessKey({ id, createdAt: at, description: hostileNames[at] ?? "" }));
      for (const one of all) await access().putKey(one);
      for (const one of all) {
        expect(await access().readKey(one.id)).toEqual(one);
        expect(await access().readKey(`${one.id}x`)).toBeUndefined();
        expect(await access().putKey({ ...one, sealedSecret: anySealed() })).toEqual(one);
      }
      expect(await access().listKeys()).toEqual(all);
    });

    test.each(["\ud83e", "STEP\u0000", "%d83e", "!"])("that was asked for by %j is not there", async (id) => {
      await access().putKey(accessKey());
      expect(await access().readKey(id)).toBeUndefined();
    });
  });
}
