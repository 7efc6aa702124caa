/**
 * The contract of the blobs port.
 *
 *     blobsContract("memory", async () => ({ blobs: memoryBlobs(), close: async () => {} }));
 */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Blobs } from "../../lib/runtime/ports/blobs.ts";
import { hostileNames } from "./names.ts";

export interface BlobsUnderTest {
  /** Empty. */
  readonly blobs: Blobs;
  close(): Promise<void>;
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/** Registers the suite. `makeBlobs` is called for each test. */
export function blobsContract(name: string, makeBlobs: () => Promise<BlobsUnderTest>): void {
  describe(`blobs contract: ${name}`, () => {
    let made: BlobsUnderTest;
    beforeEach(async () => {
      made = await makeBlobs();
    });
    afterEach(() => made.close());

    test.each(["", "{}", "null", "\u0000\r\n\u2028", ...hostileNames])(
      "text comes back as it was: %j",
      async (text) => {
        await made.blobs.put(hash(text), text);
        expect(await made.blobs.get(hash(text))).toBe(text);
      },
    );

    test("texts of 10 MiB come back as they were", async () => {
      const text = "流ö-".repeat(10 * 2 ** 17);
      await made.blobs.put(hash(text), text);
      expect((await made.blobs.get(hash(text))) === text).toBe(true);
    });

    test("each hash has its own text", async () => {
      const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`);
      await Promise.all(texts.map((text) => made.blobs.put(hash(text), text)));
      expect(await Promise.all(texts.map((text) => made.blobs.get(hash(text))))).toEqual(texts);
    });

    test("putting a text again, also 20 times at once, is as putting it once", async () => {
      await Promise.all(Array.from({ length: 20 }, () => made.blobs.put(hash("text"), "text")));
      await made.blobs.put(hash("text"), "text");
      expect(await made.blobs.get(hash("text"))).toBe("text");
    });

    test("getting one that is not there rejects", async () => {
      await made.blobs.put(hash("text"), "text");
      await expect(made.blobs.get(hash("other"))).rejects.toThrow(hash("other"));
    });
  });
}
