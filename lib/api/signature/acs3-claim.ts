/** Reading what a request with an ACS3 signature claims: it stands in headers, and they are signed (api.md §2.2). */
import { StepwellError } from "../../fdl/errors.ts";
import { invalid, quoted } from "../errors.ts";
import { type ApiRequest, type Params, readQuery } from "../params.ts";
import { ACS3, sha256Hex, signAcs3 } from "./acs3.ts";
import { type Claim, missing, readTime, type Terms } from "./claim.ts";

const TERMS: Terms = {
  part: "header",
  time: "x-acs-date",
  token: "x-acs-security-token",
  covers: "the method, the query, the body and the headers in SignedHeaders (among them host)",
};

const HASH = "x-acs-content-sha256";

/** What a request means, or is protected by: none of it may be exchanged, so all of it must be signed. */
const REQUIRED = ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", HASH];

const AUTHORIZATION = /^ACS3-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([^,\s]+)$/;

const HEADER_NAME = /^[a-z0-9_-]+$/;

interface Authorization {
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** Whether a request is signed in this way, or in a variant of it that is not supported (api.md §2). */
export function isAcs3({ authorization }: ApiRequest["headers"]): boolean {
  return authorization?.startsWith("ACS3-") ?? false;
}

/** `params` are those of the whole request. Throws StepwellError `MissingRequiredHeader`, `InvalidArgument`. */
export function readAcs3Claim({ method, target, headers, body }: ApiRequest, params: Params): Claim {
  const { accessKeyId, signedHeaders, signature } = readAuthorization(headers.authorization ?? "");
  const signed = new Map(signedHeaders.map((name) => [name, required(headers, name)]));
  for (const name of REQUIRED) requireSigned(headers, signed, name);
  if (headers[TERMS.token] !== undefined) requireSigned(headers, signed, TERMS.token);
  const declaredHash = required(headers, HASH);
  return {
    terms: TERMS,
    accessKeyId,
    nonce: required(headers, "x-acs-signature-nonce"),
    at: readTime(TERMS, required(headers, TERMS.time)),
    securityToken: headers[TERMS.token] || undefined,
    signature,
    sign(secret) {
      const contentHash = sha256Hex(body);
      if (contentHash !== declaredHash) {
        throw new StepwellError(
          "SignatureNotMatch",
          `The body is not the one that was signed: ${HASH} says another SHA-256. Look for what changes it on the way.`,
        );
      }
      const query = body === "" ? params : readQuery(target);
      return signAcs3({ method, query, headers: signed, contentHash }, secret);
    },
  };
}

function readAuthorization(text: string): Authorization {
  const [algorithm = ""] = text.split(" ", 1);
  if (algorithm !== ACS3) throw invalid(`Signatures of ${quoted(algorithm)} are not supported: sign with ${ACS3}.`);
  const [, accessKeyId, list, signature] = AUTHORIZATION.exec(text) ?? [];
  if (accessKeyId === undefined || list === undefined || signature === undefined) {
    throw invalid(`The header Authorization must be "${ACS3} Credential=…,SignedHeaders=…;…,Signature=…".`);
  }
  const signedHeaders = list.split(";");
  // A long header that is listed a thousand times would be hashed as often, for anyone who knows the id of an access key.
  if (new Set(signedHeaders).size !== signedHeaders.length) throw invalid("SignedHeaders has a header more than once.");
  for (const name of signedHeaders) {
    if (!HEADER_NAME.test(name)) throw invalid(`SignedHeaders has ${quoted(name)}: list header names in lower case.`);
  }
  return { accessKeyId, signedHeaders, signature };
}

function requireSigned(headers: ApiRequest["headers"], signed: ReadonlyMap<string, string>, name: string): void {
  if (required(headers, name) === "" && name !== TERMS.token) throw missing(TERMS, name, "it is empty");
  if (!signed.has(name)) throw invalid(`The header ${name} is not signed: list it in SignedHeaders.`);
}

/** A header's value. The caller chose the name: it may be one that every object has, or one that Node makes a list of. */
function required(headers: ApiRequest["headers"], name: string): string {
  const value = headers[name];
  if (typeof value === "string") return value;
  throw missing(TERMS, name, "it must be sent, and signed. If your client sends it, something on the way takes it off");
}
