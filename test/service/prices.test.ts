import { afterEach, expect, it } from 'vitest';
import { readRates } from '../../src/core/prices.ts';
import { ANYWHERE } from '../../src/core/routing.ts';
import { createHttpWorld, Sink } from '../support/world.ts';

type HttpWorld = Awaited<ReturnType<typeof createHttpWorld>>;
let world: HttpWorld;
afterEach(() => world.close());

class PricedSink extends Sink {
  readonly prices;
  readonly route = { ...ANYWHERE, byPrice: true };
  constructor(name: string, rates: string) {
    super(name);
    this.prices = { currency: 'USD', rates: readRates(rates) ?? [] };
  }
}

async function sendOf(to: string): Promise<Record<string, unknown>> {
  const { id } = (await world.call('POST', '/v1/verifications', { to })).body as { id: string };
  await world.service.worker.tick();
  return (await world.call('GET', `/v1/verifications/${id}/sends`)).body['data'][0];
}

it('each message goes to the provider that is cheapest for its country, and shows its cost by the price list', async () => {
  const [a, b] = [new PricedSink('a', 'US:0.02,GB:0.04'), new PricedSink('b', 'US:0.03,GB:0.03')];
  world = await createHttpWorld({ providers: { sms: [a, b] } });
  expect(await sendOf('+14155552671')).toMatchObject({ provider: 'a', cost: '0.02 USD', segments: 1 });
  expect(await sendOf('+447400123456')).toMatchObject({ provider: 'b', cost: '0.03 USD', segments: 1 });
});

it('what the provider’s answer says counts more than the price list', async () => {
  const sink = new PricedSink('a', '*:0.02');
  sink.answer = () => ({ type: 'accepted', messageId: null, price: '0.055 USD', segments: 2 });
  world = await createHttpWorld({ providers: { sms: [sink] } });
  expect(await sendOf('+14155552671')).toMatchObject({ cost: '0.055 USD', segments: 2 });
});

it('a preview tells the most a message may cost, and nothing when no price is known', async () => {
  const providers = { sms: [new PricedSink('a', '*:0.02'), new PricedSink('b', '*:0.03')], email: [new Sink('mail')] };
  world = await createHttpWorld({ providers });
  const cost = async (to: string): Promise<unknown> =>
    (await world.call('POST', '/v1/preview', { to })).body['estimated_cost'];
  expect(await cost('+14155552671')).toBe('0.03 USD');
  expect(await cost('a@b.example')).toBeNull();
});
