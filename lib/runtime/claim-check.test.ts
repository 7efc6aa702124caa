import fc from "fast-check";
import { expect, it } from "vitest";
import { systemKeys } from "../memory/keys.ts";
import { claimCheck } from "./claim-check.ts";
import type { Blobs } from "./ports/blobs.ts";

const keys = systemKeys({ id: "k", secret: "s" });

function countingBlobs(): Blobs & {
  readonly stored: Map<string, string>;
  readonly puts: string[];
  readonly gets: string[];
} {
  const [stored, puts, gets] = [new Map<string, string>(), [] as string[], [] as string[]];
  return {
    stored,
    puts,
    gets,
    put: async (hash, text) => {
      puts.push(hash);
      stored.set(hash, text);
    },
    get: async (hash) => {
      gets.push(hash);
      const text = stored.get(hash);
      if (text === undefined) throw new Error(`no blob ${hash}`);
      return text;
    },
  };
}

function check(inlineBytes = 100, cacheBytes = 1_000_000) {
  const blobs = countingBlobs();
  return {
    blobs,
    claims: claimCheck({ blobs, keys, inlineBytes, cacheBytes }),
    fresh: () => claimCheck({ blobs, keys, inlineBytes, cacheBytes }),
  };
}

const big = Array.from({ length: 40 }, (_, i) => i);
const frame = (local: object) => ({ frames: [{ list: "", local }], events: 3 });

it("leaves small values in the text", () => {
  const { claims, blobs } = check();
  expect(claims.pack({ a: 1 })).toBe('{"a":1}');
  expect(blobs.puts).toEqual([]);
});

it("stores a large value, not the state around it, and gives it back", async () => {
  const { claims, blobs, fresh } = check();
  const text = await claims.pack(frame({ big, small: 1 }));
  expect([...blobs.stored.values()]).toEqual([JSON.stringify(big)]);
  expect(text.length).toBeLessThan(220);
  expect(await fresh().unpack(text)).toEqual(frame({ big, small: 1 }));
});

it("stores an unchanged large value once, however often the state around it changes", async () => {
  const { claims, blobs } = check();
  let state = frame({ big, n: 0 });
  for (let n = 1; n < 5; n++) {
    state = await claims.unpack(await claims.pack(state));
    state = frame({ ...state.frames[0]?.local, n });
  }
  expect(blobs.puts).toHaveLength(1);
  expect(blobs.gets).toHaveLength(0);
});

it("reads a value once a worker", async () => {
  const { claims, blobs, fresh } = check();
  const text = await claims.pack(frame({ big }));
  const other = fresh();
  await other.unpack(text);
  await other.unpack(text);
  expect(blobs.gets).toHaveLength(1);
});

it("stores large strings too", async () => {
  const { claims, fresh } = check();
  const text = await claims.pack(frame({ s: "x".repeat(500) }));
  expect(text.length).toBeLessThan(220);
  expect(await fresh().unpack(text)).toEqual(frame({ s: "x".repeat(500) }));
});

it("stores an object of many small members whole", async () => {
  const { claims, blobs, fresh } = check();
  const many = Object.fromEntries(big.map((i) => [`key${i}`, i]));
  const text = await claims.pack(frame(many));
  expect(blobs.puts).toHaveLength(1);
  expect(await fresh().unpack(text)).toEqual(frame(many));
});

it("keeps data apart that looks like a reference, and keys that look like the prototype's", async () => {
  const { claims, fresh } = check();
  const hostile = JSON.parse(
    `{"frames":[{"__proto__":{"x":${JSON.stringify(big)}},"constructor":"#12 []","refs":[["a"],"h",1]}]}`,
  );
  const back = await fresh().unpack<object>(await claims.pack(hostile));
  expect(JSON.stringify(back)).toBe(JSON.stringify(hostile));
});

it("rejects when a value is gone", async () => {
  const { claims, blobs, fresh } = check();
  const text = await claims.pack(frame({ big }));
  blobs.stored.clear();
  await expect(fresh().unpack(text)).rejects.toThrow(/no blob/);
});

it("keeps its cache within its bound", async () => {
  const { claims, blobs } = check(100, 300);
  const texts = [];
  for (let i = 0; i < 5; i++) texts.push(await claims.pack(frame({ big: [i, ...big] })));
  for (const text of texts) await claims.unpack(text);
  expect(blobs.gets.length).toBeGreaterThan(2);
});

it("forgets a value only when no text that refers to it can be on its way, and stores it again when it is needed", async () => {
  const blobs = countingBlobs();
  let time = 0;
  const claims = claimCheck({ blobs, keys, now: () => time, inlineBytes: 100, cacheBytes: 1_000_000 });
  const text = await claims.pack(frame({ big }));
  const [hash = ""] = blobs.puts;
  expect(claims.forget(hash)).toBe(false);
  time += 3_600_001;
  expect(await claims.pack(frame({ big }))).toBe(text);
  expect(claims.forget(hash)).toBe(false);
  time += 3_600_001;
  expect(claims.forget(hash)).toBe(true);
  blobs.stored.clear();
  expect(await claims.pack(frame({ big }))).toBe(text);
  expect(blobs.stored.has(hash)).toBe(true);
  expect(await claims.unpack(text)).toEqual(frame({ big }));
  expect(claims.forget("another")).toBe(true);
});

it("gives back any JSON, at any limit, through any worker", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.integer({ min: 2, max: 300 }),
      async (value, limit) => {
        const plain = JSON.parse(JSON.stringify(value));
        const { claims, fresh } = check(limit);
        const text = await claims.pack(plain);
        expect(text.includes("\n")).toBe(false);
        expect(await claims.unpack(text)).toEqual(plain);
        expect(await fresh().unpack(text)).toEqual(plain);
      },
    ),
    { numRuns: 300 },
  );
});
