/** Causes of errors for people. The cause of a function's error is JSON text with its message and stack (fdl.md §6.1). */

/** Longest cause in a line of progress, characters. */
const LONGEST = 300;

/** On one line: the message of a function's error, or the cause itself; cut when it is long. */
export function causeText(cause: string): string {
  const line = functionError(cause).message.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** In full: the message, then where in the function it came from. */
export function causeLines(cause: string): readonly string[] {
  const { message, stack } = functionError(cause);
  return [
    ...`cause: ${message}`.split("\n"),
    ...stack.filter((line) => !line.includes("node:internal")).map((line) => `    ${line}`),
  ];
}

function functionError(cause: string): { readonly message: string; readonly stack: readonly string[] } {
  try {
    const value: unknown = JSON.parse(cause);
    if (
      typeof value === "object" &&
      value !== null &&
      "errorMessage" in value &&
      typeof value.errorMessage === "string"
    ) {
      const stack: unknown = "stackTrace" in value ? value.stackTrace : undefined;
      const frames = Array.isArray(stack) ? stack.filter((line) => typeof line === "string") : [];
      return { message: value.errorMessage, stack: frames };
    }
  } catch {
    // Plain text.
  }
  return { message: cause, stack: [] };
}
