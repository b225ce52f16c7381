import { afterEach, describe, expect, it } from 'vitest';
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

describe('the limits of a preview', () => {
  const MONEY = { max: 50, currency: 'USD' };
  const limitsFor = async (to: string, headers = {}): Promise<readonly Record<string, unknown>[]> =>
    (await world.call('POST', '/v1/preview', { to }, headers)).body['limits'];
  const open = async (): Promise<void> => {
    const providers = { sms: [new PricedSink('a', 'US:0.02')], email: [new Sink('mail')] };
    world = await createHttpWorld({ providers, limits: { money_day: MONEY } });
  };

  it('name the money of the day where the message costs some, in the currency it is counted in', async () => {
    await open();
    const limits = await limitsFor('+14155552671');
    expect(limits).toContainEqual({ name: 'money_day', ...MONEY, window_seconds: 86_400 });
    expect(limits.find(({ name }) => name === 'destination_sends')).not.toHaveProperty('currency');
  });

  it('take the application’s own budget before the common one', async () => {
    await open();
    await world.call('PATCH', `/v1/applications/${world.application.id}`, { limits: { money_day: { max: 7 } } });
    expect(await limitsFor('+14155552671')).toContainEqual({
      name: 'money_day',
      max: 7,
      currency: 'USD',
      window_seconds: 86_400,
    });
  });

  it('leave it out for what is free, and without a budget', async () => {
    await open();
    expect((await limitsFor('a@b.example')).map(({ name }) => name)).not.toContain('money_day');
    await world.close();
    world = await createHttpWorld({ providers: { sms: [new PricedSink('a', 'US:0.02')] } });
    expect((await limitsFor('+14155552671')).map(({ name }) => name)).not.toContain('money_day');
  });
});

it('a preview of a template tells what it costs in the application’s own country, by its parts', async () => {
  const providers = { sms: [new PricedSink('a', 'AU:0.04,*:0.1'), new PricedSink('b', 'AU:0.05')] };
  world = await createHttpWorld({ providers });
  const cost = async (text: string): Promise<unknown> =>
    (await world.call('POST', '/v1/templates/preview', { channel: 'sms', text })).body['estimated_cost'];
  expect(await cost('{code} for {brand}')).toBe('0.10 USD');
  await world.call('PATCH', `/v1/applications/${world.application.id}`, { default_country: 'AU' });
  expect(await cost('{code} for {brand}')).toBe('0.05 USD');
  expect(await cost(`{code} ${'x'.repeat(200)}`)).toBe('0.10 USD');
  const built = (await world.call('POST', '/v1/templates/preview', { channel: 'sms' })).body;
  expect([built['source'], built['estimated_cost']]).toEqual(['built_in', '0.05 USD']);
  const mail = (await world.call('POST', '/v1/templates/preview', { channel: 'email' })).body;
  expect(mail['estimated_cost']).toBeNull();
});
