/** Signatures of ACS3-HMAC-SHA256: over the query, chosen headers and the hash of the body (api.md §2.2). */
import { createHash, createHmac } from "node:crypto";
import { canonicalParams } from "./percent-encoding.ts";

export const ACS3 = "ACS3-HMAC-SHA256";

/** What of a request is signed. */
export interface Acs3Content {
  readonly method: string;
  /** Decoded parameters of the query alone. */
  readonly query: ReadonlyMap<string, string>;
  /** The signed headers, names in lower case, in the order in which they are listed. */
  readonly headers: ReadonlyMap<string, string>;
  /** `sha256Hex` of the body, also when there is none. */
  readonly contentHash: string;
}

/** SHA-256 of a text's UTF-8, in lower-case hex: what `x-acs-content-sha256` says of a body. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The names of the signed headers as `SignedHeaders=` lists them. */
function signedHeaders({ headers }: Pick<Acs3Content, "headers">): string {
  return [...headers.keys()].join(";");
}

/** The text whose hash is signed (api.md §2.2). The path is always `/`. */
export function canonicalRequest(content: Acs3Content): string {
  let lines = "";
  for (const [name, value] of content.headers) lines += `${name}:${value.trim()}\n`;
  const { method, query, contentHash } = content;
  return `${method}\n/\n${canonicalParams(query)}\n${lines}\n${signedHeaders(content)}\n${contentHash}`;
}

/** The signature in lower-case hex. */
export function signAcs3(content: Acs3Content, secret: string): string {
  return createHmac("sha256", secret)
    .update(`${ACS3}\n${sha256Hex(canonicalRequest(content))}`)
    .digest("hex");
}

/** The `Authorization` header of a signed request. */
export function acs3Authorization(accessKeyId: string, content: Acs3Content, secret: string): string {
  const signature = signAcs3(content, secret);
  return `${ACS3} Credential=${accessKeyId},SignedHeaders=${signedHeaders(content)},Signature=${signature}`;
}
