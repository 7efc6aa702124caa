import { randomUUID } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guarded, loopbackSettings } from "../../test/aws/guard.ts";
import { type Ministack, ministack } from "../../test/aws/ministack.ts";
import { blobsContract } from "../../test/contracts/blobs.ts";
import { s3Blobs } from "./blobs.ts";

let emulator: Ministack;
beforeAll(async () => {
  emulator = await ministack();
}, 120_000);
afterAll(() => emulator.stop());

async function bucket() {
  const client = guarded(new S3Client(loopbackSettings(emulator.endpoint)));
  const name = `values-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return { client, bucket: name };
}

blobsContract("S3", async () => {
  const made = await bucket();
  return { blobs: s3Blobs(made), close: async () => made.client.destroy() };
});

test("a missing blob is an internal error that names hash and bucket", async () => {
  const made = await bucket();
  await expect(s3Blobs(made).get("cafe")).rejects.toMatchObject({
    code: "InternalServerError",
    message: `no blob is stored under cafe in bucket ${made.bucket}`,
  });
  made.client.destroy();
});

test("a bucket that is not there is refused for good", async () => {
  const { client } = await bucket();
  const blobs = s3Blobs({ client, bucket: `none-${randomUUID()}` });
  const refused = { name: "AwsError", kind: "rejected", code: "NoSuchBucket" };
  await expect(blobs.put("cafe", "text")).rejects.toMatchObject({ ...refused, operation: "S3 PutObject" });
  await expect(blobs.get("cafe")).rejects.toMatchObject({ ...refused, operation: "S3 GetObject" });
  client.destroy();
});
