/**
 * Who sent a request: the holder of which access key signed it. Parts are judged in an order by which a stranger learns
 * nothing but what is public, and costs little. First the form, then the time, by the request and the clock alone: an
 * old request that somebody recorded is refused whether its key still exists or not, and a client whose clock is wrong
 * is told so, right secret or not. Then key and signature. The security token comes last, once its sender has proven to
 * know the secret.
 */
import { StepwellError } from "../../fdl/errors.ts";
import { formatTimestamp } from "../../fdl/timestamp.ts";
import { quoted } from "../errors.ts";
import type { ApiRequest, Params } from "../params.ts";
import { isAcs3, readAcs3Claim } from "./acs3-claim.ts";
import { type Claim, missing } from "./claim.ts";
import { sameSecret } from "./constant-time.ts";
import { readV1Claim } from "./v1-claim.ts";

/** What is held of an access key. */
export interface Credentials {
  readonly secret: string;
  /** Of a temporary key pair: requests must carry it, and none but it (api.md §2.3). */
  readonly securityToken?: string;
}

export interface VerifyOptions {
  /** The credentials of an access key; undefined when there is no such key. */
  readonly credentials: (accessKeyId: string) => Promise<Credentials | undefined>;
  /** The server's time, in ms since 1970. */
  readonly now: number;
}

/** What is proven of a request. */
export interface Signed {
  readonly accessKeyId: string;
  /** Whoever refuses repeated requests must remember the nonces of a key for as long as their time is accepted. */
  readonly nonce: string;
  /** When the request was signed, in ms since 1970. */
  readonly at: number;
}

/** How far a client's clock may be off, either way (api.md §2.3). */
const MAX_SKEW_MINUTES = 15;

/** Nothing else is looked up. */
const ACCESS_KEY_ID = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * Verifies the signature of a request, of either scheme (api.md §2). `params` are what `readParams` makes of it. Whether
 * the nonce was used before is not judged. Throws StepwellError `MissingRequiredParams`, `MissingRequiredHeader`,
 * `InvalidArgument`, `RequestTimeTooSkewed`, `InvalidAccessKeyID`, `SignatureNotMatch`; rejects as `credentials` does.
 */
export async function verifySignature(
  request: ApiRequest,
  params: Params,
  { credentials, now }: VerifyOptions,
): Promise<Signed> {
  const claim = isAcs3(request.headers) ? readAcs3Claim(request, params) : readV1Claim(request, params);
  judgeTime(claim, now);
  const { accessKeyId, nonce, at } = claim;
  const held = ACCESS_KEY_ID.test(accessKeyId) ? await credentials(accessKeyId) : undefined;
  if (held === undefined) throw badKey(`There is no access key ${quoted(accessKeyId)}: check the client's settings.`);
  judgeSignature(claim, held);
  judgeToken(claim, held);
  return { accessKeyId, nonce, at };
}

function judgeTime({ terms, at }: Claim, now: number): void {
  if (Math.abs(at - now) <= MAX_SKEW_MINUTES * 60_000) return;
  const [signed, here] = [at, now].map(formatTimestamp);
  throw new StepwellError(
    "RequestTimeTooSkewed",
    `${terms.time} ${signed} is more than ${MAX_SKEW_MINUTES} minutes ${at < now ? "before" : "after"} this server's ` +
      `time, ${here}: set the client's clock, and sign a request anew when it is sent again.`,
  );
}

function judgeSignature({ terms, accessKeyId, signature, sign }: Claim, { secret }: Credentials): void {
  if (sameSecret(signature, sign(secret))) return;
  throw new StepwellError(
    "SignatureNotMatch",
    `The signature is not that of access key ${accessKeyId}: check the secret in the client's settings, and that ` +
      `nothing on the way changes what is signed, which is ${terms.covers}.`,
  );
}

function judgeToken({ terms, accessKeyId, securityToken: given }: Claim, { securityToken: held }: Credentials): void {
  if (held === undefined) {
    if (given === undefined) return;
    throw badKey(`Access key ${accessKeyId} has no security token: leave ${terms.token} out.`);
  }
  if (given === undefined) {
    throw missing(terms, terms.token, `access key ${accessKeyId} is a temporary one, valid only with its token`);
  }
  if (!sameSecret(given, held)) {
    throw badKey(`${terms.token} is not that of access key ${accessKeyId}: send key, secret and token of one session.`);
  }
}

function badKey(message: string): StepwellError {
  return new StepwellError("InvalidAccessKeyID", message);
}
