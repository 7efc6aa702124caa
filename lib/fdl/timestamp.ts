/** Points in time as FDL writes them: RFC 3339 (fdl.md §3.3). */

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Milliseconds since the epoch of an RFC 3339 time; undefined when the text is none, or names a day or a time of day
 * that does not exist.
 *
 * @example
 * parseTimestamp("2021-01-01T08:00:10+08:00"); // 1609459210000
 */
export function parseTimestamp(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, date, time, fraction = "", offset = "Z"] = match;
  const local = new Date(`${date}T${time}Z`);
  // Date takes the 30th of February for the 2nd of March, and 24:00 for the next day's 00:00.
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(`${date}T${time}`)) return undefined;
  return Date.parse(`${date}T${time}${fraction}${offset.toUpperCase()}`);
}

/**
 * The RFC 3339 time in UTC of milliseconds since the epoch, to the second: what is left of it is cut off.
 *
 * @example
 * formatTimestamp(1609459210999); // "2021-01-01T00:00:10Z"
 */
export function formatTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -".000Z".length)}Z`;
}
