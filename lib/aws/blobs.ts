/**
 * The blobs port on S3: one object a text, its key the hash. A put is unconditional: the same hash is the same content, so
 * nothing can be overwritten, and a text that is used again is young again to a bucket rule that expires old objects.
 */
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { StepwellError } from "../fdl/errors.ts";
import type { Blobs } from "../runtime/ports/blobs.ts";
import { calling } from "./errors.ts";

export interface S3BlobsOptions {
  readonly client: S3Client;
  readonly bucket: string;
}

/** The blobs in a bucket. `get` rejects with `InternalServerError` for one that is not there, both with AwsError. */
export function s3Blobs({ client, bucket }: S3BlobsOptions): Blobs {
  return {
    async put(hash, text) {
      const object = { Bucket: bucket, Key: hash, Body: Buffer.from(text), ContentType: "application/json" };
      await calling("S3 PutObject", () => client.send(new PutObjectCommand(object)));
    },
    get: (hash) =>
      calling("S3 GetObject", async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: hash }));
        return (await Body?.transformToString()) ?? "";
      }).catch((error: unknown) => {
        throw isMissing(error)
          ? new StepwellError("InternalServerError", `no blob is stored under ${hash} in bucket ${bucket}`)
          : error;
      }),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof NoSuchKey;
}
