/** Time and ids (architecture §8). */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: StopSignal): Promise<void>;
}

/** What a sleep needs of an AbortSignal. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", wake: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", wake: () => void): void;
}

export interface Ids {
  /** A new unique id of letters, digits and `-`. */
  next(): string;
}

/** That many random bytes, good for cryptography. */
export type RandomBytes = (count: number) => Uint8Array;

/** Keyed hashes, and keys for other uses. */
export interface Keys {
  /** Id of the key that new tokens are signed with and new secrets sealed under. */
  readonly current: string;
  /** HMAC-SHA256 of `text`, base64url; undefined when there is no such key. */
  sign(text: string, keyId: string): string | undefined;
  /** A key of 32 bytes, always the same, for one purpose: HKDF-SHA256 (RFC 5869), so that no use of it tells of the secret, of signatures or of another purpose's key. Undefined when there is no such key. */
  derive(purpose: string, keyId: string): Uint8Array | undefined;
  /** SHA-256 of `text`, hex. Not keyed: content addresses and derived ids. */
  hash(text: string): string;
}
