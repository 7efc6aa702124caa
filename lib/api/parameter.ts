/** Parameters of actions: whether one must be there, what stands for it when it is not, and the type of what is read. */
import { StepwellError } from "../fdl/errors.ts";
import { quoted } from "./errors.ts";

/** Reads a value that is there. Throws StepwellError `InvalidArgument`. */
export type Kind<T> = (value: string, name: string) => T;

export interface Parameter<T> {
  readonly read: (value: string | undefined, name: string) => T;
}

/** Must be given; whether it may be empty is for its kind to say. Throws `MissingRequiredParams`. */
export function required<T>(kind: Kind<T>): Parameter<T> {
  return {
    read(value, name) {
      if (value === undefined) throw new StepwellError("MissingRequiredParams", `${name} is missing.`);
      return kind(value, name);
    },
  };
}

/** May be left out; SDKs send some of those that are as empty. */
export function optional<T>(kind: Kind<T>): Parameter<T | undefined>;
export function optional<T>(kind: Kind<T>, fallback: T): Parameter<T>;
export function optional<T>(kind: Kind<T>, fallback?: T): Parameter<T | undefined> {
  return { read: (value, name) => (value === undefined || value === "" ? fallback : kind(value, name)) };
}

/** A parameter of the API that Stepwell does not have: refused, since without it the request would mean something else. */
export function unsupported(instead: string): Parameter<undefined> {
  return {
    read(value, name) {
      if (value === undefined || value === "") return undefined;
      throw new StepwellError("InvalidArgument", `${name} ${quoted(value)} is not supported: ${instead}.`);
    },
  };
}
