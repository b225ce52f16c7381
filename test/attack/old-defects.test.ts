import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWatchword, orThrow } from '../../src/index.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld } from '../support/desk.ts';
import { wrongCode } from '../support/world.ts';

// What the systems before this one did wrong (D0.*, D2.*), where no other test of ours bears the name.

const FORM = { channel: 'sms', to: '+61 491 570 156', country: 'AU', reason: 'SIM swap' };
let world: DeskWorld;
let browser: DeskBrowser;

beforeEach(async () => {
  world = await createDeskWorld({ policies: { caller_check: { preset: 'desk' } } });
  await world.hire('agent');
  browser = world.browser();
  await browser.signIn('agent@acme.example');
});
afterEach(() => world.close());

async function send(): Promise<{ path: string; id: string; status: number }> {
  const { location, status } = await browser.post('/desk', { ...FORM, once: world.env.randomText(26) });
  return { path: location, id: location.split('/').at(-1) ?? '', status };
}

const enter = (path: string, code: string) => browser.post(`${path}/check`, { code, once: world.env.randomText(26) });

async function statusOf(id: string) {
  const read = await world.service.verify.get(world.caller(), id);
  if (!read.ok) throw new Error('not there');
  return read.value;
}

describe('D0.6', () => {
  it('guesses at once are all counted: three of many are compared, and the right code comes too late', async () => {
    const { path, id } = await send();
    await world.service.worker.tick();
    const right = world.sink.last().code.reveal();
    const guesses = Array.from({ length: 20 }, () => enter(path, wrongCode(right)));
    await Promise.all(guesses);
    expect(await statusOf(id)).toMatchObject({ status: 'failed', checks: 3, checks_remaining: 0 });
    await enter(path, right);
    expect(await statusOf(id)).toMatchObject({ status: 'failed', approved_at: null });
  });

  it('a code that was used passes no second time, and whoever sends it twice at once is verified once', async () => {
    const { path, id } = await send();
    await world.service.worker.tick();
    const right = world.sink.last().code.reveal();
    await Promise.all(Array.from({ length: 8 }, () => enter(path, right)));
    const { approved_at: at } = await statusOf(id);
    world.clock.now += 5_000;
    expect((await enter(path, right)).location).toBe(path);
    expect(await statusOf(id)).toMatchObject({ status: 'approved', approved_at: at });
    const events = await world.store.records.events(id);
    expect(events.filter(({ type }) => type === 'approved')).toHaveLength(1);
  });

  it('records are not found by counting: an id has 100 random bits', async () => {
    const ids = [(await send()).id, (await send()).id];
    expect(ids.every((id) => /^vrf_[0-9A-HJKMNP-TV-Z]{30}$/.test(id))).toBe(true);
    expect(ids[0]?.slice(14)).not.toBe(ids[1]?.slice(14));
    const [next = ''] = ids.map((id) => `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`);
    expect((await browser.get(`/desk/verifications/${next}`)).status).toBe(404);
  });
});

describe('D0.8', () => {
  it('the record is there before any message goes out', async () => {
    const before: unknown[] = [];
    world.sink.answer = async ({ verification }) => {
      before.push((await world.store.verifications.get(verification)).record?.status);
      return { type: 'accepted', messageId: null };
    };
    await send();
    await world.service.worker.tick();
    expect(before).toEqual(['pending']);
  });

  it.each([
    ['says no', () => ({ type: 'failure', kind: 'rejected', retry: 'final', detail: 'unknown subscriber' }) as const],
    [
      'throws',
      () => {
        throw new Error('socket hang up');
      },
    ],
  ])(
    'a provider that %s is no error of a page: the record stays, and the page and the log tell (S0.24)',
    async (_what, answer) => {
      world.sink.answer = answer;
      const { path, id, status } = await send();
      expect(status).toBe(303);
      await world.service.worker.tick();
      const page = await browser.get(path);
      expect([page.status, /Code (?:was )?sent/.test(page.html)]).toEqual([200, false]);
      expect(page.html).toMatch(/: not sent/);
      expect((await statusOf(id)).id).toBe(id);
      expect((await browser.get('/desk/records')).html).toContain('+61 491 ••• ••56');
      expect(world.logs.some(({ level }) => level === 'warn' || level === 'error')).toBe(true);
    },
  );
});

describe('D2.5', () => {
  it('a mail that was not taken is never told as sent, neither to who signs in nor to who calls', async () => {
    world.sink.answer = () => ({ type: 'failure', kind: 'rejected', retry: 'final', detail: 'no such mailbox' });
    const { location } = await browser.post('/desk', {
      ...FORM,
      to: 'ann@acme.example',
      channel: 'email',
      once: world.env.randomText(26),
    });
    await world.service.worker.tick();
    const { html } = await browser.get(location);
    expect(html).not.toMatch(/Code (?:was )?sent|Delivered</);
    expect(html).toContain('No provider took the message.');
    const other = world.browser();
    const first = await other.password('agent@acme.example');
    await world.service.worker.tick();
    const over = await other.get(first.location);
    expect(over.location).toContain('said=factor_unsent');
    expect((await other.get(over.location)).html).toContain('The code was not sent: no mail server took it.');
  });

  it('a mail that no server takes for now is told as such to who signs in, until one does', async () => {
    world.sink.answer = () => ({ type: 'failure', kind: 'unavailable', retry: 'retry', detail: 'connection failed' });
    const other = world.browser();
    const { location } = await other.password('agent@acme.example');
    await world.service.worker.tick();
    expect((await other.get(location)).html).toMatch(/No mail server has taken the code for <strong/);
    world.sink.answer = () => ({ type: 'accepted', messageId: null });
    world.clock.now += 10_000;
    await world.service.worker.tick();
    expect((await other.get(location)).html).toMatch(/A code is on its way to <strong/);
  });
});

describe('D0.11', () => {
  it('loading everything and starting verifications without settings reaches no provider', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchword-alone-'));
    const fetched = vi.spyOn(globalThis, 'fetch');
    const connected = vi.spyOn(Socket.prototype, 'connect');
    const { verify, worker, close } = createWatchword({
      databaseUrl: `sqlite:${join(folder, 'w.db')}`,
      mode: 'development',
      worker: false,
    });
    for (const to of ['+14155552671', 'ann@example.com']) orThrow(await verify.start({ to }));
    await worker.tick();
    await close();
    expect([fetched.mock.calls.length, connected.mock.calls.length]).toEqual([0, 0]);
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });
});
