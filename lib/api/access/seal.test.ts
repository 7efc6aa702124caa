import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { systemKeys } from "../../memory/keys.ts";
import { simulatedKeys } from "../../sim/keys.ts";
import { openSecret, sealSecret } from "./seal.ts";

const OLD = { id: "2026-07", secret: "the deployment's first key, 32 bytes" };
const NEW = { id: "2026-11", secret: "the deployment's second key, 32 byte" };
const keys = systemKeys(OLD);
const ID = "STEPABCDEFGHIJKLMNOP";

/** Any text that is whole characters, as those that arrive by HTTP and terminals are. */
const text = fc.string({ unit: "binary", maxLength: 60 });
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

describe("a sealed secret", () => {
  test("opens to what it was, whatever the secret and the ids", () => {
    const keyIds = fc.oneof(text, fc.constantFrom("", ".", "v1.", "a.b", "__proto__"));
    fc.assert(
      fc.property(keyIds, text, text, (keyId, id, secret) => {
        const one = systemKeys({ id: keyId, secret: "s" });
        expect(openSecret(one, id, sealSecret(one, randomBytes, id, secret))).toBe(secret);
      }),
    );
  });

  test("is v1, the id of the deployment's key, and base64url: 12 bytes of IV, as many as the secret has, 16 of tag", () => {
    const sealed = sealSecret(keys, randomBytes, ID, "x".repeat(40));
    expect(sealed).toMatch(/^v1\.2026-07\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed.split(".")[2] ?? "", "base64url")).toHaveLength(12 + 40 + 16);
  });

  test("of this version opens for ever: one that was made when the form was set", () => {
    const sealed = sealSecret(keys, (count) => new Uint8Array(count).fill(7), ID, "secret");
    expect(sealed).toBe("v1.2026-07.BwcHBwcHBwcHBwcHSkzTwf3ZF4N_12HpGcXopzSJ9nU9Qw");
    expect(openSecret(keys, ID, sealed)).toBe("secret");
  });

  test("does not show the secret, and is another text each time", () => {
    const sealed = Array.from({ length: 100 }, () => sealSecret(keys, randomBytes, ID, "swordfish"));
    expect(new Set(sealed).size).toBe(100);
    for (const one of sealed)
      expect(Buffer.from(one.split(".")[2] ?? "", "base64url").includes("swordfish")).toBe(false);
  });

  test("opens after the deployment has changed its keys, as long as the old one is given", () => {
    const sealed = sealSecret(keys, randomBytes, ID, "secret");
    expect(openSecret(systemKeys(NEW, OLD), ID, sealed)).toBe("secret");
    expect(openSecret(systemKeys(NEW), ID, sealed)).toBeUndefined();
  });

  test("is sealed under the current key", () => {
    const sealed = sealSecret(systemKeys(NEW, OLD), randomBytes, ID, "secret");
    expect(openSecret(systemKeys(NEW), ID, sealed)).toBe("secret");
    expect(openSecret(systemKeys(OLD), ID, sealed)).toBeUndefined();
  });

  test("does not open under another secret of the same id", () => {
    const sealed = sealSecret(keys, randomBytes, ID, "secret");
    expect(openSecret(systemKeys({ ...OLD, secret: NEW.secret }), ID, sealed)).toBeUndefined();
  });

  test("does not open for another access key", () => {
    fc.assert(
      fc.property(text, text, text, (id, other, secret) => {
        fc.pre(id !== other);
        expect(openSecret(keys, other, sealSecret(keys, randomBytes, id, secret))).toBeUndefined();
      }),
    );
  });

  test("does not open when it names another key, not even one with the same secret", () => {
    const twins = systemKeys(OLD, { ...OLD, id: "twin" });
    const sealed = sealSecret(twins, randomBytes, ID, "secret");
    expect(openSecret(twins, ID, sealed.replace(OLD.id, "twin"))).toBeUndefined();
  });

  test("does not open with any character changed to any other, the last one's spare bits too", () => {
    // Secrets of three lengths in a row: with no, two and four bits to spare.
    for (const secret of ["abcdef", "abcdefg", "abcdefgh"]) {
      const sealed = sealSecret(keys, randomBytes, ID, secret);
      for (let at = 0; at < sealed.length; at++) {
        for (const character of `${BASE64URL}.+/= \n`) {
          if (character === sealed[at]) continue;
          const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
          expect(openSecret(keys, ID, changed)).toBeUndefined();
        }
      }
    }
  });

  test("does not open with bytes taken out, added or in another's place", () => {
    const [one, other] = ["first secret", "other secret"].map((secret) => sealSecret(keys, randomBytes, ID, secret));
    const length = one?.length ?? 0;
    const cut = fc.tuple(fc.nat(length), fc.nat(length), fc.constantFrom("", "A", "AAAA", other ?? "", "."));
    fc.assert(
      fc.property(cut, ([from, to, inserted]) => {
        const changed = `${one?.slice(0, from)}${inserted}${one?.slice(to)}`;
        fc.pre(changed !== one && changed !== other);
        expect(openSecret(keys, ID, changed)).toBeUndefined();
      }),
    );
  });

  test("is told from any other text: nothing opens, nothing throws", () => {
    const body = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString("base64url"));
    const likeIt = body.map((one) => `v1.${OLD.id}.${one}`);
    fc.assert(
      fc.property(fc.oneof(likeIt, text, fc.constantFrom("", "v1", "v1.", "v1..", "v2.2026-07.AAAA")), (other) => {
        expect(openSecret(keys, ID, other)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});

test("simulated keys seal and open as well", () => {
  const simulated = simulatedKeys();
  const sealed = sealSecret(simulated, randomBytes, ID, "secret");
  expect(openSecret(simulated, ID, sealed)).toBe("secret");
  expect(simulated.derive("purpose", "another")).toBeUndefined();
});
