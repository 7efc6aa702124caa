/** What a step cannot work with: a missing service parameter, a wait of no length, a collection that is none (fdl.md §3.1.5, §3.3, §3.6). */
import { StepwellError } from "../fdl/errors.ts";
import type { Failure } from "./fail-branch.ts";

/** Thrown while a step's data are read, and caught by the step, which fails with it. */
export class InvalidInput extends StepwellError {
  constructor(message: string) {
    super("FnF.InvalidInput", message);
    this.name = "InvalidInput";
  }
}

/** What `read` returns, or the error of the input that it does not accept. */
export function accepted<T>(read: () => T): { readonly value: T } | { readonly failure: Failure } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { failure: { error: error.code, cause: error.message } };
  }
}
