/** Reading what a request with a signature of version 1.0 claims: all of it stands in parameters (api.md §2.1). */
import { invalid, quoted } from "../errors.ts";
import type { ApiRequest, Params } from "../params.ts";
import { type Claim, missing, readTime, type Terms } from "./claim.ts";
import { signV1 } from "./v1.ts";

const TERMS: Terms = {
  part: "parameter",
  time: "Timestamp",
  token: "SecurityToken",
  covers: "the method and the parameters",
};

const ADVICE = "each request must be signed with an access key";

/** What there is one supported value of. SDKs send an empty SignatureType; bearer tokens and RSA keys are not supported (api.md §2.3). */
const SUPPORTED = new Map([
  ["SignatureType", ""],
  ["SignatureMethod", "HMAC-SHA1"],
  ["SignatureVersion", "1.0"],
]);

/** Action and Version too: a header may give them as well, but this scheme signs no headers. */
const REQUIRED = ["Signature", "SignatureMethod", "SignatureVersion", "Version", "Action"];

/** Throws StepwellError `MissingRequiredParams`, `InvalidArgument`. */
export function readV1Claim({ method }: ApiRequest, params: Params): Claim {
  requireSupported(params);
  for (const name of REQUIRED) required(params, name);
  return {
    terms: TERMS,
    accessKeyId: required(params, "AccessKeyId"),
    nonce: required(params, "SignatureNonce"),
    at: readTime(TERMS, required(params, "Timestamp")),
    securityToken: params.get("SecurityToken") || undefined,
    signature: required(params, "Signature"),
    sign: (secret) => signV1(method, params, secret),
  };
}

function requireSupported(params: Params): void {
  for (const [name, supported] of SUPPORTED) {
    const given = params.get(name) || supported;
    if (given === supported) continue;
    const advice = supported === "" ? "leave it empty" : `send ${supported}`;
    throw invalid(`${name} ${quoted(given)} is not supported: ${advice}.`);
  }
}

function required(params: Params, name: string): string {
  const value = params.get(name);
  if (value === undefined || value === "") throw missing(TERMS, name, ADVICE);
  return value;
}
