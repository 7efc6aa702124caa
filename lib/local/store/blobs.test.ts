import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { blobsContract } from "../../../test/contracts/blobs.ts";
import { hostileNames } from "../../../test/contracts/names.ts";
import { fileBlobs } from "./blobs.ts";
import { type FreshDirectory, freshDirectory } from "./testing/fresh-directory.ts";

blobsContract("files", async () => {
  const directory = freshDirectory();
  return { blobs: fileBlobs(directory.path), close: async () => directory.remove() };
});

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const TEXT = "a large value";
const HASH = hashOf(TEXT);

describe("blobs on files", () => {
  let directory: FreshDirectory;
  beforeEach(() => {
    directory = freshDirectory();
  });
  afterEach(() => directory.remove());

  const fileOf = (hash: string) => join(directory.path, hash.slice(0, 2), hash);
  const LONG_AGO = new Date("2020-01-01");

  test("are whole files named by their hash, and nothing else stays behind", async () => {
    await fileBlobs(directory.path).put(HASH, TEXT);
    expect(readFileSync(fileOf(HASH), "utf8")).toBe(TEXT);
    expect(readdirSync(directory.path, { recursive: true }).toSorted()).toEqual(
      [HASH.slice(0, 2), join(HASH.slice(0, 2), HASH), "new"].toSorted(),
    );
  });

  test("are there when the folder is opened again; what was being written when a process died is not", async () => {
    await fileBlobs(directory.path).put(HASH, TEXT);
    writeFileSync(join(directory.path, "new", "half"), "hal");
    expect(await fileBlobs(directory.path).get(HASH)).toBe(TEXT);
    expect(readdirSync(join(directory.path, "new"))).toEqual([]);
  });

  test("a file whose content is not what was stored is damaged, and named", async () => {
    const blobs = fileBlobs(directory.path);
    await blobs.put(HASH, TEXT);
    writeFileSync(fileOf(HASH), "another value");
    await expect(blobs.get(HASH)).rejects.toMatchObject({
      code: "StoreDamaged",
      message: expect.stringContaining(fileOf(HASH)),
    });
  });

  test("what is not a hash never becomes a path", async () => {
    const blobs = fileBlobs(directory.path);
    const outside = fc.oneof(
      fc.constantFrom(
        ...hostileNames,
        "",
        "..",
        "../../etc/passwd",
        HASH.toUpperCase(),
        `${HASH}0`,
        `${HASH}\n`,
        `../${HASH}`,
      ),
      fc.string().filter((text) => !/^[0-9a-f]{64}$/.test(text)),
    );
    await fc.assert(
      fc.asyncProperty(outside, async (name) => {
        await expect(blobs.put(name, "text")).rejects.toMatchObject({ code: "InternalServerError" });
        await expect(blobs.get(name)).rejects.toMatchObject({ code: "InternalServerError" });
      }),
    );
    expect(readdirSync(directory.path)).toEqual(["new"]);
  });

  describe("a sweep", () => {
    async function aged(): Promise<void> {
      await fileBlobs(directory.path).put(HASH, TEXT);
      utimesSync(fileOf(HASH), LONG_AGO, LONG_AGO);
    }

    const later = Date.now() - 60_000;

    test("removes what nothing refers to and nobody has used", async () => {
      await aged();
      const blobs = fileBlobs(directory.path);
      expect(
        await blobs.sweep(
          later,
          () => false,
          () => true,
        ),
      ).toBe(1);
      await expect(blobs.get(HASH)).rejects.toThrow(HASH);
      await blobs.put(HASH, TEXT);
      expect(await blobs.get(HASH)).toBe(TEXT);
    });

    test("keeps what is referred to, and what is younger", async () => {
      await aged();
      const blobs = fileBlobs(directory.path);
      expect(
        await blobs.sweep(
          later,
          (hash) => hash === HASH,
          () => true,
        ),
      ).toBe(0);
      expect(
        await blobs.sweep(
          LONG_AGO.getTime() - 1,
          () => false,
          () => true,
        ),
      ).toBe(0);
      expect(readFileSync(fileOf(HASH), "utf8")).toBe(TEXT);
    });

    test.each(["put", "get"] as const)("keeps what this process has %s lately", async (use) => {
      await aged();
      const blobs = fileBlobs(directory.path);
      if (use === "put") await blobs.put(HASH, TEXT);
      else await blobs.get(HASH);
      expect(
        await blobs.sweep(
          Date.now(),
          () => false,
          () => true,
        ),
      ).toBe(0);
      expect(await blobs.get(HASH)).toBe(TEXT);
    });

    test("keeps what a cache does not let go", async () => {
      await aged();
      const blobs = fileBlobs(directory.path);
      expect(
        await blobs.sweep(
          later,
          () => false,
          () => false,
        ),
      ).toBe(0);
      expect(
        await blobs.sweep(
          later,
          () => false,
          () => true,
        ),
      ).toBe(1);
    });

    test("keeps what is being put while it runs", async () => {
      await aged();
      const blobs = fileBlobs(directory.path);
      const [, removed] = await Promise.all([
        blobs.put(HASH, TEXT),
        blobs.sweep(
          later,
          () => false,
          () => true,
        ),
      ]);
      expect(removed).toBe(0);
      expect(await blobs.get(HASH)).toBe(TEXT);
    });

    test("leaves files alone that are not blobs", async () => {
      const blobs = fileBlobs(directory.path);
      mkdirSync(join(directory.path, "ab"));
      writeFileSync(join(directory.path, "ab", "notes.txt"), "");
      utimesSync(join(directory.path, "ab", "notes.txt"), LONG_AGO, LONG_AGO);
      expect(
        await blobs.sweep(
          later,
          () => false,
          () => true,
        ),
      ).toBe(0);
      expect(readdirSync(join(directory.path, "ab"))).toEqual(["notes.txt"]);
    });
  });
});
