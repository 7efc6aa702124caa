import { expect, test } from "vitest";
import { blobsContract } from "../../test/contracts/blobs.ts";
import { memoryBlobs } from "./blobs.ts";

blobsContract("memory", async () => ({ blobs: memoryBlobs(), close: async () => {} }));

test("a missing blob is an internal error that names the hash", async () => {
  await expect(memoryBlobs().get("cafe")).rejects.toMatchObject({
    code: "InternalServerError",
    message: "no blob is stored under cafe",
  });
});
