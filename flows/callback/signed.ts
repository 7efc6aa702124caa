/** Requests to a deployment's function URL, which asks for AWS's signature (Signature Version 4) of whoever may call it. */
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4, type SignatureV4Init } from "@smithy/signature-v4";
import type { Send } from "./report.ts";

/** The caller: any client of the SDK has both in its `config`. */
export type Caller = Pick<SignatureV4Init, "region" | "credentials">;

/** Sends what `call` of report.ts sends, signed. */
export function signed({ region, credentials }: Caller): Send {
  const signer = new SignatureV4({ service: "lambda", region, credentials, sha256: Sha256 });
  return async (endpoint, { method, headers, body }) => {
    const { protocol, hostname, port, host, pathname } = new URL(endpoint);
    const request = await signer.sign({
      method,
      protocol,
      hostname,
      ...(port === "" ? {} : { port: Number(port) }),
      path: pathname,
      query: {},
      headers: { ...headers, host },
      body,
    });
    // `fetch` sets it by itself.
    const { host: _, ...rest } = request.headers;
    return fetch(endpoint, { method, headers: rest, body });
  };
}

/** Whether an address is a Lambda function URL, which wants signed requests, and of which region. */
export function regionOf(endpoint: string): string | undefined {
  return /\.lambda-url\.([\w-]+)\.on\.aws$/.exec(new URL(endpoint).hostname)?.[1];
}

type Source = string | ArrayBuffer | ArrayBufferView;

/** SHA-256, or its HMAC with a secret, in the form that the signer wants. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: Source) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }

  update(source: Source): void {
    this.#hash.update(bytes(source));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytes(source: Source): Uint8Array {
  if (typeof source === "string") return Buffer.from(source);
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
