import type { RedisClient } from './client.ts';
import type { Keys } from './keys.ts';

/**
 * Throws `unavailable`, naming the command, where the user may not do what only the background does: verdicts would go on, and
 * nothing of them would ever be recorded or sent.
 */
export async function refuseMissingRights(client: RedisClient, keys: Keys): Promise<void> {
  const stream = keys.stream('none');
  const harmless = [
    ['XREADGROUP', 'GROUP', 'none', 'none', 'COUNT', 1, 'STREAMS', stream, '>'],
    ['XAUTOCLAIM', stream, 'none', 'none', 0, '0-0'],
    ['XGROUP', 'DELCONSUMER', stream, 'none', 'none'],
    ['XACK', stream, 'none', '0-1'],
    ['XTRIM', stream, 'MINID', '0-1'],
  ] as const;
  await Promise.all(
    harmless.map(async ([command, ...values]) => {
      await client.call(command, ...values).catch((error: unknown) => {
        // That there is no such stream is what the others say.
        if (isRefused(error)) throw error;
      });
    }),
  );
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.message.startsWith('NOPERM');
}
