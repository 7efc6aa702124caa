import { expect, test } from "vitest";
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

test.each(["k3", "__proto__", "constructor", ""])("there is no signature of a key that was not given: %j", (keyId) => {
  expect(systemKeys({ id: "k1", secret: "s" }).sign("text", keyId)).toBeUndefined();
});

test("the current key has its id, also when an older one claims it", () => {
  const keys = systemKeys({ id: "k1", secret: "new" }, { id: "k1", secret: "old" });
  expect(keys.sign("text", "k1")).toBe(systemKeys({ id: "k1", secret: "new" }).sign("text", "k1"));
});
