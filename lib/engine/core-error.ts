/** The error of a broken caller: no flow and no user can cause it. */
import { StepwellError } from "../fdl/errors.ts";

/** An event that does not fit the state, or a state that does not fit the flow: a bug or a corrupt journal. The execution ends with `FnF.RuntimeError`. */
export class CoreError extends StepwellError {
  constructor(message: string) {
    super("FnF.RuntimeError", message);
    this.name = "CoreError";
  }
}
