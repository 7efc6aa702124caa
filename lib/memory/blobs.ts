/** The blobs port in memory. */
import { StepwellError } from "../fdl/errors.ts";
import type { Blobs } from "../runtime/ports/blobs.ts";

/** An empty store. */
export function memoryBlobs(): Blobs {
  const texts = new Map<string, string>();
  return {
    async put(hash, text) {
      texts.set(hash, text);
    },
    async get(hash) {
      const text = texts.get(hash);
      if (text === undefined) throw new StepwellError("InternalServerError", `no blob is stored under ${hash}`);
      return text;
    },
  };
}
