const DAY_MS = 86_400_000;
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** When the day of `now` began in a time zone (IANA name), in epoch ms. Right across changes of the clock but for the hours changed. */
export function startOfDay(now: number, timeZone: string): number {
  const midnight = Math.floor((now + offsetMs(now, timeZone)) / DAY_MS) * DAY_MS;
  const guess = midnight - offsetMs(now, timeZone);
  return midnight - offsetMs(guess, timeZone);
}

/** How far the wall clock there is ahead of UTC. */
function offsetMs(at: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const [year = 0, month = 1, day, hour, minute, second] = NAMES.map((name) => parts.get(name));
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

const NAMES = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone);
  if (known !== undefined) return known;
  const numeric = 'numeric';
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
    hourCycle: 'h23',
  });
  FORMATS.set(timeZone, format);
  return format;
}
