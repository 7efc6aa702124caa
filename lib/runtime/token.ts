/**
 * Task tokens (architecture §4): opaque, one per attempt, signed with HMAC-SHA256 over all that they say and verified before
 * any read. The same attempt has the same token whenever it is computed, so history can be derived again.
 */
import { StepwellError } from "../fdl/errors.ts";
import type { Address } from "./message.ts";
import type { Keys } from "./ports/clock.ts";

/** The attempt that a token stands for: entry `seq` of the branch made its call. */
export interface Attempt extends Address {
  readonly branch: string;
  readonly seq: number;
}

const VERSION = "v1";

/** The token of an attempt. */
export function mintToken(keys: Pick<Keys, "sign">, attempt: Attempt): string {
  const { ref, startId, flow, revision, keyId, branch, seq } = attempt;
  const body = Buffer.from(
    JSON.stringify([ref.flowId, ref.name, startId, flow, revision, branch, seq, keyId]),
  ).toString("base64url");
  const signed = `${VERSION}.${body}`;
  const signature = keys.sign(signed, keyId);
  if (signature === undefined)
    throw new StepwellError("InternalServerError", `there is no key "${keyId}" to sign task tokens with`);
  return `${signed}.${signature}`;
}

/** The attempt of a token; throws `InvalidArgument` for a token that this system did not make. */
export function readToken(keys: Keys, token: string): Attempt {
  const dot = token.lastIndexOf(".");
  const signed = token.slice(0, dot);
  const attempt = parseBody(signed);
  const signature = attempt && keys.sign(signed, attempt.keyId);
  if (attempt === undefined || signature === undefined || !sameText(signature, token.slice(dot + 1))) {
    throw new StepwellError(
      "InvalidArgument",
      "TaskToken is not a token of this system: pass it on exactly as the task received it",
    );
  }
  return attempt;
}

/** Stable id of an attempt, handed to the task: the same for every run of it. */
export function attemptId(attempt: Attempt): string {
  return `${attempt.startId}:${attempt.branch}:${attempt.seq}`;
}

function parseBody(signed: string): Attempt | undefined {
  if (!signed.startsWith(`${VERSION}.`)) return undefined;
  try {
    const list: unknown = JSON.parse(Buffer.from(signed.slice(VERSION.length + 1), "base64url").toString());
    if (!Array.isArray(list) || list.length !== 8) return undefined;
    const [flowId, name, startId, flow, revision, branch, seq, keyId] = list;
    return { ref: { flowId, name }, startId, flow, revision, branch, seq, keyId };
  } catch {
    return undefined;
  }
}

/** Compares in a time that does not depend on where the texts differ. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
