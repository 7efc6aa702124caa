/** Values that the language leaves open (generated names, message ids, the wording of the engine's own causes), and comparing with them. */
import type { Json, JsonObject } from "../../fdl/json.ts";
import { isList, isMap } from "./value.ts";

/** How every text begins that stands for an unspecified one: task tokens do, too. */
const MARK = "\u0000";

/** Stands for a value that may be any, or be absent from its object. */
export const UNSPECIFIED = `${MARK}unspecified`;

/** The token of an attempt: for the reference one of its own, for whoever compares any. */
export function tokenOf(attempt: number): string {
  return `${MARK}token ${attempt}`;
}

function isUnspecified(value: Json): boolean {
  return typeof value === "string" && value.startsWith(MARK);
}

/** How an execution ends. `cause` is absent where the language does not say its text. */
export type End =
  | { readonly status: "Succeeded"; readonly output: JsonObject }
  | { readonly status: "Failed" | "TimedOut"; readonly error: string; readonly cause?: string };

/** What was seen of an execution that has ended. */
export interface SeenEnd {
  readonly status: string;
  readonly output?: Json | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** True when an execution that ended as was seen did end in this way. */
export function endAgrees(right: End, seen: SeenEnd): boolean {
  if (right.status !== seen.status) return false;
  if (right.status === "Succeeded") return valueAgrees(right.output, seen.output);
  return valueAgrees(right.error, seen.error) && (right.cause === undefined || valueAgrees(right.cause, seen.cause));
}

/** Deep equality but for what is unspecified on the right side. */
export function valueAgrees(right: Json, seen: Json | undefined): boolean {
  if (right === seen || isUnspecified(right)) return true;
  if (isList(right)) {
    return isList(seen) && right.length === seen.length && right.every((item, at) => valueAgrees(item, seen[at]));
  }
  if (!isMap(right) || !isMap(seen)) return false;
  return (
    Object.keys(seen).every((key) => Object.hasOwn(right, key)) &&
    Object.entries(right).every(([key, value]) =>
      Object.hasOwn(seen, key) ? valueAgrees(value, seen[key]) : isUnspecified(value),
    )
  );
}
