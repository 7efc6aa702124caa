/** What the core asks of its caller. All of it must be pure: the same answers whenever the journal is read again. */
export interface Env {
  /** The token of the attempt that this transition starts (`$context.task.token`). Called only when it is needed. */
  token(): string;
  /** Upper bound of input + output + local of a step, bytes of JSON (fdl.md §12: 50 MB). */
  readonly maxDataBytes: number;
  /** Called once for each mapping path or wait value that is missing (fdl.md §10 rows 1, 25b). Optional. */
  warn?(step: string, message: string): void;
}
