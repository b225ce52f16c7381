import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure, Message } from '../../src/ports/channel.ts';
import { createWorld, Sink, type World } from '../support/world.ts';

const DEADLINE_MS = 10_000;
const SILENT: Failure = { type: 'failure', kind: 'unavailable', retry: 'retry', detail: 'no answer in time' };

let world: World;
let deadlines: { readonly ms: number; readonly end: () => void }[];
beforeEach(() => {
  deadlines = [];
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const deadline = new AbortController();
    deadlines.push({ ms, end: () => deadline.abort() });
    return deadline.signal;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

/** Takes the connection and never answers, until its time is over. */
class Dead extends Sink {
  override async send(message: Message): Promise<Failure> {
    this.messages.push(message);
    // The signal that was made last is this call's.
    const deadline = deadlines.at(-1);
    world.clock.now += deadline?.ms ?? Number.NaN;
    deadline?.end();
    return SILENT;
  }
}

let line = 0;
async function start(): Promise<{ readonly waitedMs: number }> {
  line++;
  const begun = world.clock.now;
  const started = await world.service.verify.start(world.caller(), { to: `+1415555${String(2000 + line)}` });
  if (!started.ok) throw new Error(started.problem.code);
  await world.service.worker.tick();
  const [send] = await world.store.records.sends(started.value.verification.id);
  expect([send?.status, send?.provider]).toEqual(['accepted', 'good']);
  return { waitedMs: world.clock.now - begun };
}

describe('F7: a dead first provider', () => {
  it('costs the user no more than its deadline, and after the breaker opens nothing', async () => {
    const [dead, good] = [new Dead('dead'), new Sink('good')];
    world = await createWorld({ providers: { sms: [dead, good] } });
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) waits.push((await start()).waitedMs);
    expect(waits).toEqual([...Array.from({ length: 5 }, () => DEADLINE_MS), 0, 0, 0]);
    expect(dead.messages).toHaveLength(5);
    expect(good.messages).toHaveLength(8);
  });

  it.each([
    [3_000, 3_000],
    [60_000, DEADLINE_MS],
  ])('with a time of its own of %i ms costs %i ms', async (timeoutMs, cost) => {
    const [dead, good] = [Object.assign(new Dead('dead'), { timeoutMs }), new Sink('good')];
    world = await createWorld({ providers: { sms: [dead, good] } });
    expect((await start()).waitedMs).toBe(cost);
  });

  it('costs one message in each rest its trial', async () => {
    const [dead, good] = [new Dead('dead'), new Sink('good')];
    world = await createWorld({ providers: { sms: [dead, good] } });
    for (let i = 0; i < 5; i++) await start();
    world.clock.now += 5_000;
    expect((await start()).waitedMs).toBe(DEADLINE_MS);
    expect((await start()).waitedMs).toBe(0);
    expect((await start()).waitedMs).toBe(0);
  });
});
