import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anomaliesIn, type InsightDay, NO_CELL, secondsWithin, shareOf } from '../../src/core/insights.ts';
import { createDayKeeper } from '../../src/service/insights/index.ts';
import { createWorld, Sink, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const sms = new Sink('alpha');
const email = new Sink('beta');
let world: World;

beforeEach(async () => {
  world = await createWorld({ providers: { sms: [sms], email: [email] } });
  sms.answer = () => ({ type: 'accepted', messageId: null, cost: '0.05 USD' }) as never;
});
afterEach(() => world.close());

/** Two days of traffic: approved, wrong, expired, canceled; by an agent and by keys. */
async function traffic(): Promise<void> {
  const key = world.caller();
  const agent = { ...key, actor: { type: 'agent', id: 'agt_1' } as const };
  for (let made = 0; made < 60; made++) {
    if (made === 30) world.clock.now += DAY_MS;
    const caller = made % 3 === 0 ? agent : key;
    const to = made % 2 === 0 ? `+1415555${2000 + made}` : `+44791112${3000 + made}`;
    const purpose = made % 5 === 0 ? 'signup' : 'login';
    const started = await world.service.verify.start(caller, { to, purpose });
    if (!started.ok) throw new Error(started.problem.code);
    await world.service.worker.tick();
    const code = sms.last().code.reveal();
    world.clock.now += (made + 1) * 1_000;
    const { id } = started.value.verification;
    if (made % 4 === 3) await world.service.verify.cancel(caller, id);
    else if (made % 4 !== 2) await world.service.verify.check(caller, id, { code });
    world.clock.now += 60_000;
  }
}

/** Codes end, and every day is counted again. */
async function counted(): Promise<void> {
  world.clock.now += HOUR_MS;
  await world.service.worker.tick();
  await world.service.insights.count();
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

async function stats(group_by: 'day' | 'country' | 'channel' | 'provider' | 'purpose' | 'agent') {
  const today = day(world.clock.now);
  const from = day(world.clock.now - 10 * DAY_MS);
  const result = await world.service.insights.stats(world.caller(), { from, to: today, group_by });
  if (!result.ok) throw new Error(result.problem.detail);
  return result.value;
}

async function raw() {
  const { rows } = await world.store.records.search({
    application: world.application.id,
    mode: 'live',
    now: world.clock.now,
    limit: 500,
  });
  return await Promise.all(
    rows.map(async (record) => ({
      record,
      events: await world.store.records.events(record.id),
      sends: await world.store.records.sends(record.id),
    })),
  );
}

describe('insights', () => {
  it('equal what the raw events of the period say, whichever way they are cut (S2.68, S3.58)', async () => {
    await traffic();
    await counted();
    const all = await raw();
    const of = (type: string, take: (one: (typeof all)[number]) => boolean = () => true): number =>
      all.filter(take).flatMap(({ events }) => events.filter((event) => event.type === type)).length;
    const { total, data } = await stats('day');
    expect(total).toMatchObject({ started: of('started'), sent: of('sent'), delivered: 0, approved: of('approved') });
    expect(total.conversion).toBe(shareOf(of('approved'), of('started')));
    expect(data.map(({ started }) => started).reduce((sum, count) => sum + count, 0)).toBe(60);
    const cuts = [
      ['country', ({ record }: (typeof all)[number]) => record.to.country],
      ['channel', ({ record }: (typeof all)[number]) => record.channel],
      ['purpose', ({ record }: (typeof all)[number]) => record.purpose],
      ['agent', ({ record }: (typeof all)[number]) => (record.actor.type === 'agent' ? record.actor.id : null)],
      ['provider', ({ sends }: (typeof all)[number]) => sends.at(-1)?.provider ?? null],
    ] as const;
    for (const [name, keyOf] of cuts) {
      const keys = new Set(all.map(keyOf).filter((key) => key !== null));
      const rows = (await stats(name)).data;
      expect(new Set(rows.map(({ key }) => key))).toEqual(keys);
      for (const { key, started, sent, approved } of rows) {
        const own = (one: (typeof all)[number]): boolean => keyOf(one) === key;
        expect([name, key, started, sent, approved]).toEqual([
          name,
          key,
          of('started', own),
          of('sent', own),
          of('approved', own),
        ]);
      }
    }
    const took = all.flatMap(({ record }) =>
      record.approvedAt === null ? [] : [record.approvedAt - record.createdAt],
    );
    const half = took.toSorted((a, b) => a - b)[Math.ceil(took.length / 2) - 1] ?? 0;
    expect(total.half_within).toBeGreaterThanOrEqual(half / 1_000);
    const failures = Object.values((await stats('day')).failures).reduce((sum, count) => sum + count, 0);
    expect(failures).toBe(all.filter(({ record }) => !['approved', 'pending'].includes(record.status)).length);
  });

  it('stay when the records are purged', async () => {
    await traffic();
    await counted();
    world.clock.now += 2 * DAY_MS;
    await counted();
    const before = (await stats('purpose')).data;
    world.clock.now += 6 * DAY_MS;
    await world.store.records.purge(world.clock.now + 400 * DAY_MS, 1_000);
    expect(await raw()).toEqual([]);
    await counted();
    expect((await stats('purpose')).data).toEqual(before);
  });

  it('stay when the records are purged before their day is final, and go on counting', async () => {
    await traffic();
    await counted();
    const before = { purpose: (await stats('purpose')).data, day: await stats('day') };
    await world.store.records.purge(world.clock.now + 400 * DAY_MS, 1_000);
    expect(await raw()).toEqual([]);
    await counted();
    expect((await stats('purpose')).data).toEqual(before.purpose);
    expect((await stats('day')).failures).toEqual(before.day.failures);
    expect((await stats('day')).total).toEqual(before.day.total);
    await counted();
    expect((await stats('purpose')).data).toEqual(before.purpose);
  });

  it('count refused starts by reason', async () => {
    await world.service.suppressions.add(world.caller(), { to: '+14155552671' });
    await world.service.verify.start(world.caller(), { to: '+14155552671' });
    await counted();
    expect(Object.values((await stats('day')).blocks)).toEqual([1]);
  });

  it('count as started only what was to get a code, and what a rule stopped as blocked', async () => {
    const key = world.caller();
    const agent = { ...key, actor: { type: 'agent', id: 'agt_1' } as const };
    await world.service.applications.putPolicy(key, 'caller_check', { preset: 'desk', override: 'with_note' } as const);
    await world.service.listRules.add(key, { list: 'block', type: 'destination', value: '+14155552671' });
    const purpose = 'caller_check';
    expect(await world.service.verify.start(agent, { to: '+14155552671', purpose, reason: 'SIM swap' })).toMatchObject({
      value: { verification: { status: 'blocked' } },
    });
    const skipped = await world.service.desk.skipWithoutSending(agent, {
      to: '+14155552672',
      purpose,
      reason: 'SIM swap',
      cause: 'in_store',
      confirmation: 'photo_identity',
      note: 'Passport seen, in the store',
    });
    expect(skipped).toMatchObject({ value: { status: 'skipped' } });
    await world.service.verify.start(agent, { to: '+14155552673', purpose, reason: 'SIM swap' });
    await counted();
    const { total, data, failures, blocks } = await stats('purpose');
    expect([total.started, data.map(({ started }) => started)]).toEqual([1, [1]]);
    expect((await stats('agent')).data.map(({ started }) => started)).toEqual([1]);
    expect(failures).toEqual({ 'skipped:override': 1, expired: 1 });
    expect(blocks).toEqual({ 'rule:block_list': 1 });
  });

  it('leave out the codes that agents sign in with, refused ones too', async () => {
    const agent = { ...world.caller(), actor: { type: 'agent', id: 'agt_1' } as const };
    const signIn = { to: 'agent@acme.example', purpose: 'staff_sign_in' };
    await world.service.suppressions.add(world.caller(), { to: signIn.to });
    expect(await world.service.verify.start(agent, signIn)).toMatchObject({ ok: false });
    expect(await world.service.verify.start(agent, { ...signIn, purpose: 'login' })).toMatchObject({ ok: false });
    await counted();
    expect(Object.values((await stats('day')).blocks)).toEqual([1]);
  });

  it('refuse a period that is none', async () => {
    const bad = await world.service.insights.stats(world.caller(), { from: '2026-02-02', to: '2026-02-01' });
    expect(bad.ok).toBe(false);
  });
});

describe('the days', () => {
  const LEASE_MS = 600_000;

  /** Keepers as several processes have them, and how often one of them counted. */
  function keepers(count: number) {
    let days = 0;
    let dead = false;
    let stepMs = 0;
    const records: typeof world.store.records = {
      ...world.store.records,
      async stats(...asked) {
        days++;
        world.clock.now += stepMs;
        if (dead) throw new Error('the process died');
        return world.store.records.stats(...asked);
      },
    };
    const deps = { env: world.env, store: { ...world.store, records } };
    const all = Array.from({ length: count }, () => createDayKeeper(deps));
    const tend = async (): Promise<number> => {
      days = 0;
      await Promise.allSettled(all.map((keeper) => keeper.tend()));
      return days;
    };
    return { tend, die: (now: boolean) => void (dead = now), step: (ms: number) => void (stepMs = ms) };
  }

  it('are counted by one of several processes, again and again', async () => {
    const { tend } = keepers(4);
    expect(await tend()).toBe(1);
    world.clock.now += 10_000;
    expect(await tend()).toBe(0);
    for (let times = 0; times < 3; times++) {
      world.clock.now += 60_000;
      expect(await tend()).toBe(1);
    }
  });

  it('are counted by another one when that dies', async () => {
    const { tend, die } = keepers(3);
    die(true);
    expect(await tend()).toBe(1);
    die(false);
    world.clock.now += LEASE_MS - 10_000;
    expect(await tend()).toBe(0);
    world.clock.now += 20_000;
    expect(await tend()).toBe(1);
  });

  it('do not wait for weeks when the clock of a host steps on while they are counted', async () => {
    const { tend, step } = keepers(2);
    step(DAY_MS);
    expect(await tend()).toBe(1);
    step(0);
    world.clock.now += 6 * HOUR_MS;
    expect(await tend()).toBeGreaterThan(0);
  });
});

describe('shares and times', () => {
  it('say nothing below twenty', () => {
    expect([shareOf(19, 19), shareOf(10, 20)]).toEqual([null, 0.5]);
  });

  it('name the end of the bucket within which a part came', () => {
    expect(secondsWithin([0, 2, 2], 0.5)).toBe(10);
    expect(secondsWithin([0, 2, 3], 0.5)).toBe(15);
    expect(secondsWithin([], 0.5)).toBe(null);
  });
});

describe('anomalies', () => {
  const days = (counts: readonly (readonly [started: number, approved: number])[]): InsightDay[] =>
    counts.map(([started, approved], at) => ({
      day: `2026-01-${String(at + 1).padStart(2, '0')}`,
      all: { ...NO_CELL, started, approved },
      by: { country: {}, channel: {}, provider: {}, purpose: {}, agent: {} },
      failures: {},
      blocks: {},
    }));
  const usual = [100, 104, 98, 101, 99, 102].map((started) => [started, Math.round(started * 0.8)] as const);

  it('are days far above or below those before, and a share far below', () => {
    expect(anomaliesIn(days([...usual, [300, 240]])).map(({ kind }) => kind)).toEqual(['volume_high']);
    expect(anomaliesIn(days([...usual, [20, 16]])).map(({ kind }) => kind)).toEqual(['volume_low']);
    expect(anomaliesIn(days([...usual, [100, 30]])).map(({ kind }) => kind)).toEqual(['conversion_low']);
    expect(anomaliesIn(days([...usual, [103, 80]]))).toEqual([]);
    expect(
      anomaliesIn(
        days([
          [10, 8],
          [300, 20],
        ]),
      ),
    ).toEqual([]);
  });
});
