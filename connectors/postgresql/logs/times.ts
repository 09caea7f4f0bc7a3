/** `2026-11-21 00:14:02.123 UTC`, with or without the milliseconds; the zone is a name, an abbreviation or an offset. */
const TIME = /(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{3}))? ([A-Za-z0-9+\-:_/<>]{1,32})/y;

/** Milliseconds since the epoch of a time as the log writes it; null where its zone says nothing. */
export type ReadTime = (local: LocalTime) => number | null;

export interface LocalTime {
  /** As if it were UTC, in milliseconds since the epoch. */
  readonly asUtc: number;
  readonly zone: string;
}

export function timeAt(
  line: string,
  from: number,
): { readonly time: LocalTime; readonly end: number } | undefined {
  TIME.lastIndex = from;
  const found = TIME.exec(line);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = found
    .slice(1, 8)
    .map((digits: string | undefined) => Number(digits ?? 0));
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  return { time: { asUtc, zone: found[8] ?? '' }, end: TIME.lastIndex };
}

const HOUR_MS = 3_600_000;

/**
 * How times of this log are read.
 *
 * @param zone the setting log_timezone; the abbreviation in the line stands for it, but for the first lines of a server
 *   that has not read its configuration yet and writes GMT.
 */
export function timeReader(zone: string): ReadTime {
  const format = formatOf(zone);
  const offsets = new Map<number, number>();
  return ({ asUtc, zone: written }) => {
    if (written === 'UTC' || written === 'GMT') return asUtc;
    const numeric = /^([+-])(\d\d):?(\d\d)?$/.exec(written);
    if (numeric !== null) {
      const ms = Number(numeric[2]) * HOUR_MS + Number(numeric[3] ?? 0) * 60_000;
      return asUtc - (numeric[1] === '-' ? -ms : ms);
    }
    if (format === undefined) return null;
    const hour = Math.floor(asUtc / HOUR_MS);
    const known = offsets.get(hour) ?? offsetOf(format, hour * HOUR_MS);
    if (offsets.size < 1_000) offsets.set(hour, known);
    return asUtc - known;
  };
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

/** What the zone is ahead of UTC at a local time; the hour that a clock runs twice is taken once. */
function offsetOf(format: Intl.DateTimeFormat, local: number): number {
  const first = ahead(format, local);
  return ahead(format, local - first);
}

function ahead(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((part) => parts.get(part));
  return Date.UTC(year, month - 1, day, hour, minute, second) - at;
}
