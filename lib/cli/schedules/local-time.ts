/** Times as people read them. */
import { formatTimestamp } from "../../fdl/timestamp.ts";

/**
 * RFC 3339 as a clock in the zone shows it, with that moment's offset.
 *
 * @example
 * localTime(Date.UTC(2026, 6, 1), "Europe/Berlin"); // "2026-07-01T02:00:00+02:00"
 */
export function localTime(ms: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  const name = format.formatToParts(ms).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  // GMT+05:30; GMT alone is UTC's own. Offsets with seconds ended in 1972.
  const [, sign = "+", hours = "00", minutes = "00"] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const offsetMs = (sign === "-" ? -60_000 : 60_000) * (Number(hours) * 60 + Number(minutes));
  return `${formatTimestamp(ms + offsetMs).slice(0, -1)}${sign}${hours}:${minutes}`;
}
