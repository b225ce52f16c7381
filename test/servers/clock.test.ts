import { afterEach, beforeEach, expect, it } from 'vitest';
import { refuseWrongClock } from '../../src/cli/open.ts';
import { compose, type Composition } from '../../src/compose.ts';
import { readSettings } from '../../src/config/index.ts';
import type { Message } from '../../src/ports/channel.ts';
import { createEnvironment } from '../../src/runtime/environment.ts';
import type { Caller } from '../../src/service/index.ts';
import { TEST_SECRET } from '../support/process.ts';
import { type Fresh, freshPostgres, onPostgres, serverSuite } from '../support/servers.ts';

const HOUR_MS = 3_600_000;
const TTL_MS = 600_000;
const SLACK_MS = 5_000;

serverSuite('postgres', 'instances whose clocks differ, on one PostgreSQL', () => {
  let database: Fresh;
  let opened: Composition[];
  let messages: Message[];
  beforeEach(async () => {
    database = await freshPostgres();
    [opened, messages] = [[], []];
  });
  afterEach(async () => {
    for (const composition of opened) await composition.close();
    await database.drop();
  });

  /** An instance on a host whose clock is off by so much. */
  async function instance(offMs: number): Promise<Composition> {
    const read = readSettings({ DATABASE_URL: database.url, WATCHWORD_SECRET: TEST_SECRET }, () => '');
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const real = createEnvironment({ log: () => undefined, flush: () => undefined });
    const env = { ...real, now: () => Date.now() + offMs };
    const email = {
      name: 'keeper',
      channels: ['email'] as const,
      send: async (message: Message) => {
        messages.push(message);
        return { type: 'accepted', messageId: null } as const;
      },
    };
    const composition = await compose({
      settings: read.settings,
      env,
      print: () => undefined,
      providers: { email: [email] },
    });
    opened.push(composition);
    return composition;
  }

  it('keeps a code alive for its whole life on an instance an hour behind, and no longer', async () => {
    const [right, behind] = [await instance(0), await instance(-HOUR_MS)];
    const { id, expiresAt } = await begin(behind);
    expect(Math.abs(expiresAt - Date.now() - TTL_MS)).toBeLessThan(SLACK_MS);
    await behind.service.worker.tick();
    const code = messages.at(-1)?.code.reveal() ?? '';
    expect(code).toMatch(/^\d{6}$/);
    expect(await check(behind, id, code === '000000' ? '111111' : '000000')).toMatchObject({ result: 'incorrect' });
    expect(await check(right, id, code)).toMatchObject({ result: 'approved' });
  });

  it.each([-HOUR_MS, HOUR_MS])(
    'leaves expired what is expired, and open what is open, with a clock %d ms off',
    async (offMs) => {
      const [right, off] = [await instance(0), await instance(offMs)];
      const [over, open] = [await begin(right), await begin(right)];
      await right.service.worker.tick();
      const [first, second] = messages.map((message) => [message.verification, message.code.reveal()] as const);
      const codes = new Map([first ?? ['', ''], second ?? ['', '']]);
      await onPostgres(
        database.url,
        `UPDATE verifications SET expires_at = expires_at - ${TTL_MS} WHERE id = '${over.id}'`,
      );
      expect(await check(off, over.id, codes.get(over.id) ?? '')).toMatchObject({ result: 'expired' });
      expect(await off.service.verify.get(await caller(off), over.id)).toMatchObject({ value: { status: 'expired' } });
      // Its sweeper goes by the store's time too.
      await off.service.worker.tick();
      expect(await right.service.verify.get(await caller(right), open.id)).toMatchObject({
        value: { status: 'pending' },
      });
      expect(await check(off, open.id, codes.get(open.id) ?? '')).toMatchObject({ result: 'approved' });
    },
  );

  it.each([
    { offMs: 0, ready: true, starts: true, told: null },
    { offMs: -20_000, ready: true, starts: true, told: /20 s behind the store’s.*NTP/ },
    { offMs: -HOUR_MS, ready: false, starts: false, told: /3600 s behind the store’s.*NTP/ },
    { offMs: HOUR_MS, ready: false, starts: false, told: /3600 s ahead of the store’s.*NTP/ },
  ])('with a host $offMs ms off is ready: $ready, starts: $starts', async ({ offMs, ready, starts, told }) => {
    const composition = await instance(offMs);
    const health = await composition.service.health.readiness();
    expect(health.ready).toBe(ready);
    const { reason, ...facts } = health.checks['store'] ?? { ok: false };
    expect(Math.abs(Number(facts['clock_skew_ms']) - offMs)).toBeLessThan(SLACK_MS / 5);
    if (told === null) expect(reason).toBeUndefined();
    else expect(reason).toMatch(told);
    const starting = refuseWrongClock(composition);
    if (starts) await expect(starting).resolves.toBeUndefined();
    else
      await expect(starting).rejects.toMatchObject({
        exit: 'unavailable',
        message: expect.stringMatching(told ?? /x/),
      });
  });
});

async function caller({ service }: Composition): Promise<Caller> {
  const application = await service.applications.find('default');
  if (application === null) throw new Error('the default application is missing');
  const actor = { type: 'library', id: null } as const;
  return { application, mode: 'live', actor, scopes: ['send', 'check', 'read', 'admin'], browserIp: null };
}

async function begin(composition: Composition): Promise<{ readonly id: string; readonly expiresAt: number }> {
  const to = `a${Math.random()}@b.example`;
  const started = await composition.service.verify.start(await caller(composition), { to });
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  const { id, expires_at: expiresAt } = started.value.verification ?? started.value;
  return { id, expiresAt: Date.parse(expiresAt) };
}

async function check(composition: Composition, id: string, code: string): Promise<unknown> {
  const checked = await composition.service.verify.check(await caller(composition), id, { code });
  return checked.ok ? checked.value : checked.problem;
}
