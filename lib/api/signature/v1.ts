/** Signatures of version 1.0, HMAC-SHA1 over all parameters, which all SDKs of this API make (api.md §2.1). */
import { createHmac } from "node:crypto";
import { canonicalParams } from "./percent-encoding.ts";

/** What is signed: the method and the decoded parameters of query and form body, without `Signature` (api.md §2.1, steps 1 to 3). */
export function stringToSignV1(method: string, params: ReadonlyMap<string, string>): string {
  // What is encoded once holds of the characters to encode only "%", "=" and "&", so the quick built-in way is right.
  return `${method}&%2F&${encodeURIComponent(canonicalParams(params, "Signature"))}`;
}

/**
 * The signature in base64 of a request with these parameters, those of the signature among them (`AccessKeyId`,
 * `SignatureMethod`, `Timestamp`, …). A `Signature` that they hold already is passed over.
 */
export function signV1(method: string, params: ReadonlyMap<string, string>, secret: string): string {
  return createHmac("sha1", `${secret}&`).update(stringToSignV1(method, params)).digest("base64");
}
