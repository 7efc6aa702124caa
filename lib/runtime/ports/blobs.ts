/** The blobs port: large values, content-addressed, immutable (architecture §3, claim check). */
export interface Blobs {
  /** Stores text under its hash; the same hash again is the same content. */
  put(hash: string, text: string): Promise<void>;
  /** Rejects when it is not there. */
  get(hash: string): Promise<string>;
}
