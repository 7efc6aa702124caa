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

/** Keyed hashes. */
export interface Keys {
  /** Id of the key that new tokens are signed with. */
  readonly current: string;
  /** HMAC-SHA256 of `text`, base64url; undefined when there is no such key. */
  sign(text: string, keyId: string): string | undefined;
  /** SHA-256 of `text`, hex. Not keyed: content addresses and derived ids. */
  hash(text: string): string;
}
