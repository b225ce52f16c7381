import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyOverrides } from '../../src/core/policy.ts';
import type { Failure } from '../../src/ports/channel.ts';
import type { Store } from '../../src/ports/store.ts';
import { createWorld, Sink, type World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const LADDER: PolicyOverrides = { channels: ['whatsapp', 'sms', 'voice'], channel_wait_seconds: [30, 60] };
const NO: Failure = { type: 'failure', kind: 'rejected', retry: 'final', detail: 'no' };
const PHONE = '+14155552671';

interface Sinks {
  readonly whatsapp: Sink;
  readonly sms: Sink;
  readonly voice: Sink;
}

async function open(policy: PolicyOverrides = {}, options: Partial<WorldOptions> = {}): Promise<Sinks> {
  const sinks = { whatsapp: new Sink('whatsapp'), sms: new Sink('sms'), voice: new Sink('voice') };
  const providers = { whatsapp: [sinks.whatsapp], sms: [sinks.sms], voice: [sinks.voice] };
  world = await createWorld({ policies: { login: { ...LADDER, ...policy } }, providers, ...options });
  return sinks;
}

async function start(extra: Record<string, unknown> = {}): Promise<string> {
  const started = await world.service.verify.start(world.caller(), { to: PHONE, ...extra });
  if (!started.ok) throw new Error(started.problem.code);
  await world.service.worker.tick();
  return started.value.verification.id;
}

async function after(seconds: number): Promise<void> {
  world.clock.now += seconds * 1000;
  await world.service.worker.tick();
  await world.service.worker.tick();
}

const counts = ({ whatsapp, sms, voice }: Sinks): readonly number[] =>
  [whatsapp, sms, voice].map(({ messages }) => messages.length);

describe('a ladder with waits', () => {
  it('goes on by itself with the same code, and stops at its end', async () => {
    const sinks = await open();
    await start();
    await after(29);
    expect(counts(sinks)).toEqual([1, 0, 0]);
    await after(1);
    expect(counts(sinks)).toEqual([1, 1, 0]);
    await after(59);
    expect(counts(sinks)).toEqual([1, 1, 0]);
    await after(1);
    expect(counts(sinks)).toEqual([1, 1, 1]);
    await after(300);
    expect(counts(sinks)).toEqual([1, 1, 1]);
    const codes = [sinks.whatsapp, sinks.sms, sinks.voice].map((sink) => sink.last().code.reveal());
    expect(new Set(codes).size).toBe(1);
  });

  it.each([
    ['taken', { type: 'accepted', messageId: null }],
    ['refused', NO],
  ] as const)('does not tell who is known under a silent directory, its first message %s', async (_, answer) => {
    const sinks = await open({ recipients: 'directory_silent' });
    sinks.whatsapp.answer = () => answer;
    await world.service.directory.put(world.caller(), { to: PHONE });
    const ids = [await start(), await start({ to: '+14155552672' })];
    await after(40);
    await after(80);
    const seen = [];
    for (const id of ids) {
      const read = await world.service.verify.get(world.caller(), id);
      if (!read.ok) throw new Error(read.problem.detail);
      const { status, channel, sends, sends_remaining, next_send_at } = read.value;
      seen.push({ status, channel, sends, sends_remaining, next_send_at });
    }
    expect(counts(sinks)).toEqual([1, 0, 0]);
    expect(seen[0]).toEqual(seen[1]);
  });

  it('is off without waits', async () => {
    const sinks = await open({ channel_wait_seconds: [] });
    await start();
    await after(500);
    expect(counts(sinks)).toEqual([1, 0, 0]);
  });

  it.each([
    [
      'an approval',
      async (id: string, sinks: Sinks) =>
        world.service.verify.check(world.caller(), id, { code: sinks.whatsapp.last().code.reveal() }),
    ],
    ['a cancel', async (id: string) => world.service.verify.cancel(world.caller(), id)],
  ])('stops at %s', async (_name, end) => {
    const sinks = await open();
    await end(await start(), sinks);
    await after(30);
    await after(60);
    expect(counts(sinks)).toEqual([1, 0, 0]);
  });

  it('keeps to max_sends and to the limits', async () => {
    let sinks = await open({ max_sends: 2 });
    await start();
    await after(30);
    await after(60);
    expect(counts(sinks)).toEqual([1, 1, 0]);
    await world.close();
    sinks = await open({}, { limits: { destination_sends: { max: 2 } } });
    await start();
    await after(30);
    await after(60);
    await after(60);
    expect(counts(sinks)).toEqual([1, 1, 0]);
    expect(world.logs.map(({ event }) => event)).toContain('ladder.stopped');
  });

  it('keeps the one code where a resend would draw a new one', async () => {
    const sinks = await open({ resend_code: 'new' });
    const id = await start();
    await after(30);
    expect(sinks.sms.last().code.reveal()).toBe(sinks.whatsapp.last().code.reveal());
    const checked = await world.service.verify.check(world.caller(), id, { code: sinks.whatsapp.last().code.reveal() });
    expect(checked.ok && checked.value.result).toBe('approved');
  });

  it('never calls before an SMS was sent', async () => {
    const direct = await open({ channels: ['whatsapp', 'voice'] });
    await start();
    await after(200);
    expect(counts(direct)).toEqual([1, 0, 0]);
  });

  it('does not wait for a channel that failed after an earlier one took its message', async () => {
    const sinks = await open();
    sinks.sms.answer = () => NO;
    await start();
    await after(30);
    expect(counts(sinks)).toEqual([1, 1, 1]);
  });

  it('waits anew after a resend, and not twice', async () => {
    const sinks = await open();
    const id = await start();
    world.clock.now += 29_500;
    await world.service.verify.resend(world.caller(), id, {});
    world.clock.now += 1_000;
    expect((await world.service.verify.resend(world.caller(), id, { channel: 'whatsapp' })).ok).toBe(true);
    await world.service.worker.tick();
    await after(1);
    expect(counts(sinks)).toEqual([2, 0, 0]);
    await after(30);
    expect(counts(sinks)).toEqual([2, 1, 0]);
  });

  it('sends nothing with too little life left', async () => {
    const sinks = await open({ ttl_seconds: 50 });
    await start();
    await after(30);
    expect(counts(sinks)).toEqual([1, 0, 0]);
  });
});

describe('a caller that asks for the next channel', () => {
  const next = async (id: string) => {
    world.clock.now += 301_000;
    const asked = await world.service.verify.resend(world.caller(), id, { channel: 'next' });
    await world.service.worker.tick();
    return asked.ok ? asked.value.channel : asked.problem;
  };

  it('gets it, one after the other with the same code, up to the end of the ladder', async () => {
    const sinks = await open({ channel_wait_seconds: [], ttl_seconds: 3_600 });
    const id = await start();
    expect(await next(id)).toBe('sms');
    expect(await next(id)).toBe('voice');
    expect(await next(id)).toMatchObject({ code: 'channel_unavailable', errors: [{ pointer: '/channel' }] });
    expect(counts(sinks)).toEqual([1, 1, 1]);
    expect(new Set([sinks.whatsapp, sinks.sms, sinks.voice].map((sink) => sink.last().code.reveal())).size).toBe(1);
    const { code } = sinks.voice.last();
    await world.service.verify.check(world.caller(), id, { code: code.reveal() });
    expect(await next(id)).toMatchObject({ code: expect.stringMatching(/closed|channel_unavailable/) as string });
  });

  it('has none where there is one channel only', async () => {
    const sinks = await open({ channels: ['sms'], channel_wait_seconds: [], ttl_seconds: 3_600 });
    expect(await next(await start())).toMatchObject({ code: 'channel_unavailable' });
    expect(counts(sinks)).toEqual([0, 1, 0]);
  });
});

describe('several workers, and workers that die', () => {
  it('send each step once', async () => {
    const sinks = await open();
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => start({ to: `+1415555${String(3000 + i)}` })));
    const { path, clock } = world;
    const { whatsapp, sms, voice } = sinks;
    const providers = { whatsapp: [whatsapp], sms: [sms], voice: [voice] };
    const others = await Promise.all([1, 2, 3].map(() => createWorld({ path, clock, providers })));
    clock.now += 30_000;
    for (let round = 0; round < 3; round++)
      await Promise.all([world, ...others].map(({ service }) => service.worker.tick()));
    await Promise.all(others.map((other) => other.close()));
    expect(counts(sinks)).toEqual([20, 20, 0]);
    const sends = await Promise.all(ids.map((id) => world.store.records.sends(id)));
    expect(sends.every((list) => list.length === 2)).toBe(true);
  });

  it('send it once when the worker died between its commit and forgetting the step', async () => {
    const sinks = await open({}, { mutate: (store) => dying(store) });
    await start();
    world.clock.now += 30_000;
    await expect(world.service.worker.tick()).rejects.toThrow('killed');
    await after(0);
    world.clock.now += 16_000;
    await expect(world.service.worker.tick()).rejects.toThrow('killed');
    await after(0);
    expect(counts(sinks)).toEqual([1, 1, 0]);
  });

  it('send it when the worker died before its commit', async () => {
    const sinks = await open();
    await start();
    world.clock.now += 30_000;
    await world.store.documents.claim('ladder_step', world.clock.now, 10, 15_000);
    await after(0);
    expect(counts(sinks)).toEqual([1, 0, 0]);
    await after(16);
    expect(counts(sinks)).toEqual([1, 1, 0]);
  });
});

/** The process is gone before a step is forgotten. */
function dying(store: Store): Store {
  const remove: Store['documents']['remove'] = async (kind, id) => {
    if (kind === 'ladder_step') throw new Error('killed');
    return store.documents.remove(kind, id);
  };
  return { ...store, documents: { ...store.documents, remove } };
}

describe('a start with waits of its own', () => {
  const channels = ['whatsapp', 'sms', 'voice'] as const;

  it('goes on by them instead of the policy’s', async () => {
    const sinks = await open();
    await start({ channels, channel_wait_seconds: [5, 20] });
    await after(5);
    expect(counts(sinks)).toEqual([1, 1, 0]);
    await after(19);
    expect(counts(sinks)).toEqual([1, 1, 0]);
    await after(1);
    expect(counts(sinks)).toEqual([1, 1, 1]);
    expect(new Set([sinks.whatsapp, sinks.sms, sinks.voice].map((sink) => sink.last().code.reveal())).size).toBe(1);
  });

  it('has a ladder where the policy has none, repeats its last wait, and stops at the approval', async () => {
    const sinks = await open({ channels: [], channel_wait_seconds: [] });
    const id = await start({ channels, channel_wait_seconds: [10] });
    await after(10);
    expect(counts(sinks)).toEqual([1, 1, 0]);
    await world.service.verify.check(world.caller(), id, { code: sinks.sms.last().code.reveal() });
    await after(600);
    expect(counts(sinks)).toEqual([1, 1, 0]);
  });

  it('never calls before an SMS went out, as with the policy’s waits', async () => {
    const sinks = await open({ channels: [], channel_wait_seconds: [] });
    await start({ channels: ['whatsapp', 'voice'], channel_wait_seconds: [5] });
    await after(300);
    expect(counts(sinks)).toEqual([1, 0, 0]);
  });

  it('stays where it is when it asks for no waits', async () => {
    const sinks = await open();
    await start({ channels, channel_wait_seconds: [] });
    await after(300);
    expect(counts(sinks)).toEqual([1, 0, 0]);
  });

  it.each([
    ['more waits than further channels', { channels: ['sms', 'voice'], channel_wait_seconds: [30, 60] }, {}],
    ['a wait for one channel', { channel: 'sms', channel_wait_seconds: [30] }, {}],
    [
      'a silent directory',
      { channels, channel_wait_seconds: [30] },
      { recipients: 'directory_silent', channel_wait_seconds: [] },
    ],
  ] as const)('is refused for %s', async (_name, extra, policy) => {
    await open(policy);
    const refused = await world.service.verify.start(world.caller(), { to: PHONE, ...extra });
    expect(refused).toMatchObject({
      ok: false,
      problem: { code: 'invalid_request', errors: [{ pointer: '/channel_wait_seconds' }] },
    });
  });

  it('is another set of channels for `reuse`', async () => {
    await open({ on_open: 'reuse' });
    const first = await start({ channels, channel_wait_seconds: [30] });
    expect(await start({ channels, channel_wait_seconds: [30] })).toBe(first);
    expect(await start({ channels, channel_wait_seconds: [40] })).not.toBe(first);
  });
});
