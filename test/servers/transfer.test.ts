import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Channel, createWatchword, type Message, orThrow, type Watchword } from '../../src/index.ts';
import { newPlace, type Place, run, TEST_SECRET } from '../support/process.ts';
import { type Fresh, freshMariadb, freshPostgres, onMysql, onPostgres, serverSuite } from '../support/servers.ts';

interface Verdict {
  readonly equal: boolean;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly different: number }[];
}

const SERVERS = [
  { kind: 'postgres', fresh: freshPostgres, on: onPostgres },
  { kind: 'mariadb', fresh: () => freshMariadb(), on: onMysql },
] as const;

serverSuite('postgres', 'moving from one database to another', () => {
  it('goes on from PostgreSQL to PostgreSQL, with what happened in between', async () => {
    const [first, second] = [await freshPostgres(), await freshPostgres()];
    const place = newPlace();
    try {
      const filled = await fill(`sqlite:${place.database}`);
      await copy(`sqlite:${place.database}`, first.url);
      const between = open(first.url);
      await between.verify.check(filled.pending, filled.wrong);
      await between.close();
      expect((await copy(first.url, second.url)).equal).toBe(true);
      const there = open(second.url);
      expect(await there.verify.get(filled.pending)).toMatchObject({ checks: 2, checks_remaining: 3 });
      expect(await there.verify.check(filled.pending, filled.code)).toMatchObject({ result: 'approved' });
      await there.close();
    } finally {
      await Promise.all([first.drop(), second.drop()]);
      place.remove();
    }
  });
});

for (const { kind, fresh, on } of SERVERS) {
  serverSuite(kind, `moving from SQLite to ${kind}`, () => {
    let place: Place;
    let target: Fresh;
    beforeEach(async () => {
      place = newPlace();
      target = await fresh();
    });
    afterEach(async () => {
      await target.drop();
      place.remove();
    });

    it('brings every row, and pending codes, counts and limits go on there', async () => {
      const filled = await fill(`sqlite:${place.database}`);
      const { equal, tables } = await copy(`sqlite:${place.database}`, target.url);
      expect(equal).toBe(true);
      const rows = Object.fromEntries(tables.map((table) => [table.table, table.rows]));
      expect(rows).toMatchObject({
        applications: 1,
        verifications: 3,
        events: 3,
        sends: 3,
        destinations: 3,
      });
      await expectToGoOn(target.url, filled);
    });

    it(
      'brings it home into SQLite again, where pending codes, counts and limits go on',
      { timeout: 180_000 },
      async () => {
        const filled = await fill(target.url);
        const { equal, tables } = await copy(target.url, `sqlite:${place.database}`);
        expect(equal).toBe(true);
        const rows = Object.fromEntries(tables.map((table) => [table.table, table.rows]));
        expect(rows).toMatchObject({ applications: 1, verifications: 3, events: 3, sends: 3, destinations: 3 });
        expect(tables.map(({ table }) => table)).not.toContain('refusals');
        await expectToGoOn(`sqlite:${place.database}`, filled);
        const again = await run(words(target.url, `sqlite:${place.database}`), { env: place.env });
        expect(again).toMatchObject({ exit: 1, err: expect.stringContaining('is not empty') });
      },
    );

    it('goes on where a copy was interrupted, and refuses a database that is not empty', async () => {
      await fill(`sqlite:${place.database}`);
      await copy(`sqlite:${place.database}`, target.url);
      const again = await run(words(`sqlite:${place.database}`, target.url), { env: place.env });
      expect(again).toMatchObject({ exit: 1, err: expect.stringContaining('is not empty') });
      // As a copy leaves it that was killed: begun, and rows missing.
      const application = await run(['keys', 'list', '--json'], { env: place.env });
      expect(application.exit).toBe(0);
      await on(target.url, 'CREATE TABLE transfer (source VARCHAR(200) NOT NULL)');
      await on(target.url, 'INSERT INTO transfer (source) SELECT id FROM applications');
      await on(target.url, 'DELETE FROM events');
      await on(target.url, 'DELETE FROM sends');
      expect((await copy(`sqlite:${place.database}`, target.url)).equal).toBe(true);
    });

    it('tells a row that differs, and ends with 1', async () => {
      await fill(`sqlite:${place.database}`);
      await copy(`sqlite:${place.database}`, target.url);
      await on(target.url, 'CREATE TABLE transfer (source VARCHAR(200) NOT NULL)');
      await on(target.url, 'INSERT INTO transfer (source) SELECT id FROM applications');
      await on(target.url, "UPDATE verifications SET purpose = 'other' WHERE status = 'approved'");
      const { exit, out } = await run(words(`sqlite:${place.database}`, target.url), { env: place.env });
      expect(exit).toBe(1);
      const { equal, tables } = JSON.parse(out) as Verdict;
      expect(equal).toBe(false);
      expect(tables.filter(({ different }) => different > 0)).toMatchObject([{ table: 'verifications', different: 1 }]);
    });
  });
}

/** What {@link fill} left, in a database that it was copied into. */
async function expectToGoOn(databaseUrl: string, filled: Awaited<ReturnType<typeof fill>>): Promise<void> {
  const { pending, code, wrong, approved } = filled;
  const { verify, close } = open(databaseUrl);
  expect(await verify.get(approved)).toMatchObject({ status: 'approved' });
  expect((await verify.search({})).data).toHaveLength(3);
  expect((await verify.search({ to: 'eve@example.com' })).data).toMatchObject([{ id: pending }]);
  expect(await verify.get(pending)).toMatchObject({ checks: 1, checks_remaining: 4 });
  const full = await verify.start({ to: 'full@example.com' });
  expect(full).toMatchObject({ ok: false, problem: { code: 'limit_exceeded' } });
  expect(await verify.check(pending, wrong)).toMatchObject({ result: 'incorrect' });
  expect(await verify.check(pending, code)).toMatchObject({ result: 'approved' });
  await close();
}

function words(from: string, to: string): string[] {
  return ['migrate', '--from', from, '--to', to, '--json'];
}

async function copy(from: string, to: string): Promise<Verdict> {
  const { out, err } = await run(words(from, to), {});
  expect(err).toBe('');
  return JSON.parse(out) as Verdict;
}

function open(databaseUrl: string, email?: Channel): Watchword {
  return createWatchword({
    databaseUrl,
    mode: 'development',
    secret: TEST_SECRET,
    worker: false,
    limits: { destination_sends: { max: 1, window_seconds: 86_400 } },
    policies: { payment: { ttl_seconds: 120 } },
    ...(email === undefined ? {} : { email: [email] }),
  });
}

/** One approved, one pending with a wrong guess, and one whose destination has used up its messages. */
async function fill(databaseUrl: string) {
  const messages: Message[] = [];
  const channel: Channel = {
    name: 'keeper',
    channels: ['email'],
    send: async (message) => {
      messages.push(message);
      return { type: 'accepted', messageId: null };
    },
  };
  const { verify, worker, close } = open(databaseUrl, channel);
  const begin = async (to: string): Promise<{ readonly id: string; readonly code: string }> => {
    const { id } = orThrow(await verify.start({ to }));
    await worker.tick();
    return { id, code: messages.at(-1)?.code.reveal() ?? '' };
  };
  const done = await begin('ann@example.com');
  await verify.check(done.id, done.code);
  const full = await begin('full@example.com');
  await close();
  const later = open(databaseUrl, channel);
  const pending = orThrow(await later.verify.start({ to: 'eve@example.com' }));
  await later.worker.tick();
  const code = messages.at(-1)?.code.reveal() ?? '';
  const wrong = code === '000000' ? '111111' : '000000';
  await later.verify.check(pending.id, wrong);
  await later.close();
  return { pending: pending.id, code, wrong, approved: done.id, full: full.id };
}
