import { WatchwordError } from '../../core/errors.ts';

/** What is said of a server that has no room. */
export const MEMORY_FULL = 'Redis is out of memory and refuses writes. Raise maxmemory or free space.';
export const NOT_SAVED = 'Redis cannot save to its disk and refuses writes. Check the disk of the server.';

/** What a server says when it refuses, and the cure. The first match counts. */
const CURES: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^READONLY/, 'The Redis server is a read-only replica. Point REDIS_URL at the primary.'],
  [/^OOM/, MEMORY_FULL],
  [/^MISCONF/, NOT_SAVED],
  [/^LOADING/, 'Redis is loading its data set after a restart; try again in a moment.'],
  [/^(NOAUTH|WRONGPASS)/, 'Redis refused the credentials. Check user and password in REDIS_URL.'],
  [/^NOPERM/, 'The Redis user may not run a command the store needs. Grant it all commands on its keys.'],
  [/^(CLUSTERDOWN|MOVED|TRYAGAIN)/, 'The Redis cluster has no owner for a slot just now; try again in a moment.'],
  [
    /cluster support disabled/,
    'REDIS_URL names a cluster, and the server is none. Write it without ?cluster=1, as one host.',
  ],
  [
    /DB index is out of range/,
    'There is no database of the number in REDIS_URL. Correct it, or raise `databases` of the server.',
  ],
  [/^CROSSSLOT/, 'The keys of one operation lie in different cluster slots.'],
  [
    /timed out|ETIMEDOUT/i,
    'Redis did not answer in time; whether the last write was done is not known. Check its load, and that REDIS_URL says rediss:// where the server speaks TLS and only there.',
  ],
  [
    /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|Connection is closed|isn't writeable|max retries|None of startup|slots cache/i,
    'Redis cannot be reached. Check that it runs and that REDIS_URL names it.',
  ],
];

/** The error a caller gets; its message is safe to show and says the cure. */
export function unavailable(error: unknown): WatchwordError {
  if (error instanceof WatchwordError) return error;
  const text = error instanceof Error ? error.message : '';
  const known = CURES.find(([pattern]) => pattern.test(text));
  const reason = missingRight(text) ?? known?.[1] ?? 'Redis refused the operation; the log has the cause.';
  return new WatchwordError('unavailable', reason, { cause: error });
}

/** The server names the command, and the script's commands in other words. */
function missingRight(text: string): string | null {
  const command = /^NOPERM .*'([\w|]+)' command/.exec(text)?.[1];
  return command === undefined ? null : `The Redis user may not run ${command}. Grant it all commands on its keys.`;
}

/** True for what {@link unavailable} makes: the other side may be back later. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof WatchwordError && error.code === 'unavailable';
}
