/**
 * Making values smaller, as small parts that are put together. fast-check's own way follows how a value was drawn: it
 * cannot take steps out of a loop, nor the last item of a list. Plans are read by people when they fail, so that is worth it.
 */
import * as fc from "fast-check";

/** Smaller values than the given, the smallest first. None leads back to it, so that making smaller ends. */
export type Smaller<T> = (value: T) => Iterable<T>;

/** Of a value that is simply one of some: `simplest`. */
export function towards<T>(simplest: T): Smaller<T> {
  const text = JSON.stringify(simplest);
  return (value) => (value === simplest || JSON.stringify(value) === text ? [] : [simplest]);
}

/** Of whole numbers from `min`: that, then half way, and so on to one less. */
export function number(min = 0): Smaller<number> {
  return function* (value) {
    for (let by = value - min; by >= 1; by = Math.floor(by / 2)) yield value - by;
  };
}

/** undefined. */
export function absent(value: unknown): Iterable<undefined> {
  return value === undefined ? [] : [undefined];
}

/** As it is. */
export function same(): Iterable<never> {
  return [];
}

/** undefined, and smaller ones. */
export function optional<T>(smaller: Smaller<T>): Smaller<T | undefined> {
  return function* (value) {
    if (value === undefined) return;
    yield undefined;
    yield* smaller(value);
  };
}

/** Fewer items, but no fewer than `min`; then smaller ones. */
export function items<T>(min: number, smaller: Smaller<T>): Smaller<readonly T[]> {
  return function* (list) {
    for (let size = list.length - min; size >= 1; size = Math.floor(size / 2)) {
      for (let at = list.length - size; at >= 0; at--) yield list.toSpliced(at, size);
    }
    for (const [at, item] of list.entries()) for (const less of smaller(item)) yield list.with(at, less);
  };
}

/** One field smaller. Fields that are not named stay. */
export function fields<T extends object>(shape: { readonly [K in keyof T]?: Smaller<T[K]> }): Smaller<T> {
  const keys = Object.keys(shape) as (keyof T)[];
  return function* (value) {
    for (const key of keys) {
      for (const less of shape[key]?.(value[key]) ?? []) yield { ...value, [key]: less };
    }
  };
}

/** What the first makes of it, then the second, and so on. */
export function firstly<T>(...all: readonly Smaller<T>[]): Smaller<T> {
  return function* (value) {
    for (const smaller of all) yield* smaller(value);
  };
}

/** Draws what `drawn` draws, and makes it smaller in its own way. */
export function shrinking<T>(drawn: fc.Arbitrary<T>, smaller: Smaller<T>): fc.Arbitrary<T> {
  return new Shrinking(drawn, smaller);
}

class Shrinking<T> extends fc.Arbitrary<T> {
  readonly #drawn: fc.Arbitrary<T>;
  readonly #smaller: Smaller<T>;

  constructor(drawn: fc.Arbitrary<T>, smaller: Smaller<T>) {
    super();
    this.#drawn = drawn;
    this.#smaller = smaller;
  }

  /** Without the bias to small values that fast-check has in early runs: weights say how often what comes. */
  override generate(random: fc.Random): fc.Value<T> {
    return new fc.Value(this.#drawn.generate(random, undefined).value, undefined);
  }

  /** Values from elsewhere may be anything. */
  override canShrinkWithoutContext(_: unknown): _ is T {
    return false;
  }

  override shrink(value: T): fc.Stream<fc.Value<T>> {
    return fc.stream(this.#values(value));
  }

  *#values(value: T): IterableIterator<fc.Value<T>> {
    for (const less of this.#smaller(value)) yield new fc.Value(less, undefined);
  }
}
