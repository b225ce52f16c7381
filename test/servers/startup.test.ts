import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Env, killAll, newPlace, type Place, run, TEST_SECRET } from '../support/process.ts';
import {
  type Fresh,
  freshMariadb,
  freshPostgres,
  freshRedis,
  onMysql,
  onPostgres,
  type RealServer,
  serverSuite,
  startMariadb,
  startPostgres,
  startRedis,
} from '../support/servers.ts';

const UNAVAILABLE = 69;
const CONFIG = 78;

let place: Place;
beforeEach(() => {
  place = newPlace();
});
afterEach(async () => {
  await killAll();
  place.remove();
});

/** `serve` with these settings ends at once, with one sentence that names the setting and says what to do. */
async function expectRefusal(env: Env, told: readonly RegExp[], exit = UNAVAILABLE): Promise<void> {
  const settings = { ...place.env, WATCHWORD_SECRET: TEST_SECRET, PORT: '0', ...env };
  const ended = await run(['serve'], { env: settings, cwd: place.folder });
  expect(ended).toMatchObject({ exit, out: '' });
  for (const words of told) expect(ended.err).toMatch(words);
  expect(ended.err).not.toMatch(/hunter2|\n {4}at /);
  const { exit: examined, out } = await run(['doctor'], { env: settings, cwd: place.folder });
  expect(examined).toBe(1);
  expect(out).toMatch(/FAIL .*\n +→ \w/);
  expect(out).not.toContain('hunter2');
}

function as(url: string, user: string): string {
  const parsed = new URL(url);
  [parsed.username = '', parsed.password = ''] = user.split(':');
  return parsed.href;
}

serverSuite('postgres', 'starting on a PostgreSQL that will not do', () => {
  let database: Fresh;
  beforeEach(async () => {
    database = await freshPostgres();
  });
  afterEach(() => database.drop());

  it('tells an address where nobody listens', () =>
    expectRefusal({ DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/codes' }, [
      /DATABASE_URL/,
      /Start it, or correct/,
    ]));

  it('tells a database that is not there', () =>
    expectRefusal({ DATABASE_URL: `${database.url}_not` }, [/DATABASE_URL does not exist/, /Create it/]));

  it('tells a right on the tables that is missing', async () => {
    await onPostgres(database.url, "CREATE ROLE weak_one LOGIN PASSWORD 'hunter2'");
    expect((await run(['migrate'], { env: { ...place.env, DATABASE_URL: database.url } })).exit).toBe(0);
    await expectRefusal({ DATABASE_URL: as(database.url, 'weak_one:hunter2') }, [/DATABASE_URL/, /right/, /Grant it/]);
  });

  it.each(['INSERT ON documents', 'UPDATE ON applications', 'DELETE ON idempotency'])(
    'tells the one right that is missing: %s',
    async (right) => {
      await onPostgres(database.url, "DROP ROLE IF EXISTS almost; CREATE ROLE almost LOGIN PASSWORD 'hunter2'");
      expect((await run(['migrate'], { env: { ...place.env, DATABASE_URL: database.url } })).exit).toBe(0);
      await onPostgres(database.url, `GRANT ALL ON ALL TABLES IN SCHEMA public TO almost; REVOKE ${right} FROM almost`);
      const told = new RegExp(`DATABASE_URL.* lacks ${right.replace('ON', 'on table')}\\. Grant it`);
      await expectRefusal({ DATABASE_URL: as(database.url, 'almost:hunter2') }, [told]);
      await onPostgres(database.url, 'DROP OWNED BY almost; DROP ROLE almost');
    },
  );

  it('tells a database that is read-only', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await onPostgres(database.url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await expectRefusal({ DATABASE_URL: database.url }, [/DATABASE_URL is read-only/, /Connect to the primary/]);
  });

  it('tells a disk that is full, which shows in writes alone', async () => {
    const env = { ...place.env, WATCHWORD_SECRET: TEST_SECRET, DATABASE_URL: database.url };
    expect((await run(['migrate'], { env })).exit).toBe(0);
    expect((await run(['doctor'], { env, cwd: place.folder })).exit).toBe(0);
    expect(await onPostgres(database.url, 'SELECT 1 FROM idempotency')).toEqual([]);
    const refuse = "BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END";
    await onPostgres(database.url, `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$${refuse}$$`);
    await onPostgres(
      database.url,
      'CREATE TRIGGER full_disk BEFORE INSERT ON idempotency EXECUTE FUNCTION full_disk()',
    );
    const { exit, out } = await run(['doctor'], { env, cwd: place.folder });
    expect(exit).toBe(1);
    expect(out).toMatch(/FAIL +store +The disk of the database server is full\.\n +→ Free space/);
  });

  it('tells a schema of a newer release', async () => {
    expect((await run(['migrate'], { env: { ...place.env, DATABASE_URL: database.url } })).exit).toBe(0);
    await onPostgres(database.url, "INSERT INTO schema_migrations VALUES (999, 'later', 999, 0)");
    await expectRefusal({ DATABASE_URL: database.url }, [
      /DATABASE_URL/,
      /upgraded by a newer release/,
      /upgrade this one/,
    ]);
  });

  it('refuses a schema that is not there in production, and says how to make it', () =>
    expectRefusal(
      {
        DATABASE_URL: database.url,
        WATCHWORD_MODE: 'production',
        WATCHWORD_EMAIL: 'smtp://127.0.0.1:1?from=a@b.example',
      },
      [/older version/, /watchword migrate/],
      CONFIG,
    ));

  it('refuses a server that would forget its commits in a crash', async () => {
    const server = await startPostgres({ settings: { fsync: 'off' } });
    try {
      await expectRefusal({ DATABASE_URL: server.url }, [/DATABASE_URL/, /fsync = off/, /Set fsync = on/]);
    } finally {
      await server.remove();
    }
  });
});

serverSuite('mariadb', 'starting on a MariaDB that will not do', () => {
  it('tells a wrong password, and a database that is not there', async () => {
    const database = await freshMariadb();
    const { pathname } = new URL(database.url);
    await onMysql(database.url, "CREATE USER IF NOT EXISTS 'strict_one'@'%' IDENTIFIED BY 'right'");
    await onMysql(database.url, `GRANT ALL ON ${pathname.slice(1)}.* TO 'strict_one'@'%'`);
    await expectRefusal({ DATABASE_URL: as(database.url, 'strict_one:hunter2') }, [/DATABASE_URL/, /password/]);
    await expectRefusal({ DATABASE_URL: `${database.url}_not` }, [/DATABASE_URL/, /does not exist/, /Create it/]);
    await database.drop();
  });

  it('ends with what was missing, also where only the first writes find out', async () => {
    const database = await freshMariadb();
    const name = new URL(database.url).pathname.slice(1);
    expect((await run(['migrate'], { env: { ...place.env, DATABASE_URL: database.url } })).exit).toBe(0);
    await onMysql(database.url, "CREATE OR REPLACE USER 'almost'@'%' IDENTIFIED BY 'hunter2'");
    await onMysql(database.url, `GRANT SELECT ON ${name}.* TO 'almost'@'%'`);
    await onMysql(database.url, `GRANT INSERT, UPDATE, DELETE ON ${name}.devices TO 'almost'@'%'`);
    const env = { ...place.env, WATCHWORD_SECRET: TEST_SECRET, PORT: '0' };
    const ended = await run(['serve'], { env: { ...env, DATABASE_URL: as(database.url, 'almost:hunter2') } });
    expect(ended).toMatchObject({
      exit: UNAVAILABLE,
      err: expect.stringMatching(/lacks the right to INSERT.*Grant it/),
    });
    await database.drop();
  });

  it('refuses a server that would forget its commits in a crash', async () => {
    const server = await startMariadb({ args: ['--innodb-flush-log-at-trx-commit=2'] });
    try {
      await onMysql(server.url, 'CREATE DATABASE codes');
      await expectRefusal({ DATABASE_URL: `${server.url}/codes` }, [/DATABASE_URL/, /innodb_flush_log_at_trx_commit/]);
    } finally {
      await server.remove();
    }
  });
});

serverSuite('redis', 'starting on a Redis that will not do', () => {
  let weak: RealServer;
  let database: Fresh;
  beforeEach(async () => {
    database = await freshPostgres();
    weak = await startRedis({ settings: { appendfsync: 'everysec' } });
  });
  afterEach(async () => {
    await weak.remove();
    await database.drop();
  });

  it('names the durability that is too weak, and starts when it is accepted', async () => {
    const env = { DATABASE_URL: database.url, REDIS_URL: weak.url, WATCHWORD_STORE: 'redis' };
    await expectRefusal(env, [/REDIS_URL/, /appendfsync "everysec"/, /WATCHWORD_REDIS_DURABILITY=relaxed/]);
    const accepted = { ...place.env, ...env, WATCHWORD_REDIS_DURABILITY: 'relaxed' };
    const { exit, out } = await run(['doctor'], { env: accepted, cwd: place.folder });
    expect(exit).toBe(0);
    for (const name of ['database', 'schema', 'clock', 'queue', 'redis', 'redis memory', 'recorder']) {
      expect(out).toMatch(new RegExp(`^(ok|warn) +${name} `, 'm'));
    }
  });

  it('tells a Redis that is not there', async () => {
    const env = { DATABASE_URL: database.url, REDIS_URL: 'redis://:hunter2@127.0.0.1:1', WATCHWORD_STORE: 'redis' };
    await expectRefusal(env, [/REDIS_URL/, /cannot be reached/]);
  });

  it('starts without the Redis that only holds rates, and doctor tells', async () => {
    const redis = await freshRedis();
    const env = { ...place.env, DATABASE_URL: database.url };
    const away = await run(['doctor'], { env: { ...env, REDIS_URL: 'redis://127.0.0.1:1' }, cwd: place.folder });
    expect(away).toMatchObject({ exit: 1, out: expect.stringMatching(/FAIL +redis +Redis cannot be reached/) });
    const there = await run(['doctor'], { env: { ...env, REDIS_URL: redis.url }, cwd: place.folder });
    expect(there).toMatchObject({ exit: 0, out: expect.stringMatching(/ok +redis +[\d.]+ answers/) });
    await redis.drop();
  });
});
