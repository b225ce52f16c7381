import { afterEach, describe, expect, it } from 'vitest';
import { withoutLimits } from '../support/mutants.ts';
import { createHttpWorld, Sink, type World, type WorldOptions, createWorld } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const RANGE = { limits: { range_unapproved: { max: 30 } } };
const DAY_MS = 86_400_000;

let line = 0;
/** A number of one block of a thousand that nobody used before; `block` is the digit before its last three. */
function someone(block = 2): string {
  line = (line + 1) % 1_000;
  return `+1415555${block}${String(line).padStart(3, '0')}`;
}

async function open(options: Partial<WorldOptions> = {}): Promise<void> {
  world = await createWorld({ ...RANGE, ...options });
}

/** The id, or the limit that refused. */
async function start(to = someone()): Promise<string> {
  const started = await world.service.verify.start(world.caller(), { to });
  return started.ok ? started.value.verification.id : (started.problem.limit?.name ?? started.problem.code);
}

async function approve(id: string): Promise<string> {
  await world.service.worker.tick();
  const code = world.sink.messages.find(({ verification }) => verification === id)?.code.reveal() ?? '';
  const checked = await world.service.verify.check(world.caller(), id, { code });
  return checked.ok ? checked.value.result : checked.problem.code;
}

async function pumped(options: Partial<WorldOptions> = {}): Promise<readonly string[]> {
  await open(options);
  return Promise.all(Array.from({ length: 60 }, () => start()));
}

const taken = (answers: readonly string[]): number => answers.filter((answer) => answer.startsWith('vrf_')).length;

describe('A30: a block of numbers that nobody approves', () => {
  it('gets exactly 30 of 60 parallel starts, and its neighbours theirs', async () => {
    const answers = await pumped();
    expect(taken(answers)).toBe(30);
    expect(new Set(answers.filter((answer) => !answer.startsWith('vrf_')))).toEqual(new Set(['range_unapproved']));
    while ((await world.service.worker.tick()) > 0);
    expect(world.sink.messages).toHaveLength(30);
    expect(await start(someone(3))).toMatch(/^vrf_/);
  });

  it('would show a store that takes no limit', async () => {
    expect(taken(await pumped({ mutate: withoutLimits }))).toBe(60);
  });

  it('stays open where people approve, and an approval counts once', async () => {
    await open({
      limits: { range_unapproved: { max: 2 } },
      policies: { login: { reuse: 'within_ttl', on_open: 'replace' } },
    });
    for (let round = 0; round < 6; round++) expect(await approve(await start())).toBe('approved');
    const [waiting, last] = [await start(), await start()];
    for (let again = 0; again < 5; again++) expect(await approve(last)).toBe('approved');
    // The open one still counts: an approval that was given back twice would have taken it off.
    expect([await start(), await start()].map((answer) => answer.slice(0, 3))).toEqual(['vrf', 'ran']);
    expect(await approve(waiting)).toBe('approved');
    expect([await start(), await start()].map((answer) => answer.slice(0, 3))).toEqual(['vrf', 'ran']);
  });

  it('opens with the next window, to which an approval of the one before gives nothing', async () => {
    await open({ limits: { range_unapproved: { max: 2 } } });
    world.clock.now = (Math.floor(world.clock.now / DAY_MS) + 1) * DAY_MS - 60_000;
    const ids = [await start(), await start()];
    expect(await start()).toBe('range_unapproved');
    world.clock.now += 60_000;
    for (const id of ids) expect(await approve(id)).toBe('approved');
    expect([await start(), await start(), await start()].map((answer) => answer.slice(0, 3))).toEqual([
      'vrf',
      'vrf',
      'ran',
    ]);
  });

  it('never keeps a right code from being approved, however low the limit was set meanwhile', async () => {
    const http = await createHttpWorld({ limits: { range_unapproved: { max: 5 } } });
    world = http;
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push(await start());
    while ((await world.service.worker.tick()) > 0);
    const limits = { range_unapproved: { max: 1 } };
    expect((await http.call('PATCH', `/v1/applications/${world.application.id}`, { limits })).status).toBe(200);
    world.clock.now += 1_000;
    expect((await http.call('POST', '/v1/verifications', { to: someone() })).body['code']).toBe('limit_exceeded');
    for (const id of ids) {
      const code = world.sink.messages.find(({ verification }) => verification === id)?.code.reveal();
      const checked = await http.call('POST', `/v1/verifications/${id}/checks`, { code });
      expect(checked.body['result']).toBe('approved');
    }
  });

  it('counts nothing for test keys and e-mail, and is off until it is set', async () => {
    await open({ limits: { range_unapproved: { max: 1 } } });
    const test = () => world.service.verify.start(world.caller('test'), { to: someone() });
    expect([(await test()).ok, (await test()).ok, (await test()).ok]).toEqual([true, true, true]);
    expect([await start('a@b.example'), await start('c@b.example')].every((id) => id.startsWith('vrf_'))).toBe(true);
    await world.close();
    world = await createWorld();
    expect(taken(await Promise.all(Array.from({ length: 40 }, () => start())))).toBe(40);
  });
});

describe('A30: a range that an operator closes, or that is never open', () => {
  it('is recorded as blocked, and no provider is asked, by the API that everybody has', async () => {
    const http = await createHttpWorld({ providers: { sms: [new Sink('sms')] } });
    world = http;
    const rule = { list: 'block', type: 'prefix', value: '+14155552' };
    expect((await http.call('POST', '/v1/lists/rules', rule)).status).toBe(201);
    world.clock.now += 1_000;
    const blocked = await http.call('POST', '/v1/verifications', { to: '+14155552671' });
    expect(blocked.body).toMatchObject({ status: 'blocked', status_reason: 'rule:block_list' });
    expect(await world.service.worker.tick()).toBe(0);
    expect((await http.call('POST', '/v1/verifications', { to: '+14155553671' })).body['status']).toBe('pending');
  });

  it.each(['+19005551234', '+979123456789', '+881612345678', '+88213123456'])(
    '%s costs nobody anything',
    async (to) => {
      const http = await createHttpWorld();
      world = http;
      const answer = await http.call('POST', '/v1/verifications', { to });
      expect([answer.status, answer.body['code']]).toEqual([422, 'unreachable_destination']);
      expect(await world.service.worker.tick()).toBe(0);
    },
  );
});
