/** The functions port over editions: what is the same for every call, whatever code it finds. */
import type { CallResult, Functions, Invocation } from "../../runtime/ports/functions.ts";
import { type Edition, notFound } from "./edition.ts";
import { failure } from "./failure.ts";
import { MAX_ASYNC_REQUEST_BYTES, MAX_REQUEST_BYTES } from "./protocol.ts";

/** Submitted functions that still run. */
export interface Background {
  count(): number;
  /** Resolves when there is none. */
  settled(): Promise<void>;
}

export interface Calls extends Functions {
  readonly background: Background;
  /** Rejects the calls that wait, and all later ones. */
  close(): void;
}

export interface CallsOptions {
  /** The edition for a call that comes now. */
  edition(): Edition | Promise<Edition>;
  /** Receives the end of a function that was submitted with a token. Must not reject. */
  readonly report?: ((token: string, result: CallResult) => Promise<void>) | undefined;
}

export function callsOf({ edition, report }: CallsOptions): Calls {
  const background = new Set<Promise<void>>();
  const waiting = new Set<(error: Error) => void>();
  let closed = false;

  function call(invocation: Invocation, event: string, limit: number): Promise<CallResult> {
    if (closed) return Promise.reject(closedError());
    const bytes = Buffer.byteLength(event);
    if (bytes > limit) return Promise.resolve(tooLarge(bytes, limit));
    return new Promise((resolve, reject) => {
      waiting.add(reject);
      const settle = (result: CallResult) => {
        waiting.delete(reject);
        resolve(result);
      };
      const now = edition();
      if (!(now instanceof Promise)) now.run(invocation, event, settle);
      else now.then((ready) => closed || ready.run(invocation, event, settle), reject);
    });
  }

  return {
    invoke: (invocation) => call(invocation, JSON.stringify(invocation.payload), MAX_REQUEST_BYTES),

    async submit(invocation, token) {
      const event = JSON.stringify(invocation.payload);
      const { catalog } = await (await edition()).loaded;
      const found = catalog?.find(invocation.resource);
      if (found !== undefined && "missing" in found) return notFound(found.missing);
      const bytes = Buffer.byteLength(event);
      if (bytes > MAX_ASYNC_REQUEST_BYTES) return tooLarge(bytes, MAX_ASYNC_REQUEST_BYTES);
      const work = call(invocation, event, MAX_ASYNC_REQUEST_BYTES).then(
        (result) => (token === undefined ? undefined : report?.(token, result)),
        // Closed: nobody waits for it any more.
        () => undefined,
      );
      background.add(work);
      void work.finally(() => background.delete(work));
      return { kind: "succeeded" };
    },

    async resolveAlias(resource) {
      const { catalog } = await (await edition()).loaded;
      return catalog?.versionOf(resource);
    },

    background: {
      count: () => background.size,
      async settled() {
        while (background.size > 0) await Promise.all(background);
      },
    },

    close() {
      closed = true;
      for (const reject of waiting) reject(closedError());
      waiting.clear();
    },
  };
}

function tooLarge(bytes: number, limit: number): CallResult {
  const [size, kind] = limit === MAX_REQUEST_BYTES ? ["6 MB", "synchronous"] : ["1 MB", "asynchronous"];
  const message = `The function's input has ${bytes} bytes; Lambda's limit for the request of a call that is ${kind} is ${limit} bytes (${size}).`;
  return { kind: "failed", ...failure("FnF.DataLimitExceeded", message, []) };
}

function closedError(): Error {
  return new Error("The function processes were closed.");
}
