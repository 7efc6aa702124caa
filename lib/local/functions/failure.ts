/**
 * What a function threw, as an error of the language: its name is the class of the error, its cause the JSON text that
 * function services answer with (fdl.md §6.1, §6.2). The thrown value is the user's: it may be anything, and reading it
 * may throw again.
 */
import { inspect, types } from "node:util";

export interface Failure {
  readonly error: string;
  readonly cause: string;
}

/** Longest message and stack that are kept, characters: a cause travels through every journal entry after it. */
const MAX_MESSAGE = 64 * 1024;
const MAX_STACK_LINES = 30;

/**
 * The failure for a thrown value. For an error its own `name`, else the name of its class (also when the class does not
 * set `name`); for any other value its type (`string`, `object`, …), as Lambda's Node runtime has it.
 */
export function failureOf(thrown: unknown): Failure {
  try {
    if (isErrorLike(thrown)) return failure(errorName(thrown), String(thrown.message), stackOf(thrown));
    return failure(typeof thrown, typeof thrown === "string" ? thrown : inspect(thrown), []);
  } catch {
    return failure("Error", "The function threw a value that cannot be read.", []);
  }
}

/** A failure with the cause that function services give. */
export function failure(
  error: string,
  errorMessage: string,
  stackTrace: readonly string[],
  errorType = error,
): Failure {
  return { error, cause: JSON.stringify({ errorMessage: shortened(errorMessage), errorType, stackTrace }) };
}

interface ErrorLike {
  readonly name: unknown;
  readonly message: unknown;
  readonly stack?: unknown;
}

function isErrorLike(value: unknown): value is ErrorLike {
  if (types.isNativeError(value)) return true;
  if (typeof value !== "object" || value === null || !("name" in value) || !("message" in value)) return false;
  return (
    typeof value.name === "string" && value.name !== "" && typeof value.message === "string" && value.message !== ""
  );
}

function errorName(error: ErrorLike): string {
  const prototype: unknown = Object.getPrototypeOf(error);
  const stated = Object.hasOwn(error, "name") || (isRecord(prototype) && Object.hasOwn(prototype, "name"));
  const name = typeof error.name === "string" ? error.name : "";
  const className =
    isRecord(prototype) && typeof prototype.constructor === "function" ? prototype.constructor.name : "";
  if (stated && name !== "" && name !== "Error") return name;
  return (className === "Object" ? name : className) || name || "Error";
}

function stackOf(error: ErrorLike): readonly string[] {
  if (typeof error.stack !== "string") return [];
  const frames = error.stack.split("\n").filter((line) => line.startsWith("    at "));
  return frames.slice(0, MAX_STACK_LINES).map((line) => line.trim());
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function shortened(text: string): string {
  return text.length <= MAX_MESSAGE
    ? text
    : `${text.slice(0, MAX_MESSAGE)}… (${text.length - MAX_MESSAGE} more characters)`;
}
