import { afterEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../src/ports/channel.ts';
import { ANYWHERE, type Route } from '../../src/core/routing.ts';
import { createWorld, Sink, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const SILENT: Failure = { type: 'failure', kind: 'unavailable', retry: 'retry', detail: 'no answer' };
const NO: Failure = { type: 'failure', kind: 'rejected', retry: 'final', detail: 'no' };

class RoutedSink extends Sink {
  readonly route: Route;
  constructor(name: string, route: Partial<Route>) {
    super(name);
    this.route = { ...ANYWHERE, ...route };
  }
}

async function start(to: string, extra: Record<string, unknown> = {}): Promise<string> {
  const started = await world.service.verify.start(world.caller(), { to, ...extra });
  return started.ok ? started.value.verification.id : started.problem.code;
}

let line = 0;
/** A US number nobody used before. */
function someone(): string {
  line++;
  return `+1415555${String(2000 + line)}`;
}

describe('providers with routes', () => {
  it('carry only what their route takes, and a destination that none takes is refused before anything is stored', async () => {
    const [american, british] = [
      new RoutedSink('us', { countries: ['US'] }),
      new RoutedSink('gb', { prefixes: ['+44'] }),
    ];
    world = await createWorld({ providers: { sms: [american, british] } });
    await start('+14155552671');
    await start('+447911123456');
    await world.service.worker.tick();
    expect(american.messages.map(({ to }) => to)).toEqual(['+14155552671']);
    expect(british.messages.map(({ to }) => to)).toEqual(['+447911123456']);
    expect(await start('+4915123456789')).toBe('channel_unavailable');
  });
});

describe('F7, S3.46: a provider that does not answer', () => {
  it('rests after five failures in a row, so that nobody waits for it, and is tried again', async () => {
    const [deaf, good] = [new Sink('deaf'), new Sink('good')];
    deaf.answer = () => SILENT;
    world = await createWorld({ providers: { sms: [deaf, good] } });
    for (let i = 0; i < 8; i++) {
      await start(someone());
      await world.service.worker.tick();
    }
    expect(deaf.messages).toHaveLength(5);
    expect(good.messages).toHaveLength(8);
    deaf.answer = () => ({ type: 'accepted', messageId: null });
    world.clock.now += 5_000;
    for (let i = 0; i < 2; i++) {
      await start(someone());
      await world.service.worker.tick();
    }
    expect(deaf.messages).toHaveLength(7);
    expect(world.logs.map(({ event }) => event)).toContain('provider.back');
  });

  it('keeps a message waiting when it is the only one, and does not storm it with retries', async () => {
    const deaf = new Sink('deaf');
    deaf.answer = () => SILENT;
    world = await createWorld({ providers: { sms: [deaf] } });
    const ids = await Promise.all(Array.from({ length: 20 }, () => start(someone())));
    for (let second = 0; second < 60; second++) {
      await world.service.worker.tick();
      world.clock.now += 1_000;
    }
    // One at a time after the first five: without rests the same minute makes a hundred calls.
    expect(deaf.messages.length).toBeLessThanOrEqual(32);
    deaf.answer = () => ({ type: 'accepted', messageId: null });
    for (let second = 0; second < 180; second++) {
      await world.service.worker.tick();
      world.clock.now += 1_000;
    }
    const sends = await Promise.all(ids.map((id) => world.store.records.sends(id)));
    expect(sends.flat().every(({ status }) => status === 'accepted')).toBe(true);
  });

  it('is not blamed for saying no to a message', async () => {
    const [strict, good] = [new Sink('strict'), new Sink('good')];
    strict.answer = () => NO;
    world = await createWorld({ providers: { sms: [strict, good] } });
    for (let i = 0; i < 8; i++) {
      await start(someone());
      await world.service.worker.tick();
    }
    expect(strict.messages).toHaveLength(8);
  });
});

it('a provider that failed in this verification is not the first to be asked for its next message', async () => {
  const [first, second] = [new Sink('first'), new Sink('second')];
  first.answer = () => NO;
  world = await createWorld({ providers: { sms: [first, second] } });
  const id = await start('+14155552671');
  await world.service.worker.tick();
  first.answer = () => ({ type: 'accepted', messageId: null });
  world.clock.now += 31_000;
  await world.service.verify.resend(world.caller(), id, {});
  await world.service.worker.tick();
  expect([first.messages.length, second.messages.length]).toEqual([1, 2]);
  await start('+14155552672');
  await world.service.worker.tick();
  expect([first.messages.length, second.messages.length]).toEqual([2, 2]);
});
