import { afterEach, describe, expect, it } from 'vitest';
import { readRates } from '../../src/core/prices.ts';
import type { Accepted, Failure } from '../../src/ports/channel.ts';
import { withoutLimits } from '../support/mutants.ts';
import { createHttpWorld, createWorld, Sink, type World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const BUDGET = { limits: { money_day: { max: 1 } } };
const UNKNOWN: Failure = { type: 'failure', kind: 'unavailable', retry: 'once', detail: 'reset' };
const NO: Failure = { type: 'failure', kind: 'rejected', retry: 'final', detail: 'no' };

class PricedSink extends Sink {
  readonly prices;
  constructor(name: string, rates: string, currency = 'USD') {
    super(name);
    this.prices = { currency, rates: readRates(rates) ?? [] };
  }
}

let line = 0;
/** A US number nobody used before. */
function someone(): string {
  line++;
  return `+1415555${String(2000 + line)}`;
}

async function start(extra: Record<string, unknown> = {}): Promise<string> {
  const started = await world.service.verify.start(world.caller(), { to: someone(), ...extra });
  return started.ok ? started.value.verification.id : started.problem.code;
}

async function howMany(most: number): Promise<number> {
  for (let count = 0; count < most; count++) if ((await start()) === 'budget_exhausted') return count;
  return most;
}

async function attacked(options: Partial<WorldOptions> = {}): Promise<number> {
  const sink = new PricedSink('priced', 'US:0.0079,*:0.05');
  world = await createWorld({ ...BUDGET, providers: { sms: [sink] }, ...options });
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => start()));
  while ((await world.service.worker.tick()) > 0);
  expect(answers.filter((answer) => answer.startsWith('vrf_')).length).toBe(sink.messages.length);
  return sink.messages.length;
}

describe('G10, A30: a budget of 1 USD a day', () => {
  it('lets 1,000 parallel starts at 0.0079 USD make exactly 126 provider calls', async () => {
    expect(await attacked()).toBe(126);
  });

  it('counts the words in use: a template of two parts costs twice, at a resend too', async () => {
    const sink = new PricedSink('priced', '*:0.3');
    world = await createWorld({ ...BUDGET, providers: { sms: [sink] } });
    const text = `{code} ${'x'.repeat(200)}`;
    expect(await world.service.templates.put(world.caller(), { channel: 'sms', text })).toMatchObject({ ok: true });
    const id = await start();
    expect(id).toMatch(/^vrf_/);
    expect(await start()).toBe('budget_exhausted');
    world.clock.now += 60_000;
    expect(await world.service.verify.resend(world.caller(), id, {})).toMatchObject({
      ok: false,
      problem: { code: 'budget_exhausted' },
    });
  });

  it('would show a store that takes no limit', async () => {
    expect(await attacked({ mutate: withoutLimits })).toBe(1_000);
  });

  it('answers 403 budget_exhausted with when it opens, and counts the refusal', async () => {
    const http = await createHttpWorld({ ...BUDGET, providers: { sms: [new PricedSink('priced', '*:0.6')] } });
    world = http;
    await start();
    const answer = await http.call('POST', '/v1/verifications', { to: someone() });
    expect([answer.status, answer.body['code'], answer.body['limit'].name]).toEqual([
      403,
      'budget_exhausted',
      'money_day',
    ]);
    const midnight = (Math.floor(world.clock.now / 86_400_000) + 1) * 86_400_000;
    expect(Date.parse(answer.body['limit'].reset_at)).toBe(midnight);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const day = new Date(world.clock.now).toISOString().slice(0, 10);
    const totals = await world.store.records.stats(world.application.id, day, day);
    expect(totals.find(({ kind }) => kind === 'refused:limit:money_day')?.count).toBe(1);
    world.clock.now = midnight;
    expect(await start()).toMatch(/^vrf_/);
  });

  it('counts resends and the dearest provider that may carry a message, and gives back what it did not cost', async () => {
    const [cheap, dear] = [new PricedSink('cheap', '*:0.1'), new PricedSink('dear', '*:0.4')];
    world = await createWorld({ ...BUDGET, providers: { sms: [cheap, dear] } });
    const id = await start();
    await start();
    expect(await start()).toBe('budget_exhausted');
    await world.service.worker.tick();
    // 0.2 spent, 0.8 left: two more reservations of 0.4.
    world.clock.now += 31_000;
    expect((await world.service.verify.resend(world.caller(), id, {})).ok).toBe(true);
    expect(await howMany(5)).toBe(1);
    const refused = await world.service.verify.resend(world.caller(), id, {});
    expect(refused.ok ? '' : refused.problem.code).toBe('send_cooldown');
    world.clock.now += 61_000;
    cheap.answer = () => NO;
    await world.service.worker.tick();
    // Both went to the dear one after the cheap one said no: 0.2 + 0.8 is all there was.
    expect(await start()).toBe('budget_exhausted');
    const over = await world.service.verify.resend(world.caller(), id, {});
    expect(over.ok ? '' : over.problem.code).toBe('budget_exhausted');
  });

  it('gives back at once what it reserved for a person whom a silent directory does not know, and still asks for room', async () => {
    const sink = new PricedSink('priced', '*:0.4');
    const policies = { login: { recipients: 'directory_silent' as const } };
    world = await createWorld({ ...BUDGET, providers: { sms: [sink] }, policies });
    for (let i = 0; i < 20; i++) expect(await start()).toMatch(/^vrf_/);
    await world.service.worker.tick();
    expect(sink.messages).toHaveLength(0);
    const people = [someone(), someone(), someone()];
    for (const to of people) await world.service.directory.put(world.caller(), { to });
    const answers = [];
    for (const to of people) answers.push(await start({ to }));
    expect(answers).toEqual([expect.stringMatching(/^vrf_/), expect.stringMatching(/^vrf_/), 'budget_exhausted']);
    // 0.2 are left: nobody is told who is known.
    expect(await start()).toBe('budget_exhausted');
  });

  it('counts a message whose outcome nobody knows, and the one sent after it', async () => {
    const sink = new PricedSink('priced', '*:0.3');
    const answers: (Accepted | Failure)[] = [UNKNOWN];
    sink.answer = () => answers.shift() ?? { type: 'accepted', messageId: null };
    world = await createWorld({ ...BUDGET, providers: { sms: [sink] } });
    await start();
    await world.service.worker.tick();
    world.clock.now += 3_000;
    await world.service.worker.tick();
    expect(sink.messages).toHaveLength(2);
    expect(await howMany(5)).toBe(1);
  });

  it('gives back what nobody took', async () => {
    const sink = new PricedSink('priced', '*:0.3');
    sink.answer = () => NO;
    world = await createWorld({ ...BUDGET, providers: { sms: [sink] } });
    for (let i = 0; i < 3; i++) await start();
    expect(await start()).toBe('budget_exhausted');
    await world.service.worker.tick();
    expect(await howMany(9)).toBe(3);
  });

  it('never gives back into another day', async () => {
    const [cheap, dear] = [new PricedSink('cheap', '*:0.1'), new PricedSink('dear', '*:0.5')];
    const clock = { now: Date.UTC(2027, 0, 1, 23, 59, 0) };
    world = await createWorld({ ...BUDGET, clock, providers: { sms: [cheap, dear] } });
    await start();
    world.clock.now = Date.UTC(2027, 0, 2, 0, 0, 1);
    await world.service.worker.tick();
    expect(cheap.messages).toHaveLength(1);
    expect(await howMany(9)).toBe(2);
  });

  it('adds what a report tells beyond the price list', async () => {
    const sink = new PricedSink('priced', '*:0.1');
    Object.assign(sink, { tellsReports: true });
    sink.answer = () => ({ type: 'accepted', messageId: 'm1' });
    world = await createWorld({ ...BUDGET, providers: { sms: [sink] } });
    const id = await start();
    await world.service.worker.tick();
    const report = {
      messageId: 'm1',
      status: 'delivered',
      at: null,
      error: null,
      segments: 3,
      suppress: null,
    } as const;
    await world.service.report('priced', { ...report, price: '0.7 USD' });
    expect((await world.store.records.sends(id))[0]).toMatchObject({ cost: '0.7 USD', budgeted: '0.70 USD' });
    expect(await howMany(9)).toBe(3);
  });
});

describe('a budget', () => {
  it('leaves out providers whose price it cannot count, and says so when none is left', async () => {
    const [unpriced, euro, good] = [
      new Sink('unpriced'),
      new PricedSink('euro', '*:0.1', 'EUR'),
      new PricedSink('good', 'US:0.1'),
    ];
    world = await createWorld({ ...BUDGET, providers: { sms: [unpriced, euro, good], voice: [unpriced] } });
    await start();
    await world.service.worker.tick();
    expect([unpriced.messages.length, euro.messages.length, good.messages.length]).toEqual([0, 0, 1]);
    const refused = await world.service.verify.start(world.caller(), { to: someone(), channel: 'voice' });
    expect(refused.ok ? '' : refused.problem.detail).toContain('money_day');
  });

  it('lets e-mail without a price through, and never counts test keys', async () => {
    world = await createWorld({
      ...BUDGET,
      providers: { sms: [new PricedSink('dear', '*:5')], email: [new Sink('mail')] },
    });
    expect(await start({ to: 'a@b.example' })).toMatch(/^vrf_/);
    expect(await start()).toBe('budget_exhausted');
    expect((await world.service.verify.start(world.caller('test'), { to: someone() })).ok).toBe(true);
  });
});
