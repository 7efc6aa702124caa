import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newKey } from "./new-key.ts";

test("an id is STEP and 16 characters of base32, a secret 40 of base64url, whatever is drawn", () => {
  const bytes = fc.uint8Array({ minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(bytes, (drawn) => {
      let at = 0;
      const { id, secret } = newKey((count) => {
        at += count;
        return drawn.subarray(at - count, at);
      });
      expect(id).toMatch(/^STEP[A-Z2-7]{16}$/);
      expect(encodeURIComponent(id)).toBe(id);
      expect(secret).toMatch(/^[A-Za-z0-9_-]{40}$/);
      expect(secret).toBe(Buffer.from(drawn.subarray(16, 46)).toString("base64url"));
    }),
  );
});

test("each character of the alphabet is as likely as the others", () => {
  const ids: string[] = [];
  for (let first = 0; first < 256; first += 16) {
    ids.push(newKey((count) => Uint8Array.from({ length: count }, (_, at) => first + at)).id.slice(4));
  }
  const counts = new Map<string, number>();
  for (const character of ids.join("")) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(32);
  expect(new Set(counts.values())).toEqual(new Set([8]));
});

test("no two of a thousand are alike", () => {
  const all = Array.from({ length: 1000 }, () => newKey(randomBytes));
  expect(new Set(all.map(({ id }) => id)).size).toBe(1000);
  expect(new Set(all.map(({ secret }) => secret)).size).toBe(1000);
});
