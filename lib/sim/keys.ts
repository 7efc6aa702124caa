/** The keys port of one world without cryptography, which would be a tenth of a simulation's time: nobody forges anything in it. */
import type { Keys } from "../runtime/ports/clock.ts";

const KEY = "key";
/** Characters of a signature, as those of HMAC-SHA256 in base64url. */
const SIGNATURE = 43;

/** Longer texts are told apart by looking them up: that reads them once, and in native code. */
const LONG = 1_000;

export function simulatedKeys(): Keys {
  const long = new Map<string, string>();

  /** Another one for each long text, by the order in which they came. */
  function numbered(text: string): string {
    const known = long.get(text) ?? digest(`long ${long.size}`);
    long.set(text, known);
    return known;
  }

  return {
    current: KEY,
    sign: (text, keyId) => (keyId === KEY ? digest(text).repeat(3).slice(0, SIGNATURE) : undefined),
    derive: (purpose, keyId) => (keyId === KEY ? Buffer.from(digest(purpose).repeat(4), "hex") : undefined),
    hash: (text) => (text.length > LONG ? numbered(text) : digest(text)).repeat(4),
  };
}

/** 16 hex digits: FNV-1a from two beginnings. */
function digest(text: string): string {
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x85ebca6b) ^ (other >>> 13);
  }
  return [one, other].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
