/** Requests signed as clients sign them, for tests that then change them. */
import { StepwellError } from "../../../fdl/errors.ts";
import { type ApiRequest, readParams } from "../../params.ts";
import { acs3Authorization, sha256Hex } from "../acs3.ts";
import { signV1 } from "../v1.ts";
import { type Credentials, type Signed, verifySignature } from "../verify.ts";

export const KEY = "AKEXAMPLE";
export const SECRET = "SKEXAMPLE";
const TIMESTAMP = "2030-01-02T03:04:05Z";
export const NOW = Date.parse(TIMESTAMP);

const FORM = "application/x-www-form-urlencoded";

export type Texts = { readonly [name: string]: string };

function form(params: Iterable<readonly [string, string]>): string {
  return [...params].map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
}

/** The parameters of a v1 signature, before it is made. */
export const V1: Texts = {
  AccessKeyId: KEY,
  Action: "ReportTaskSucceeded",
  SignatureMethod: "HMAC-SHA1",
  SignatureNonce: "n-0001",
  SignatureVersion: "1.0",
  Timestamp: TIMESTAMP,
  Version: "2019-03-15",
};

/** A request signed with version 1.0; `common` are its parameters besides those of the body. */
export function v1Request(common: Texts = V1, body: Texts = {}, secret = SECRET): ApiRequest {
  const signature = signV1("POST", new Map(Object.entries({ ...common, ...body })), secret);
  const query = form(Object.entries({ ...common, Signature: signature }));
  return { method: "POST", target: `/?${query}`, headers: { "content-type": FORM }, body: form(Object.entries(body)) };
}

/** The headers that an ACS3 signature needs besides the hash of the body. */
export const ACS3_HEADERS: Texts = {
  "content-type": FORM,
  host: "127.0.0.1:8080",
  "x-acs-action": "ReportTaskSucceeded",
  "x-acs-date": TIMESTAMP,
  "x-acs-signature-nonce": "n-0001",
  "x-acs-version": "2019-03-15",
};

/** A request signed with ACS3, over all its headers. */
export function acs3Request(
  given: Texts = ACS3_HEADERS,
  query: Texts = {},
  params: Texts = {},
  secret = SECRET,
): ApiRequest {
  const body = form(Object.entries(params));
  const contentHash = sha256Hex(body);
  const headers = { "x-acs-content-sha256": contentHash, ...given };
  const content = {
    method: "POST",
    query: new Map(Object.entries(query)),
    headers: new Map(Object.entries(headers)),
    contentHash,
  };
  const authorization = acs3Authorization(KEY, content, secret);
  return { method: "POST", target: `/?${form(content.query)}`, headers: { ...headers, authorization }, body };
}

/** Verifies where there is one access key. */
export async function verify(request: ApiRequest, held: Credentials = { secret: SECRET }, now = NOW): Promise<Signed> {
  const credentials = async (id: string) => (id === KEY ? held : undefined);
  return await verifySignature(request, readParams(request), { credentials, now });
}

/** The code of a refusal; undefined when there is none. Rethrows what is no refusal. */
export async function codeOf(verdict: Promise<unknown>): Promise<string | undefined> {
  try {
    await verdict;
    return undefined;
  } catch (error) {
    if (error instanceof StepwellError) return error.code;
    throw error;
  }
}
