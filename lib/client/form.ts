/** What is sent: all parameters of a call in one form, so that no task token or input comes into anybody's access log. */
import { randomUUID } from "node:crypto";
import { signV1 } from "../api/signature/v1.ts";
import { formatTimestamp } from "../fdl/timestamp.ts";
import { clientError } from "./errors.ts";

export interface SigningKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of a temporary key. */
  readonly securityToken?: string | undefined;
}

/** Parameters of a call; undefined ones are left out. */
export interface Params {
  readonly [name: string]: string | number | boolean | undefined;
}

const VERSION = "2019-03-15";

/**
 * The form of one attempt: with a key it is signed (api.md §2.1), as of `now` and with a nonce of its own, so an attempt is
 * never taken for a replay of the one before. Throws StepwellApiError `InvalidArgument`.
 */
export function signedForm(action: string, params: Params, key: SigningKey | undefined, now: number): string {
  const all = new Map([
    ["Action", action],
    ["Version", VERSION],
    ["Format", "JSON"],
  ]);
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    const text = String(value);
    if (!text.isWellFormed()) throw clientError("InvalidArgument", `${name} holds a lone surrogate: it is no text.`);
    all.set(name, text);
  }
  if (key !== undefined) {
    all.set("AccessKeyId", key.accessKeyId);
    all.set("SignatureMethod", "HMAC-SHA1");
    all.set("SignatureVersion", "1.0");
    all.set("SignatureNonce", randomUUID());
    all.set("Timestamp", formatTimestamp(now));
    if (key.securityToken !== undefined) all.set("SecurityToken", key.securityToken);
    all.set("Signature", signV1("POST", all, key.accessKeySecret));
  }
  let form = "";
  for (const [name, value] of all) form += `${form === "" ? "" : "&"}${name}=${encodeURIComponent(value)}`;
  return form;
}
