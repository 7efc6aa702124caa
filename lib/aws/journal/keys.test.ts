import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostileNames } from "../../../test/contracts/names.ts";
import {
  ACCESS_KEYS,
  accessKeyKey,
  archiveKey,
  branchPartition,
  dataKey,
  entriesPrefix,
  entryItemKey,
  escapeText,
  flowKey,
  HASHED,
  headerKey,
  type Key,
  keyNumber,
  keyText,
  lastNumber,
  nonceKey,
  outputKey,
  outputsPrefix,
  parkedKey,
  revisionKey,
} from "./keys.ts";

/** Texts that are likely to be confused: of few different characters, and whatever else a string may be. */
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom("#", "%", "=", "0", "2", "3", "a", "~", "\ud83e", "\ude9c"), maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(...hostileNames),
  fc.integer({ min: 200, max: 3000 }).map((length) => "#".repeat(length)),
);
const branches = fc
  .array(fc.tuple(fc.nat(1200), fc.nat(1200)), { maxLength: 4 })
  .map((steps) => steps.flat().join("."));
const seqs = fc.nat(2 ** 31);
const ours = (key: Key) => `${key.pk}\n${key.sk}`;

describe("a text in a key", () => {
  test("is another one for each text", () => {
    fc.assert(fc.property(texts, texts, (one, other) => (keyText(one) === keyText(other)) === (one === other)));
  });

  test("has no separator, is whole characters and fits", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const part = keyText(text);
        expect(part).not.toContain("#");
        expect(part.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(900);
      }),
    );
  });

  test("is the text itself for names that users may give", () => {
    for (const name of ["orders", "_a-B-9", "x".repeat(128), "6f1d:0b2e", "4.12.0.3"]) expect(keyText(name)).toBe(name);
  });

  test("a beginning of the text makes a beginning of it, or it is a hash", () => {
    const whole = fc.string({ unit: "grapheme", maxLength: 40 });
    fc.assert(
      fc.property(whole, whole, (one, more) => {
        const part = keyText(one + more);
        expect(part.startsWith(escapeText(one)) || part.startsWith(HASHED)).toBe(true);
      }),
    );
  });
});

describe("numbers in keys", () => {
  test("stand in their order", () => {
    fc.assert(fc.property(seqs, seqs, (one, other) => keyNumber(one) < keyNumber(other) === one < other));
  });

  test("come out as they went in", () => {
    fc.assert(fc.property(texts, seqs, (text, seq) => lastNumber(`${keyText(text)}#${keyNumber(seq)}`) === seq));
  });
});

describe("keys of the table", () => {
  const kinds = (text: string, other: string, branch: string, seq: number, index: number): readonly Key[] => {
    const ref = { flowId: text, name: other };
    const entry = { startId: text, branch, seq };
    return [
      headerKey(ref),
      dataKey(ref, text),
      archiveKey(ref, text),
      flowKey(text),
      revisionKey(text, seq),
      parkedKey(text, other),
      entryItemKey("J", entry),
      entryItemKey("V", entry),
      entryItemKey("B", entry),
      outputKey(entry, index, 0),
      accessKeyKey(text),
      nonceKey(text, other),
    ];
  };

  test("differ by kind and by each of their parts", () => {
    const parts = fc.tuple(texts, texts, branches, seqs, fc.nat(1200));
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const keys = [...kinds(...one), ...kinds(...other)].map(ours);
        // Each kind goes by some of the parts.
        const [a, b, c, d, e] = one.map((part, at) => part === other[at]);
        const ofEntry = [...Array(3).fill(a && c && d), a && c && d && e];
        const same = [a && b, a && b, a && b, a, a && d, a && b, ...ofEntry, a, a && b];
        expect(new Set(keys).size).toBe(24 - same.filter(Boolean).length);
      }),
    );
  });

  test("fit into what DynamoDB takes, however deep the branch and long the names", () => {
    const deep = Array.from({ length: 200 }, () => "1000000.1000").join(".");
    const long = "流#".repeat(5000);
    for (const key of kinds(long, long, deep, 2 ** 31, 1000)) {
      expect(Buffer.byteLength(key.pk)).toBeLessThanOrEqual(2048);
      expect(Buffer.byteLength(key.sk)).toBeLessThanOrEqual(1024);
    }
  });

  test("a prefix of a branch's entries, or of a fork's outputs, is none of another's keys", () => {
    fc.assert(
      fc.property(branches, branches, seqs, seqs, (one, other, seq, otherSeq) => {
        const entry = { startId: "s", branch: one, seq };
        const otherEntry = { startId: "s", branch: other, seq: otherSeq };
        expect(entryItemKey("J", otherEntry).sk.startsWith(entriesPrefix("J", one))).toBe(one === other);
        const sameFork = one === other && seq === otherSeq;
        expect(outputKey(otherEntry, 7, 3).sk.startsWith(outputsPrefix(entry))).toBe(sameFork);
      }),
    );
  });

  test("all access keys stand in the range that lists them, and nothing else does", () => {
    fc.assert(
      fc.property(texts, texts, branches, seqs, (...parts) => {
        const listed = kinds(...parts, 0).filter(
          ({ pk, sk }) => pk === ACCESS_KEYS.pk && sk.startsWith(ACCESS_KEYS.sk),
        );
        expect(listed).toEqual([accessKeyKey(parts[0])]);
      }),
    );
  });

  test("the branches of one execution are spread over partitions, the root's is that of its start id", () => {
    const partitions = new Set(Array.from({ length: 400 }, (_, lane) => branchPartition("s", `3.${lane}`)));
    expect(partitions.size).toBe(16);
    expect(branchPartition("s", "")).toBe("J#s");
    for (const partition of partitions) expect(partition).toMatch(/^J#s#[0-9a-f]$/);
  });
});
