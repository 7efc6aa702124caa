/** The fields of an answer, read once into values: texts, times, and the JSON that the API writes as text. */
import { clientError } from "./errors.ts";

/** An answer's fields, or those of an item in it. */
export interface Fields {
  readonly [name: string]: unknown;
}

/** A text. Throws StepwellApiError `UnreadableAnswer`, as all of these do. */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string") return value;
  throw unreadable(name, "text");
}

export function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === "number") return value;
  throw unreadable(name, "number");
}

/** A time; undefined for "", one that is not known yet (api.md §3.1). */
export function optionalTime(fields: Fields, name: string): Date | undefined {
  const value = text(fields, name);
  return value === "" ? undefined : new Date(value);
}

export function time(fields: Fields, name: string): Date {
  const value = optionalTime(fields, name);
  if (value !== undefined) return value;
  throw unreadable(name, "time");
}

/** The value of a JSON text; undefined for "", no value. Whole numbers beyond 2^53 lose digits, as in all JavaScript. */
export function json(fields: Fields, name: string): unknown {
  const value = text(fields, name);
  if (value === "") return undefined;
  try {
    return JSON.parse(value);
  } catch (cause) {
    throw clientError("UnreadableAnswer", `The server's ${name} is no JSON text.`, { cause });
  }
}

export function items(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  if (Array.isArray(value)) return value;
  throw unreadable(name, "list");
}

/** JSON text of a value to send. Throws StepwellApiError `InvalidArgument`. */
export function jsonText(value: unknown, name: string): string {
  let cause: unknown;
  try {
    const written: string | undefined = JSON.stringify(value);
    if (written !== undefined) return written;
  } catch (error) {
    cause = error;
  }
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  throw clientError("InvalidArgument", `The ${name} cannot be written as JSON${why}.`, { cause });
}

function unreadable(name: string, kind: string) {
  return clientError("UnreadableAnswer", `The server's answer has no ${kind} ${name}: is it a Stepwell server?`);
}
