/** A mistake in how a command was called: told in one message, without a stack, and the exit code is 2. */
import { StepwellError } from "../fdl/errors.ts";

export class UsageError extends StepwellError {
  constructor(message: string) {
    super("Usage", message);
    this.name = "UsageError";
  }
}

/** Exit codes: done and well; the work ended badly; nothing was begun because something given is wrong; a defect of ours. */
export const EXIT = { ok: 0, failed: 1, usage: 2, defect: 70 } as const;
