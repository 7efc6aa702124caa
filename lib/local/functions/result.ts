/**
 * What a function returned, as JSON text. Lambda fails an invocation whose result it cannot write (Runtime.MarshalError);
 * the language calls such a result unusable: `FnF.InvalidLocal` (fdl.md §6.2), here with the place of the culprit.
 */
import { type Failure, failure } from "./failure.ts";
import { MAX_RESPONSE_BYTES } from "./protocol.ts";

export type Written = { readonly output?: string } | Failure;

/** JSON text of the result; no output for undefined. What JSON itself leaves out or turns to null inside is left so. */
export function writeResult(result: unknown): Written {
  if (result === undefined) return {};
  let text: string | undefined;
  try {
    text = JSON.stringify(result);
  } catch (error) {
    return marshalError(culprit(result) ?? (error instanceof Error ? error.message : "reading it threw an exception"));
  }
  // A function, a symbol, or a toJSON that returns nothing.
  if (text === undefined) return marshalError(`$ is ${describe(result)}`);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_RESPONSE_BYTES) return { output: text };
  const message = `The function's result has ${bytes} bytes; Lambda's limit for the response of a synchronous call is ${MAX_RESPONSE_BYTES} bytes (6 MB).`;
  return failure("FnF.DataLimitExceeded", message, []);
}

function marshalError(where: string): Failure {
  return failure(
    "FnF.InvalidLocal",
    `The function's result cannot be written as JSON: ${where}.`,
    [],
    "Runtime.MarshalError",
  );
}

/** Where the first BigInt or cycle is, e.g. `$.orders[2].total is a BigInt`; undefined when looking for it fails as well. */
function culprit(result: unknown): string | undefined {
  try {
    return unwritable(result, "$", []);
  } catch {
    return undefined;
  }
}

function unwritable(value: unknown, path: string, above: readonly object[]): string | undefined {
  if (typeof value === "bigint") return `${path} is a BigInt`;
  if (typeof value !== "object" || value === null) return undefined;
  if (above.includes(value)) return `${path} refers back to a value that contains it`;
  if ("toJSON" in value && typeof value.toJSON === "function") return undefined;
  const here = [...above, value];
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value)
      ? `[${key}]`
      : /^[A-Za-z_]\w*$/.test(key)
        ? `.${key}`
        : `[${JSON.stringify(key)}]`;
    const found = unwritable(item, path + step, here);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describe(value: unknown): string {
  return typeof value === "object" ? "an object whose toJSON returns nothing" : `a ${typeof value}`;
}
