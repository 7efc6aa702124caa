import fc from "fast-check";
import { expect, it } from "vitest";
import { systemKeys } from "../../memory/keys.ts";
import { mintToken } from "../../runtime/token.ts";
import { attemptOf, withheldToken, withoutSignatures } from "./tokens.ts";

const keys = systemKeys({ id: "key", secret: "secret" });

const attempt = fc.record({
  ref: fc.record({ flowId: fc.string(), name: fc.string() }),
  startId: fc.string(),
  flow: fc.string({ unit: "grapheme" }),
  revision: fc.nat(),
  keyId: fc.constant("key"),
  branch: fc.constantFrom("", "3.0", "3.0.7.2"),
  seq: fc.nat(),
});

it("turns every token, wherever it stands, into the one that a replay makes of the same attempt", () => {
  fc.assert(
    fc.property(attempt, fc.string(), fc.string(), (one, before, after) => {
      const token = mintToken(keys, one);
      const withheld = withheldToken(one, one.branch, one.seq);
      expect(withheld).toHaveLength(token.length);
      expect(withheld).not.toBe(token);
      const text = JSON.stringify({ [`${before}${token}${after}`]: [token, `${token}${token}`] });
      expect(withoutSignatures(text)).toBe(text.replaceAll(token, withheld));
      expect(withoutSignatures(withheld)).toBe(withheld);
      expect(attemptOf(withheld)).toEqual({
        flow: one.flow,
        name: one.ref.name,
        place: { branch: one.branch, seq: one.seq },
      });
    }),
  );
});

it("leaves everything else as it is", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(withoutSignatures(text)).toBe(text);
    }),
  );
  const alike = `v1.${Buffer.from("[1,2,3]").toString("base64url")}.${"A".repeat(43)}`;
  expect(withoutSignatures(alike)).toBe(alike);
  expect(attemptOf(alike)).toBeUndefined();
  expect(attemptOf("")).toBeUndefined();
});
