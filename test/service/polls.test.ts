import { afterEach, describe, expect, it } from 'vitest';
import type { DeliveryReport, PollAnswer } from '../../src/ports/channel.ts';
import { createWorld, Sink, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const NEWS: DeliveryReport = {
  messageId: 'any',
  status: 'delivered',
  at: null,
  error: null,
  segments: 2,
  price: '0.02 USD',
  suppress: null,
};
const NOTHING: PollAnswer = { report: null, done: false };

/** A provider that posts nothing and is asked instead. */
class Asked extends Sink {
  readonly asked: { readonly id: string; readonly at: number }[] = [];
  news: () => Promise<PollAnswer> = async () => NOTHING;

  constructor(name = 'asked') {
    super(name);
    this.answer = () => ({ type: 'accepted', messageId: `m${this.messages.length}` });
  }

  async poll(id: string): Promise<PollAnswer> {
    this.asked.push({ id, at: world.clock.now });
    return this.news();
  }
}

async function start(): Promise<string> {
  const started = await world.service.verify.start(world.caller(), { to: '+14155552671' });
  if (!started.ok) throw new Error(started.problem.code);
  await world.service.worker.tick();
  return started.value.verification.id;
}

async function seconds(count: number): Promise<void> {
  for (let second = 0; second < count; second++) {
    world.clock.now += 1_000;
    await world.service.worker.tick();
  }
}

describe('a provider that posts no reports', () => {
  it('is asked until there is nothing more to learn, and what it tells shows in the send', async () => {
    const sink = new Asked();
    world = await createWorld({ providers: { sms: [sink] } });
    const id = await start();
    await seconds(4);
    expect(sink.asked).toHaveLength(0);
    await seconds(1);
    sink.news = async () => ({ report: { ...NEWS, status: 'sent', price: null }, done: false });
    await seconds(15);
    expect((await world.store.records.sends(id))[0]).toMatchObject({ status: 'sent', segments: 2 });
    sink.news = async () => ({ report: NEWS, done: true });
    await seconds(100);
    expect(sink.asked.map((one) => one.id)).toEqual(['m1', 'm1', 'm1']);
    expect((await world.store.records.sends(id))[0]).toMatchObject({ status: 'delivered', cost: '0.02 USD' });
    const { record } = await world.store.verifications.get(id);
    expect(record?.status).toBe('pending');
  });

  it('is asked eight times at most, ever more seldom, whether it answers or throws', async () => {
    const sink = new Asked();
    sink.news = () => Promise.reject(new Error('away'));
    world = await createWorld({ providers: { sms: [sink] } });
    await start();
    const begun = world.clock.now;
    for (let round = 0; round < 200; round++) {
      world.clock.now += 60_000;
      await world.service.worker.tick();
    }
    expect(sink.asked).toHaveLength(8);
    const waits = sink.asked.map(({ at }, i) => at - (sink.asked[i - 1]?.at ?? begun));
    expect(waits.every((wait, i) => i === 0 || wait >= (waits[i - 1] ?? 0))).toBe(true);
  });

  it('leads no message back, and approves none', async () => {
    const sink = new Asked();
    world = await createWorld({ providers: { sms: [sink] } });
    const id = await start();
    sink.news = async () => ({ report: NEWS, done: false });
    await seconds(6);
    sink.news = async () => ({ report: { ...NEWS, status: 'failed' }, done: true });
    await seconds(30);
    expect((await world.store.records.sends(id))[0]?.status).toBe('delivered');
    expect((await world.store.verifications.get(id)).record?.status).toBe('pending');
  });

  it('is asked by one of several workers', async () => {
    const sink = new Asked();
    world = await createWorld({ providers: { sms: [sink] } });
    await start();
    const { path, clock } = world;
    const others = await Promise.all([1, 2].map(() => createWorld({ path, clock, providers: { sms: [sink] } })));
    clock.now += 6_000;
    await Promise.all([world, ...others].map(({ service }) => service.worker.tick()));
    expect(sink.asked).toHaveLength(1);
    await Promise.all(others.map((other) => other.close()));
  });

  it('is forgotten when it is not configured any more', async () => {
    const [sink, other] = [new Asked(), new Asked('other')];
    world = await createWorld({ providers: { sms: [sink] } });
    await start();
    const { path, clock } = world;
    const later = await createWorld({ path, clock, providers: { sms: [other] } });
    clock.now += 60_000;
    await later.service.worker.tick();
    await world.service.worker.tick();
    expect([sink.asked.length, other.asked.length]).toEqual([0, 0]);
    await later.close();
  });
});
