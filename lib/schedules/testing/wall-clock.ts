/** What a clock on the wall shows, from Intl alone. */

export interface WallClock {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  /** 1 = Monday … 7 = Sunday. */
  readonly weekday: number;
  /** The same for two moments at which it shows the same date and minute. */
  readonly face: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

/** The clock at a moment, ms. */
export function wallClock(ms: number, timeZone: string): WallClock {
  const face = formatOf(timeZone).format(ms);
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = (face.match(/\d+/g) ?? []).map(Number);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
  return { minute, hour, day, month, weekday, face };
}
