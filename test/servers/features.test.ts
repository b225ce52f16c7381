import { describe, expect, it } from 'vitest';
import type { PollAnswer } from '../../src/ports/channel.ts';
import type { Store } from '../../src/ports/store.ts';
import { type FakeClock, type FreshData, type InstancesContext, onFreshData } from '../../src/testing/index.ts';
import { createDeskWorld, PASSWORD } from '../support/desk.ts';
import { serverSuite } from '../support/servers.ts';
import { createWorld, Sink, type World, type WorldOptions } from '../support/world.ts';
import { type Driver, DRIVERS } from './drivers.ts';
import { chosen } from './numbers.ts';

const PHONE = '+14155552671';
const HOUR_MS = 3_600_000;
const BROWSER = { ip: '203.0.113.7', userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0', device: '' };

function timeOf(clock: FakeClock): { now: number } {
  return {
    get now() {
      return clock.now();
    },
    set now(at: number) {
      clock.advance(at - clock.now());
    },
  };
}

async function two<T>(
  { open, clock }: InstancesContext,
  make: (options: { store: Store; clock: { now: number } }) => Promise<T>,
): Promise<readonly [T, T]> {
  const time = timeOf(clock);
  return [await make({ store: await open(), clock: time }), await make({ store: await open(), clock: time })];
}

function worlds(context: InstancesContext, options: WorldOptions = {}): Promise<readonly [World, World]> {
  return two(context, (own) => createWorld({ ...options, ...own }));
}

async function start(world: World, extra: Record<string, unknown> = {}): Promise<string> {
  const started = await world.service.verify.start(world.caller(), { to: PHONE, ...extra });
  if (!started.ok) throw new Error(started.problem.code);
  return started.value.verification.id;
}

/** Both workers at once, as often as it takes until `seen` says so: what a commit wrote may be recorded a moment later. */
async function ticksUntil(instances: readonly World[], seen: () => boolean | Promise<boolean>): Promise<void> {
  const tick = async (): Promise<boolean> => {
    await Promise.all(instances.map(({ service }) => service.worker.tick()));
    return await seen();
  };
  await expect.poll(tick, { timeout: 20_000, interval: 20 }).toBe(true);
}

/** As long as anything could still happen. */
async function ticks(instances: readonly World[]): Promise<void> {
  for (let round = 0; round < 3; round++) await Promise.all(instances.map(({ service }) => service.worker.tick()));
}

function features({ fresh }: Driver): void {
  it.each(FEATURES)('%s', { timeout: 120_000 }, (_, expectIt) =>
    onFreshData(fresh, expect, (context) => expectIt(context)),
  );
}

const FEATURES: readonly (readonly [promise: string, expectIt: (context: InstancesContext) => Promise<void>])[] = [
  ['the audit log is one chain, whichever instances write and seal it at once, and names what was altered', audit],
  ['the end of a verification is in the audit log with its verdict, once', auditedVerdict],
  ['a session of the desk holds on every instance, and ends on all of them', sessions],
  ['an address makes one agent, and the last administrator stays, on two instances at once', agents],
  ['a template is used by every instance within a second, and until it is deleted', templates],
  ['a ladder goes on once when its wait is over, whoever looks', ladder],
  ['a provider that is asked is asked by one instance, and what it tells is kept', polls],
  ['what providers do is counted over all instances', statistics],
];

async function audit(context: InstancesContext): Promise<void> {
  const instances = await worlds(context);
  const [one, other] = instances;
  const notes = instances.flatMap(({ service, application }, at) =>
    Array.from({ length: 10 }, (_, made) =>
      service.audit.note({
        application: application.id,
        actor: { type: 'agent', id: `agt_${at}` },
        action: 'record.noted',
        target: `vrf_${made}`,
        data: { made, text: 'ü•𝔘' },
      }),
    ),
  );
  await Promise.all(notes);
  const verdict = async ({ service, caller }: World): Promise<object> => {
    const result = await service.audit.verify(caller());
    if (!result.ok) throw new Error(result.problem.code);
    return result.value;
  };
  // Two that claimed at once may each have rows of the other's; who does not become the sealer gives its own back.
  for (let round = 0; round < 3; round++) {
    context.clock.advance(61_000);
    await Promise.all(instances.map(({ service }) => service.worker.tick()));
  }
  expect(await verdict(one)).toMatchObject({ intact: true, entries: 20, waiting: 0 });
  // Each look was an act of its own.
  const looks = await Promise.all([verdict(one), verdict(other)]);
  for (const look of looks) expect(look).toMatchObject({ intact: true, problem: null });
  expect(await verdict(other)).toMatchObject({ intact: true, entries: 23 });
  const [entry] = await one.store.documents.list({ kind: 'audit', application: one.application.id, limit: 1 });
  if (entry === undefined) throw new Error('no entry');
  const body = entry.body.replace('record.noted', 'record.opened');
  expect(body).not.toBe(entry.body);
  expect(await one.store.documents.put({ ...entry, version: entry.version + 1, body })).toBe(true);
  expect(await verdict(other)).toMatchObject({ intact: false, problem: { code: 'entry_altered', entry: entry.id } });
}

async function auditedVerdict(context: InstancesContext): Promise<void> {
  const instances = await worlds(context, { policies: { login: { retention_days: null } } });
  const [one, other] = instances;
  const id = await start(one);
  await ticksUntil(instances, () => one.sink.messages.length + other.sink.messages.length > 0);
  const code = [...one.sink.messages, ...other.sink.messages][0]?.code.reveal() ?? '';
  const results = await Promise.all(
    [one, other, one, other].map(({ service, caller }) => service.verify.check(caller(), id, { code })),
  );
  expect(results.filter((result) => result.ok && result.value.result === 'approved')).toHaveLength(1);
  const entries = async (world: World): Promise<readonly string[]> => {
    const { application } = world;
    const kept = await world.store.documents.list({ kind: 'audit', application: application.id, index: id, limit: 10 });
    return kept.map(({ body }) => (JSON.parse(body) as { action: string }).action);
  };
  await ticksUntil(instances, async () => (await entries(other)).length > 0);
  await ticks(instances);
  expect(await entries(one)).toEqual(['verification.closed']);
}

async function sessions(context: InstancesContext): Promise<void> {
  const [one, other] = await two(context, (options) => createDeskWorld(options));
  await one.hire('agent');
  const signedIn = async (): Promise<string> => {
    context.clock.advance(1);
    const credentials = { email: 'agent@acme.example', password: PASSWORD };
    const first = await one.service.staff.signIn.password(one.application, credentials, BROWSER);
    if (!first.ok) throw new Error(first.problem.detail);
    const before = one.sink.messages.length + other.sink.messages.length;
    await ticksUntil([one, other], () => one.sink.messages.length + other.sink.messages.length > before);
    const codes = [...one.sink.messages, ...other.sink.messages].toSorted((a, b) => a.expiresAt - b.expiresAt);
    const code = codes.at(-1)?.code.reveal() ?? '';
    // The form may be answered by any instance, and twice.
    const entered = await Promise.all(
      [other, one].map(({ service }) => service.staff.signIn.code(first.value.token, code, 'code', BROWSER)),
    );
    const tokens = entered.flatMap((result) => (result.ok && result.value.type === 'in' ? [result.value.token] : []));
    expect(tokens).toHaveLength(1);
    return tokens[0] ?? '';
  };
  const state = async ({ service }: World, token: string): Promise<string> =>
    (await service.staff.sessions.find(token, BROWSER)).state;
  const [first, second] = [await signedIn(), await signedIn()];
  for (const world of [one, other]) expect(await state(world, first)).toBe('live');
  const mine = await other.service.staff.sessions.find(second, BROWSER);
  if (mine.state !== 'live') throw new Error(mine.state);
  expect(await one.service.staff.sessions.revokeOthers(mine.staff)).toMatchObject({ value: { revoked: 1 } });
  expect([await state(one, first), await state(other, first)]).toEqual(['ended', 'ended']);
  for (const world of [one, other, one]) {
    context.clock.advance(HOUR_MS - 60_000);
    expect(await state(world, second)).toBe('live');
  }
  context.clock.advance(HOUR_MS + 60_000);
  expect([await state(one, second), await state(other, second)]).toEqual(['ended', 'ended']);
}

async function agents(context: InstancesContext): Promise<void> {
  const instances = await two(context, (options) => createDeskWorld(options));
  const [one] = instances;
  const made = await Promise.all(
    [...instances, ...instances].map(({ service, caller }, at) =>
      service.staff.agents.create(
        { ...caller(), actor: { type: 'system', id: null } },
        {
          email: at % 2 === 0 ? 'ann@acme.example' : 'Ann@ACME.example',
          name: 'Ann',
          role: 'admin',
          password: PASSWORD,
        },
      ),
    ),
  );
  expect(made.filter(({ ok }) => ok)).toHaveLength(1);
  const second = await one.hire('admin');
  const first = made.flatMap((result) => (result.ok ? [result.value.id] : []))[0] ?? '';
  const gone = await Promise.all(
    [first, second.id].map((id, at) => {
      const { service, caller } = instances[at] ?? one;
      return service.staff.agents.update(caller(), id, { active: false });
    }),
  );
  // Who looks at the same moment may refuse both: what counts is that one is left.
  expect(gone.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
  const left = await one.service.staff.agents.list(one.caller(), {});
  if (!left.ok) throw new Error(left.problem.detail);
  expect(left.value.data.filter(({ status }) => status === 'active').length).toBeGreaterThanOrEqual(1);
}

async function templates(context: InstancesContext): Promise<void> {
  const instances = await worlds(context);
  const [one, other] = instances;
  const sent = async (world: World): Promise<string> => {
    const count = (): number => one.sink.messages.length + other.sink.messages.length;
    const before = count();
    const id = await start(world);
    await ticksUntil(instances, () => count() > before);
    return [...one.sink.messages, ...other.sink.messages].find(({ verification }) => verification === id)?.text ?? '';
  };
  expect(await sent(other)).toContain('sign-in code');
  const put = await one.service.templates.put(one.caller(), { channel: 'sms', text: 'Ours: {code}, for {time}.' });
  if (!put.ok) throw new Error(put.problem.detail);
  context.clock.advance(1_001);
  for (const world of instances) expect(await sent(world)).toMatch(/^Ours: \d{6}, for 10 minutes\.$/);
  expect((await other.service.templates.remove(other.caller(), put.value.id)).ok).toBe(true);
  context.clock.advance(1_001);
  expect(await sent(one)).toContain('sign-in code');
}

async function ladder(context: InstancesContext): Promise<void> {
  const sinks = { whatsapp: new Sink('whatsapp'), sms: new Sink('sms') };
  const instances = await worlds(context, {
    policies: { login: { channels: ['whatsapp', 'sms'], channel_wait_seconds: [30] } },
    providers: { whatsapp: [sinks.whatsapp], sms: [sinks.sms] },
  });
  const [one] = instances;
  const waits = async (): Promise<number> =>
    (await one.store.documents.list({ kind: 'ladder_step', limit: 10 })).length;
  await start(one);
  await ticksUntil(instances, async () => sinks.whatsapp.messages.length === 1 && (await waits()) === 1);
  context.clock.advance(29_000);
  await ticks(instances);
  expect(sinks.sms.messages).toHaveLength(0);
  context.clock.advance(1_001);
  await ticksUntil(instances, async () => sinks.sms.messages.length > 0 && (await waits()) === 0);
  context.clock.advance(60_000);
  await ticks(instances);
  expect([sinks.whatsapp.messages.length, sinks.sms.messages.length]).toEqual([1, 1]);
  expect(sinks.sms.last().code.reveal()).toBe(sinks.whatsapp.last().code.reveal());
}

/** A provider that posts nothing. */
class Asked extends Sink {
  asked = 0;
  news: PollAnswer = { report: null, done: false };

  constructor() {
    super('asked');
    this.answer = () => ({ type: 'accepted', messageId: `m${this.messages.length}` });
  }

  async poll(): Promise<PollAnswer> {
    this.asked++;
    return this.news;
  }
}

async function polls(context: InstancesContext): Promise<void> {
  const sink = new Asked();
  const instances = await worlds(context, { providers: { sms: [sink] } });
  const [one, other] = instances;
  const id = await start(one);
  const due = async (): Promise<number> =>
    (await one.store.documents.list({ kind: 'provider_poll', limit: 10 })).length;
  await ticksUntil(instances, async () => sink.messages.length === 1 && (await due()) === 1);
  context.clock.advance(5_001);
  await ticks(instances);
  expect(sink.asked).toBe(1);
  const report = {
    messageId: 'm1',
    status: 'delivered',
    at: null,
    error: null,
    segments: null,
    price: '0.02 USD',
  } as const;
  sink.news = { report: { ...report, suppress: null }, done: true };
  context.clock.advance(60_000);
  await ticksUntil(instances, async () => (await other.store.records.sends(id))[0]?.status === 'delivered');
  expect((await one.store.records.sends(id))[0]?.cost).toBe('0.02 USD');
  context.clock.advance(HOUR_MS);
  await ticks(instances);
  expect(sink.asked).toBe(2);
}

async function statistics(context: InstancesContext): Promise<void> {
  const sink = new Sink('asked');
  const instances = await worlds(context, { providers: { sms: [sink] } });
  const [one, other] = instances;
  const ids = [await start(one), await start(other, { to: '+14155552672' })];
  await ticksUntil(instances, () => sink.messages.length === 2);
  context.clock.advance(12_000);
  for (const [at, id] of ids.entries()) {
    const { service, caller } = instances[1 - at] ?? one;
    const code = sink.messages.find(({ verification }) => verification === id)?.code.reveal() ?? '';
    expect(await service.verify.check(caller(), id, { code })).toMatchObject({ value: { result: 'approved' } });
  }
  await ticks(instances);
  context.clock.advance(31_000);
  for (const { service, caller } of instances) {
    const shown = await service.providers.list(caller());
    expect(shown).toMatchObject({
      value: { data: [{ name: 'asked', measured: { sent: 2, approved: 2, conversion: 1, seconds_to_approve: 12 } }] },
    });
  }
}

/** What features keep in documents, as two instances on one store meet it. */
for (const driver of chosen(DRIVERS)) {
  serverSuite(driver.needs, `features on ${driver.name}`, () => features(driver));
}

describe('the features see', () => {
  const broken =
    (mutate: (documents: Store['documents']) => Partial<Store['documents']>): FreshData =>
    async () => {
      const data = await sqlite();
      return {
        ...data,
        open: async (...clocks) => {
          const store = await data.open(...clocks);
          return { ...store, documents: { ...store.documents, ...mutate(store.documents) } };
        },
      };
    };
  const sqlite = DRIVERS.find(({ needs }) => needs === null)?.fresh ?? expect.fail('there is no driver');

  it('a document that is told to be written although another was there', async () => {
    const fresh = broken(({ put }) => ({ put: async (document) => (await put(document)) || true }));
    await expect(onFreshData(fresh, expect, statistics)).rejects.toThrow();
  });

  it('documents that two workers hold at once', async () => {
    const fresh = broken(({ list }) => ({
      claim: async (kind, now, limit) =>
        (await list({ kind, limit })).filter(({ dueAt }) => dueAt !== null && dueAt <= now),
    }));
    await expect(onFreshData(fresh, expect, polls)).rejects.toThrow();
  });
});
