import { expect, it } from "vitest";
import { systemKeys } from "../memory/keys.ts";
import { type Attempt, attemptId, mintToken, readToken } from "./token.ts";

const keys = systemKeys({ id: "k1", secret: "secret" });
const attempt: Attempt = {
  ref: { flowId: "f1", name: "订单-1" },
  startId: "s1",
  flow: "orders",
  revision: 2,
  keyId: "k1",
  branch: "3.0",
  seq: 7,
};

it("gives an attempt the same token whenever it is computed, and the attempt back", () => {
  expect(mintToken(keys, attempt)).toBe(mintToken(keys, { ...attempt }));
  expect(readToken(keys, mintToken(keys, attempt))).toEqual(attempt);
});

it("gives every attempt a token of its own", () => {
  const others: Attempt[] = [
    { ...attempt, seq: 8 },
    { ...attempt, branch: "3.1" },
    { ...attempt, startId: "s2" },
    { ...attempt, revision: 3 },
  ];
  expect(new Set([attempt, ...others].map((one) => mintToken(keys, one))).size).toBe(5);
  expect(new Set([attempt, ...others].map(attemptId)).size).toBe(4); // the revision is the execution's, not the attempt's
});

it("refuses a token with any character changed", () => {
  const token = mintToken(keys, attempt);
  for (let i = 0; i < token.length; i++) {
    const changed = `${token.slice(0, i)}${token[i] === "A" ? "B" : "A"}${token.slice(i + 1)}`;
    expect(() => readToken(keys, changed), `position ${i}`).toThrow(/not a token of this system/);
  }
});

it.each(["", "v1", "v1.", "v1..", "v1.W10.x", "v1.e30.x", "v2.a.b", "v1.bnVsbA.", ".", "..."])("refuses %j", (text) => {
  expect(() => readToken(keys, text)).toThrow(/not a token of this system/);
});

it("refuses a token signed with another secret, or with a key that is gone", () => {
  const token = mintToken(keys, attempt);
  expect(() => readToken(systemKeys({ id: "k1", secret: "other" }), token)).toThrow(/not a token/);
  expect(() => readToken(systemKeys({ id: "k2", secret: "secret" }), token)).toThrow(/not a token/);
});

it("refuses a forged token that names a key that there is not, whatever its signature", () => {
  for (const keyId of ["k9", "", 8, null, {}, "__proto__"]) {
    const body = Buffer.from(JSON.stringify(["f1", "e", "s1", "orders", 2, "", 1, keyId])).toString("base64url");
    for (const signature of ["", "x", "\u0001", "xy", "x".repeat(43)]) {
      expect(() => readToken(keys, `v1.${body}.${signature}`), signature).toThrow(/not a token of this system/);
    }
  }
});

it("says which key is missing when a token cannot be made", () => {
  expect(() => mintToken(keys, { ...attempt, keyId: "k9" })).toThrow(/no key "k9"/);
});
