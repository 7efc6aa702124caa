/** How values of a cron field are written for other cron dialects: lists of ranges, which all of them read alike. */

/**
 * The values, sorted, as a list of ranges; as short as lists get, because EventBridge Scheduler takes 256 characters of
 * expression.
 *
 * @example
 * asRanges([0, 1, 2, 30]); // "0-2,30"
 */
export function asRanges(values: readonly number[], name: (value: number) => string = String): string {
  const ranges: { first: number; last: number }[] = [];
  for (const value of values) {
    const range = ranges.at(-1);
    if (range !== undefined && range.last === value - 1) range.last = value;
    else ranges.push({ first: value, last: value });
  }
  return ranges.map(({ first, last }) => (first === last ? name(first) : `${name(first)}-${name(last)}`)).join(",");
}
