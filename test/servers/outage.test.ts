import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createKey,
  type Env,
  killAll,
  newPlace,
  type Place,
  type Server,
  startServer,
  TEST_SECRET,
} from '../support/process.ts';
import { onMysql, onPostgres, type RealServer, serverSuite, startMariadb, startPostgres } from '../support/servers.ts';

/** A service is back within this after its store is. */
const BACK_MS = 5_000;
const STOP_MS = 10_000;
/** A request ends within this, whatever the store does. */
const ANSWER_MS = 5_500;

const SERVERS = {
  postgres: { launch: () => startPostgres(), create: (url: string) => onPostgres(url, 'CREATE DATABASE app') },
  mariadb: { launch: () => startMariadb(), create: (url: string) => onMysql(url, 'CREATE DATABASE app') },
} as const;

for (const kind of ['postgres', 'mariadb'] as const) {
  serverSuite(kind, `a service whose ${kind} goes away`, () => {
    let database: RealServer;
    let place: Place;
    let env: Env;
    let server: Server;
    let key: string;

    beforeEach(async () => {
      place = newPlace();
      database = await SERVERS[kind].launch();
      await SERVERS[kind].create(database.url);
      env = { ...place.env, DATABASE_URL: appUrl(database.url), WATCHWORD_SECRET: TEST_SECRET };
      server = await startServer({ env, cwd: place.folder });
      key = await createKey(place, 'test', env);
    });
    afterEach(async () => {
      await killAll();
      await database.remove();
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

    it.runIf(kind === 'mariadb')('answers in time and ends in time while its store hangs', async () => {
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

function appUrl(url: string): string {
  return url.endsWith('/postgres') ? url.replace(/\/postgres$/, '/app') : `${url}/app`;
}
