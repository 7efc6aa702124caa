/** What is told of function processes that died or could not load their functions, in Lambda's words. */
import type { Exit } from "./child-process.ts";
import { type Failure, failure } from "./failure.ts";
import type { LoadProblem } from "./protocol.ts";

/** The failure of the attempt that ran in it, since `durationMs`: `FC.Unknown` (fdl.md §6.2). */
export function exitFailure(exit: Exit, durationMs: number): Failure {
  const message = `Process exited unexpectedly before completing request (duration: ${Math.round(durationMs)}ms, ${how(exit)})`;
  return failure("FC.Unknown", message, [], exit.outOfMemory ? "Runtime.OutOfMemory" : "Runtime.ExitError");
}

/** The end of an attempt whose function cannot be used: there is one, but not its code. */
export function broken({ errorType, errorMessage, stackTrace }: LoadProblem): Failure & { readonly kind: "failed" } {
  return { kind: "failed", ...failure("FC.Unknown", errorMessage, stackTrace, errorType) };
}

/** It died before it had loaded the functions. */
export function exitWhileLoading(exit: Exit): LoadProblem {
  return importProblem(`the process ended while it loaded the module (${how(exit)})`);
}

/** It has not loaded the functions in that time. */
export function endlessLoading(ms: number): LoadProblem {
  return importProblem(`the module did not finish loading within ${ms / 1000} s`);
}

function importProblem(errorMessage: string): LoadProblem {
  return { errorType: "Runtime.ImportModuleError", errorMessage, stackTrace: [] };
}

function how(exit: Exit): string {
  if (exit.outOfMemory) return "out of memory";
  const end = exit.signal === null ? `exit code: ${exit.code ?? "none"}` : `signal: ${exit.signal}`;
  return exit.reason === undefined ? end : `${end}, uncaught ${exit.reason}`;
}
