import { describe, expect, it } from 'vitest';
import { checkDsn, createChannel } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import { ANYWHERE } from '../../src/core/routing.ts';
import { recordingTools } from './support/messages.ts';

const problem = (options: string): string | null => checkDsn(`console://?${options}`, 'sms');

describe('what a provider’s line says of routes and prices', () => {
  it('is read into the channel', async () => {
    const dsn =
      'console://?price=US:0.0079,%2B4479:0.05,*:0.06&price_currency=EUR&route_by_price=1&route_max_price=0.05&route_weight=3&route_adaptive=10';
    const channel = await createChannel(secret(dsn), 'sms', recordingTools());
    expect(channel.prices).toEqual({
      currency: 'EUR',
      rates: [
        { where: 'US', micros: 7_900 },
        { where: '+4479', micros: 50_000 },
        { where: '*', micros: 60_000 },
      ],
    });
    expect(channel.route).toEqual({ ...ANYWHERE, byPrice: true, maxMicros: 50_000, weight: 3, holdOut: 10 });
  });

  it('may shorten the time of a call, never stretch it beyond what a lease covers', async () => {
    const channel = await createChannel(secret('console://?timeout_ms=3000'), 'sms', recordingTools());
    expect([channel.timeoutMs, channel.route]).toEqual([3_000, undefined]);
    expect(problem('timeout_ms=10000')).toBeNull();
    for (const bad of ['999', '10001', '0', '3s', '1e3'])
      expect(problem(`timeout_ms=${bad}`)).toMatch(
        /option timeout_ms must be a number of milliseconds from 1000 to 10000/,
      );
  });

  it('is absent where nothing was said', async () => {
    const channel = await createChannel(secret('console://'), 'sms', recordingTools());
    expect([channel.route, channel.prices]).toEqual([undefined, undefined]);
    const priced = await createChannel(secret('console://?price=*:0.05'), 'sms', recordingTools());
    expect([priced.route, priced.prices?.currency]).toEqual([undefined, 'USD']);
  });

  it.each([
    ['price=cheap', 'option price'],
    ['price=US:0.1,US:0.2', 'option price'],
    ['price=US:0.1&price_currency=euro', 'option price_currency'],
    ['price_currency=EUR', 'needs option price'],
    ['route_max_price=0.05', 'needs option price'],
    ['route_by_price=1', 'needs option price'],
    ['price=*:1&route_by_price=yes', 'option route_by_price'],
    ['price=*:1&route_max_price=-1', 'option route_max_price'],
    ['route_adaptive=10', 'needs option route_weight'],
    ['route_weight=1&route_adaptive=100', 'option route_adaptive'],
    ['route_weight=1&route_adaptive=0', 'option route_adaptive'],
  ])('is refused when wrong: %s', (options, words) => {
    expect(problem(options)).toContain(words);
  });
});
