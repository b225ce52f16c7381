const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

/** Epoch ms at which a day (`YYYY-MM-DD`) begins in an IANA time zone; null when there is no such day. */
export function startOfDay(date: string, timeZone: string): number | null {
  const utc = utcOf(date);
  if (utc === null) return null;
  // The offset at a first guess may be the other side of a change of clocks; a second look settles it.
  const guess = utc - offsetAt(utc, timeZone);
  return utc - offsetAt(guess, timeZone);
}

/** The day (`YYYY-MM-DD`) of a time in a time zone. */
export function dayOf(at: number, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 10);
}

/** The day so many days later, or earlier. */
export function addDays(date: string, days: number): string {
  const utc = utcOf(date);
  return utc === null ? date : new Date(utc + days * DAY_MS).toISOString().slice(0, 10);
}

/** `2026-11-20 13:49:02` in a time zone. */
export function zonedText(at: number, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 19).replace('T', ' ');
}

function utcOf(date: string): number | null {
  if (!DATE.test(date)) return null;
  const utc = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 10) !== date ? null : utc;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function offsetAt(at: number, timeZone: string): number {
  let format = FORMATS.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    FORMATS.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}
