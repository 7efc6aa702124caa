/** One of some values, the likelier ones oftener, and what is seldom there. */
import * as fc from "fast-check";

/** Draws a value by its weight, given as `[weight, value]`; shrinks towards the first. */
export function pick<T>(...choices: readonly (readonly [weight: number, value: T])[]): fc.Arbitrary<T> {
  return fc.constantFrom(...choices.flatMap(([weight, value]) => Array.from({ length: weight }, () => value)));
}

/** A value in about `percent` of a hundred draws, else undefined; shrinks to undefined. */
export function seldom<T>(percent: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - percent, arbitrary: fc.constant(undefined) },
    { weight: percent, arbitrary: value },
  );
}
