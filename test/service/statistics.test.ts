import { afterEach, describe, expect, it } from 'vitest';
import { ANYWHERE } from '../../src/core/routing.ts';
import { createHttpWorld, Sink } from '../support/world.ts';

type HttpWorld = Awaited<ReturnType<typeof createHttpWorld>>;
let world: HttpWorld;
afterEach(() => world.close());

/** An adaptive line of weight 1. */
class Adaptive extends Sink {
  readonly route;
  constructor(name: string, holdOut = 10) {
    super(name);
    this.route = { ...ANYWHERE, weight: 1, holdOut };
  }
}

let line = 0;
/** A US number nobody used before. */
function someone(): string {
  line++;
  return `+1415555${String(2000 + (line % 8000))}`;
}

async function start(to = someone(), as = world.caller()): Promise<{ id: string; code: string }> {
  const started = await world.service.verify.start(as, { to });
  if (!started.ok) throw new Error(started.problem.code);
  await world.service.worker.tick();
  const { id } = started.value.verification;
  const sinks = Object.values(world.providers).flat();
  const message = [...sinks, world.inbox].flatMap((sink) => sink.messages).find((one) => one.verification === id);
  return { id, code: message?.code.reveal() ?? '' };
}

async function startMany(count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => world.service.verify.start(world.caller(), { to: someone() })));
  while ((await world.service.worker.tick()) > 0);
}

async function approve({ id, code }: { id: string; code: string }, as = world.caller()): Promise<void> {
  await world.service.verify.check(as, id, { code });
  await world.service.worker.tick();
}

async function shown(): Promise<Record<string, any>[]> {
  world.clock.now += 31_000;
  const answer = await world.call('GET', '/v1/providers');
  expect(answer.status).toBe(200);
  return answer.body['data'];
}

describe('what is measured of a provider', () => {
  it('is its messages, approvals and times, by country, and shows in the API and in the metrics (S3.58)', async () => {
    const sink = new Sink('asked');
    Object.assign(sink, { tellsReports: true });
    sink.answer = () => ({ type: 'accepted', messageId: `m${sink.messages.length}` });
    world = await createHttpWorld({ providers: { sms: [sink] } });
    const first = await start();
    await start('+4915123456789');
    world.clock.now += 12_000;
    await approve(first);
    const report = { at: null, error: null, segments: null, price: null, suppress: null };
    await world.service.report('asked', { ...report, messageId: 'm1', status: 'delivered' });
    await world.service.worker.tick();
    const [provider] = await shown();
    expect(provider).toMatchObject({
      name: 'asked',
      channel: 'sms',
      state: 'working',
      receipts: 'connection',
      price: null,
      measured: { sent: 2, delivered: 1, approved: 1, conversion: 0.5, seconds_to_approve: 12 },
      compared: null,
    });
    expect(provider?.['countries']).toMatchObject([
      { country: 'DE', sent: 1, approved: 0, conversion: 0 },
      { country: 'US', sent: 1, approved: 1, conversion: 1 },
    ]);
    const metrics = (await world.call('GET', '/metrics')).text;
    expect(metrics).toContain(
      'watchword_provider_messages{provider="asked",channel="sms",country="US",outcome="approved"} 1',
    );
    expect(metrics).toContain('watchword_provider_resting{provider="asked"} 0');
    expect(metrics).toContain('watchword_provider_seconds_to_approve{provider="asked",channel="sms",country="US"} 12');
  });

  it('is found by a process that did not send the message', async () => {
    const sink = new Sink('asked');
    world = await createHttpWorld({ providers: { sms: [sink] } });
    const sent = await start();
    const { path, clock } = world;
    const other = await createHttpWorld({ path, clock, providers: { sms: [sink] } });
    await other.service.verify.check(other.caller(), sent.id, { code: sent.code });
    await other.service.worker.tick();
    expect((await shown())[0]?.['measured']).toMatchObject({ sent: 1, approved: 1 });
    await other.close();
  });

  it('leaves test keys and other applications out, and ends after a week', async () => {
    const sink = new Sink('asked');
    world = await createHttpWorld({ providers: { sms: [sink] } });
    await approve(await start(someone(), world.caller('test')), world.caller('test'));
    await approve(await start());
    expect((await shown())[0]?.['measured']).toMatchObject({ sent: 1, approved: 1 });
    const made = await world.service.applications.create(world.caller(), { name: 'other' });
    const other = made.ok ? await world.service.applications.find('other') : null;
    const key = await world.newKey(other ?? undefined);
    const foreign = await world.call('GET', '/v1/providers', undefined, { authorization: `Bearer ${key}` });
    expect(foreign.body['data'][0].measured.sent).toBe(0);
    world.clock.now += 8 * 86_400_000;
    expect((await shown())[0]?.['measured'].sent).toBe(0);
  });

  it('leaves out the codes that agents sign in with', async () => {
    world = await createHttpWorld({ providers: { email: [new Sink('post')] } });
    const agent = { ...world.caller(), actor: { type: 'agent', id: 'agt_1' } as const };
    const to = 'agent@acme.example';
    await world.service.verify.start(agent, { to, purpose: 'staff_sign_in' });
    await world.service.worker.tick();
    await approve(await start('ann@acme.example'));
    expect((await shown())[0]?.['measured']).toMatchObject({ sent: 1, approved: 1 });
  });

  it('says that a provider rests', async () => {
    const sink = new Sink('deaf');
    sink.answer = () => ({ type: 'failure', kind: 'unavailable', retry: 'retry', detail: 'no answer' });
    world = await createHttpWorld({ providers: { sms: [sink] } });
    for (let i = 0; i < 5; i++) await start();
    const answer = await world.call('GET', '/v1/providers');
    expect(answer.body['data'][0]).toMatchObject({ state: 'resting' });
    expect(Date.parse(answer.body['data'][0].resting_until)).toBeGreaterThan(world.clock.now);
  });

  it('is for admin keys only', async () => {
    world = await createHttpWorld();
    const key = await world.newKey(world.application, 'live', ['read', 'send', 'check']);
    const answer = await world.call('GET', '/v1/providers', undefined, { authorization: `Bearer ${key}` });
    expect(answer.status).toBe(403);
  });
});

describe('adaptive weights', () => {
  it('move messages to the provider that converts, keep trying the other, and compare with those held out', async () => {
    const [good, bad] = [new Adaptive('good'), new Adaptive('bad')];
    world = await createHttpWorld({ providers: { sms: [good, bad] } });
    await startMany(120);
    for (const { verification: id, code } of good.messages)
      await world.service.verify.check(world.caller(), id, { code: code.reveal() });
    await world.service.worker.tick();
    world.clock.now += 31_000;
    const before = [good.messages.length, bad.messages.length];
    await startMany(200);
    const [goods = 0, bads = 0] = [good.messages.length - (before[0] ?? 0), bad.messages.length - (before[1] ?? 0)];
    // At even chances 100 each; adapted about 160 to 40.
    expect(goods).toBeGreaterThan(125);
    expect(bads).toBeGreaterThan(10);
    const [first] = await shown();
    expect(first).toMatchObject({ name: 'good', route: { weight: 1, adaptive: 10 } });
    expect(first?.['compared'].held_out.sent + first?.['compared'].adapted.sent).toBe(first?.['measured'].sent);
    expect(first?.['compared'].held_out.sent).toBeGreaterThan(0);
  });
});
