import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKey, type Env, killAll, newPlace, type Place, type Server, startServer } from '../support/process.ts';
import {
  freshPostgres,
  onMysql,
  type RealServer,
  serverSuite,
  startMariadb,
  startPostgres,
  startRedis,
} from '../support/servers.ts';

/** A service is back within this after its store is. */
const BACK_MS = 5_000;
const STOP_MS = 10_000;
/** A request ends within this, whatever the store does: two calls in a row may each wait for theirs. */
const ANSWER_MS = 7_000;

interface Away {
  /** What goes away. */
  readonly server: RealServer;
  readonly settings: Env;
  remove(): Promise<void>;
}

const STORES = {
  postgres: async (): Promise<Away> => {
    const server = await startPostgres();
    return { server, settings: { DATABASE_URL: server.url }, remove: () => server.remove() };
  },
  mariadb: async (): Promise<Away> => {
    const server = await startMariadb();
    await onMysql(server.url, 'CREATE DATABASE app');
    return { server, settings: { DATABASE_URL: `${server.url}/app` }, remove: () => server.remove() };
  },
  redis: async (): Promise<Away> => {
    const [server, database] = [await startRedis(), await freshPostgres()];
    const remove = async (): Promise<void> => void (await Promise.all([server.remove(), database.drop()]));
    const settings = { WATCHWORD_STORE: 'redis', REDIS_URL: server.url, DATABASE_URL: database.url };
    return { server, settings, remove };
  },
} as const;

for (const kind of ['postgres', 'mariadb', 'redis'] as const) {
  serverSuite(kind, `a service whose ${kind} goes away`, () => {
    let away: Away;
    let database: RealServer;
    let place: Place;
    let server: Server;
    let key: string;

    beforeEach(async () => {
      place = newPlace();
      away = await STORES[kind]();
      database = away.server;
      const env = { ...place.env, ...away.settings };
      server = await startServer({ env, cwd: place.folder });
      key = await createKey(place, 'test', env);
    });
    afterEach(async () => {
      await killAll();
      await away.remove();
      place.remove();
    });

    const start = () => server.call('POST', '/v1/verifications', { key, body: { to: `a${Math.random()}@b.example` } });

    it('says 503 with Retry-After meanwhile, and works again by itself within five seconds of its return', async () => {
      expect((await start()).status).toBe(201);
      await database.kill();
      const refused = await start();
      expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      const unready = await server.call('GET', '/readyz');
      expect(unready).toMatchObject({
        status: 503,
        body: { checks: { store: { ok: false, reason: expect.stringMatching(/\w/) } } },
      });
      expect(Number(unready.headers['retry-after'])).toBeGreaterThan(0);
      expect((await server.call('GET', '/healthz')).status).toBe(200);
      await database.start();
      const returnedAt = performance.now();
      let answer = await start();
      while (answer.status !== 201) {
        expect(performance.now() - returnedAt, `${answer.text} ${server.out()}`).toBeLessThan(BACK_MS);
        await new Promise((resolve) => setTimeout(resolve, 50));
        answer = await start();
      }
      expect((await server.call('GET', '/readyz')).status).toBe(200);
    });

    it('ends with 0 within ten seconds of SIGTERM while its store is dead', async () => {
      await database.kill();
      const waiting = start();
      const at = performance.now();
      expect(await server.kill('SIGTERM')).toMatchObject({ exit: 0 });
      expect(performance.now() - at).toBeLessThan(STOP_MS);
      expect((await waiting).status).toBe(503);
    });

    it.runIf(kind !== 'postgres')('answers in time and ends in time while its store hangs', async () => {
      const { pid } = database;
      process.kill(pid ?? 0, 'SIGSTOP');
      try {
        const askedAt = performance.now();
        expect((await start()).status).toBe(503);
        expect(performance.now() - askedAt).toBeLessThan(ANSWER_MS);
        const at = performance.now();
        expect(await server.kill('SIGTERM')).toMatchObject({ exit: 0 });
        expect(performance.now() - at).toBeLessThan(STOP_MS);
      } finally {
        process.kill(pid ?? 0, 'SIGCONT');
      }
    });
  });
}
