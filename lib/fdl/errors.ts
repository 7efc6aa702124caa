/** The base of every error that a user may see: a `code` (the FnF code where there is one) and a message that says what, where and what to do. */
export class StepwellError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StepwellError";
    this.code = code;
  }
}

/** An expression of the language (path, condition, resource name) that does not parse. `offset` counts characters from 0 in its text. */
export class ExpressionError extends StepwellError {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super("InvalidArgument", message);
    this.name = "ExpressionError";
    this.offset = offset;
  }
}
