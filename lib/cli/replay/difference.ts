/** Differences between what was recorded and what the core computes now. */

export interface Difference {
  /** What differs, for example `effect`, `snapshot.frames[0].local.total`. */
  readonly what: string;
  /** Absent: it was not recorded, or is not computed. */
  readonly recorded?: unknown;
  readonly computed?: unknown;
}

/** So many are told of one value. */
const TOLD = 5;

interface Pair {
  readonly recorded: unknown;
  readonly computed: unknown;
  readonly what: string;
}

/** Where two values differ as JSON does: the order of keys does not count, an undefined field is none. Equal parts that are one object cost nothing. */
export function differences(what: string, recorded: unknown, computed: unknown): readonly Difference[] {
  const found: Difference[] = [];
  // A list of pairs and no recursion: users' values may nest deeper than functions can call each other.
  const pairs: Pair[] = [{ what, recorded, computed }];
  for (let pair = pairs.pop(); pair !== undefined && found.length < TOLD; pair = pairs.pop()) {
    if (pair.recorded === pair.computed) continue;
    const parts = partsOf(pair);
    if (parts === undefined) found.push(pair);
    else pairs.push(...parts.reverse());
  }
  return found;
}

/** The parts of two objects or of two arrays; undefined when they are not of one kind. */
function partsOf({ what, recorded, computed }: Pair): Pair[] | undefined {
  if (!isNode(recorded) || !isNode(computed) || Array.isArray(recorded) !== Array.isArray(computed)) return undefined;
  const list = Array.isArray(recorded);
  const keys = new Set([...Object.keys(recorded), ...Object.keys(computed)]);
  return [...keys].map((key) => ({
    what: list ? `${what}[${key}]` : `${what}.${key}`,
    recorded: ownValue(recorded, key),
    computed: ownValue(computed, key),
  }));
}

function isNode(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function ownValue(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
}
