/**
 * Task tokens in an export: whoever holds one may report its task, so an export holds none. A token says what attempt it
 * stands for and signs that; the signature alone is taken out, for a text of the same length. So equal tokens stay equal,
 * sizes stay what they were, and a replay, which has no key to sign with, comes to the same texts.
 */
import type { Address } from "../../runtime/message.ts";
import { mintToken } from "../../runtime/token.ts";
import type { Place } from "./document.ts";

/** Of HMAC-SHA256 in base64url. */
const SIGNATURE_LENGTH = 43;
const WITHHELD = "signature-withheld".padEnd(SIGNATURE_LENGTH, "-");
const TOKEN = /v1\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{43}/g;

/** The text (JSON too: tokens hold nothing that it would escape) with the signature of each task token taken out. */
export function withoutSignatures(text: string): string {
  if (!text.includes("v1.")) return text;
  return text.replace(TOKEN, (token: string, body: string) => (isBody(body) ? `v1.${body}.${WITHHELD}` : token));
}

/** The token of an attempt as an export shows it. */
export function withheldToken(address: Address, branch: string, seq: number): string {
  return mintToken({ sign: () => WITHHELD }, { ...address, branch, seq });
}

/** Other systems' tokens may look alike; ours hold a list of eight. */
function isBody(body: string): boolean {
  try {
    const list: unknown = JSON.parse(Buffer.from(body, "base64url").toString());
    return Array.isArray(list) && list.length === 8;
  } catch {
    return false;
  }
}

/** The attempt that a token stands for, its signature unseen; undefined for what is no token. */
export function attemptOf(
  token: string,
): { readonly flow: string; readonly name: string; readonly place: Place } | undefined {
  const [, body = ""] = token.split(".");
  if (!isBody(body)) return undefined;
  const [, name, , flow, , branch, seq] = JSON.parse(Buffer.from(body, "base64url").toString());
  return { flow: String(flow), name: String(name), place: { branch: String(branch), seq: Number(seq) } };
}
