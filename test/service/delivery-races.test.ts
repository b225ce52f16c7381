import { afterEach, describe, expect, it } from 'vitest';
import type { Accepted, Failure } from '../../src/ports/channel.ts';
import { createWorld, Sink, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const BUSY: Failure = { type: 'failure', kind: 'unavailable', retry: 'retry', detail: 'try later' };
const GONE: Failure = { type: 'failure', kind: 'rejected', retry: 'final', detail: 'no' };
const TAKEN: Accepted = { type: 'accepted', messageId: null };
const to = 'a@b.example';

async function sendsOf(id: string) {
  return (await world.store.records.sends(id)).map(({ status, error }) => ({ status, error }));
}

describe('delivery beside other commits', () => {
  it('asks no provider for a claimed message once the verification is closed', async () => {
    world = await createWorld();
    const started = await world.service.verify.start(world.caller(), { to });
    const id = started.ok ? started.value.verification.id : '';
    const { begin } = world.real.outbox;
    world.store.outbox.begin = async (send, until) => {
      await world.service.verify.cancel(world.caller(), id);
      return begin(send, until);
    };
    await world.service.worker.tick();
    expect(world.sink.messages).toEqual([]);
    expect(await sendsOf(id)).toMatchObject([{ status: 'dropped' }]);
  });

  it('asks no second provider once the verification is closed, and drops the message at once', async () => {
    const [first, second] = [new Sink('first'), new Sink('second')];
    world = await createWorld({ providers: { email: [first, second] } });
    const started = await world.service.verify.start(world.caller(), { to });
    const id = started.ok ? started.value.verification.id : '';
    first.answer = async () => {
      await world.service.verify.cancel(world.caller(), id);
      return BUSY;
    };
    await world.service.worker.tick();
    expect(second.messages).toEqual([]);
    expect(await sendsOf(id)).toEqual([{ status: 'dropped', error: 'verification_canceled' }]);
  });

  it('queues no message again for a verification that closed while its provider was asked', async () => {
    world = await createWorld();
    const started = await world.service.verify.start(world.caller(), { to });
    const id = started.ok ? started.value.verification.id : '';
    world.sink.answer = async () => {
      await world.service.verify.cancel(world.caller(), id);
      return BUSY;
    };
    await world.service.worker.tick();
    expect(await sendsOf(id)).toEqual([{ status: 'dropped', error: 'verification_canceled' }]);
    expect(await world.store.outbox.backlog()).toMatchObject({ queued: 0 });
  });

  it('still delivers a new code when a provider takes the older message after the resend', async () => {
    world = await createWorld({ policies: { login: { resend_code: 'new' } } });
    const started = await world.service.verify.start(world.caller(), { to });
    const id = started.ok ? started.value.verification.id : '';
    let asked = 0;
    world.sink.answer = async () => {
      if (++asked > 1) return TAKEN;
      world.clock.now += 31_000;
      await world.service.verify.resend(world.caller(), id, {});
      return TAKEN;
    };
    await world.service.worker.tick();
    await world.service.worker.tick();
    expect(world.sink.messages).toHaveLength(2);
    const code = world.sink.last().code.reveal();
    expect(await world.service.verify.check(world.caller(), id, { code })).toMatchObject({
      value: { result: 'approved' },
    });
  });

  it('asks no further provider after the end of the code', async () => {
    const [first, second] = [new Sink('first'), new Sink('second')];
    world = await createWorld({ providers: { email: [first, second] } });
    await world.service.verify.start(world.caller(), { to });
    first.answer = () => {
      world.clock.now += 600_000;
      return BUSY;
    };
    await world.service.worker.tick();
    expect(second.messages).toEqual([]);
  });

  it('does not fail a verification whose resend came in while its first message was given up', async () => {
    world = await createWorld();
    const started = await world.service.verify.start(world.caller(), { to });
    const id = started.ok ? started.value.verification.id : '';
    world.clock.now += 30_000;
    world.sink.answer = () => GONE;
    const { get } = world.real.verifications;
    let loads = 0;
    world.store.verifications.get = async (of) => {
      // After delivery looked once, just before it settles.
      if (++loads === 2) await world.service.verify.resend(world.caller(), id, {});
      return get(of);
    };
    await world.service.worker.tick();
    world.sink.answer = () => TAKEN;
    await world.service.worker.tick();
    expect(await world.service.verify.get(world.caller(), id)).toMatchObject({ value: { status: 'pending' } });
    expect(world.sink.messages).toHaveLength(2);
  });

  it('goes on delivering when the host clock falls behind the newest commit', async () => {
    world = await createWorld();
    await world.startAndRead(to);
    world.clock.now -= 3_600_000;
    world.sink.answer = () => (world.sink.messages.length === 2 ? BUSY : TAKEN);
    await world.service.verify.start(world.caller(), { to });
    await world.service.worker.tick();
    expect(world.sink.messages).toHaveLength(2);
    world.clock.now += 3_600_000 + 5_000;
    await world.service.worker.tick();
    expect(world.sink.messages).toHaveLength(3);
  });
});
