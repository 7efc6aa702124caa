import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { systemKeys } from "./keys.ts";

test("signs with HMAC-SHA256 in base64url (RFC 4231, test case 2)", () => {
  const keys = systemKeys({ id: "k1", secret: "Jefe" });
  const expected = Buffer.from("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "hex");
  expect(keys.sign("what do ya want for nothing?", "k1")).toBe(expected.toString("base64url"));
});

test("a secret may be bytes", () => {
  const bytes = systemKeys({ id: "k1", secret: new TextEncoder().encode("schlüssel") });
  expect(bytes.sign("text", "k1")).toBe(systemKeys({ id: "k1", secret: "schlüssel" }).sign("text", "k1"));
});

test("hashes with SHA-256 in hex (FIPS 180, one block), text as UTF-8", () => {
  const keys = systemKeys({ id: "k1", secret: "s" });
  expect(keys.hash("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(keys.hash("ö")).not.toBe(keys.hash("o"));
});

test("new tokens are signed with the current key, older keys still verify, and each signs differently", () => {
  const keys = systemKeys({ id: "k2", secret: "new" }, { id: "k1", secret: "old" });
  expect(keys.current).toBe("k2");
  expect(keys.sign("text", "k1")).toBe(systemKeys({ id: "k1", secret: "old" }).sign("text", "k1"));
  expect(keys.sign("text", "k1")).not.toBe(keys.sign("text", "k2"));
});

test.each(["k3", "__proto__", "constructor", ""])(
  "there is no signature of a key that was not given, and no key derived from it: %j",
  (keyId) => {
    expect(systemKeys({ id: "k1", secret: "s" }).sign("text", keyId)).toBeUndefined();
    expect(systemKeys({ id: "k1", secret: "s" }).derive("purpose", keyId)).toBeUndefined();
  },
);

describe("a derived key", () => {
  const keys = systemKeys({ id: "k2", secret: "new" }, { id: "k1", secret: "old" });

  test("is HKDF-SHA256 without salt (RFC 5869): the HMAC of purpose and counter under the extracted secret", () => {
    const extracted = createHmac("sha256", Buffer.alloc(32)).update("new").digest();
    const expected = createHmac("sha256", extracted).update("purpose\u0001").digest("hex");
    expect(Buffer.from(keys.derive("purpose", "k2") ?? "").toString("hex")).toBe(expected);
  });

  test("is the same each time, and another for each purpose and each key", () => {
    const derived = [keys.derive("a", "k1"), keys.derive("b", "k1"), keys.derive("a", "k2")];
    expect(keys.derive("a", "k1")).toEqual(derived[0]);
    expect(new Set(derived.map(String)).size).toBe(3);
  });

  test("is no signature of its purpose", () => {
    expect(Buffer.from(keys.derive("a", "k1") ?? "").toString("base64url")).not.toBe(keys.sign("a", "k1"));
  });
});

test("the current key has its id, also when an older one claims it", () => {
  const keys = systemKeys({ id: "k1", secret: "new" }, { id: "k1", secret: "old" });
  expect(keys.sign("text", "k1")).toBe(systemKeys({ id: "k1", secret: "new" }).sign("text", "k1"));
});
