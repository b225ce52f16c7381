import { afterEach, expect, it } from 'vitest';
import { createClient } from '../support/client.ts';
import { killAll, type Server } from '../support/process.ts';
import { freshPostgres, serverSuite } from '../support/servers.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { httpGate } from './gates.ts';
import { ROLLED_REQUESTS, ROLLS } from './numbers.ts';
import { serverOf, tell } from './report.ts';
import { type Services, startServices } from './services.ts';

const LANES = 8;
/** A slow machine answers some dozens of requests a second. */
const PATIENCE = { timeout: 30_000 + ROLLS * 30_000 + ROLLED_REQUESTS * 20 };

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await killAll();
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Two services behind a balancer, on one PostgreSQL. */
async function behindBalancer(): Promise<{ services: Services; balancer: Balancer }> {
  const { url, drop } = await freshPostgres();
  cleanUps.push(drop);
  const services = await startServices({ DATABASE_URL: url });
  cleanUps.push(services.remove);
  const balancer = await startBalancer(services.running.map(({ port }) => port));
  cleanUps.push(balancer.close);
  return { services, balancer };
}

interface Load {
  readonly counts: { requests: number; readonly failed: string[] };
  /** Resolves once so many requests were made. */
  reached(requests: number): Promise<void>;
  stop(): Promise<void>;
}

/** People with kept connections start and check until told to stop. */
function load(url: string, key: string): Load {
  const client = createClient(url, LANES);
  cleanUps.push(async () => client.close());
  const counts = { requests: 0, failed: [] as string[] };
  const waiting: { at: number; told: () => void }[] = [];
  let isOver = false;
  const gate = httpGate(client, key, (what) => counts.failed.push(what));
  const asked = async (ask: Promise<string>): Promise<string> => {
    counts.requests += 1;
    for (const { at, told } of waiting) if (counts.requests >= at) told();
    return ask.catch((error: unknown) => {
      counts.failed.push(String(error));
      return '';
    });
  };
  const lane = async (): Promise<void> => {
    while (!isOver) {
      const id = await asked(gate.start());
      if (id === '') continue;
      const answers = [await asked(gate.check(id, 'wrong')), await asked(gate.check(id, 'right'))];
      if (answers.join() !== 'incorrect,approved') counts.failed.push(answers.join());
    }
  };
  const lanes = Promise.all(Array.from({ length: LANES }, lane));
  return {
    counts,
    reached: (at) => new Promise((told) => (counts.requests >= at ? told() : waiting.push({ at, told }))),
    async stop() {
      isOver = true;
      await lanes;
    },
  };
}

/** Ends one service after the other and starts another in its place, waiting each time until it takes part. */
async function roll(
  { running, start }: Services,
  balancer: Balancer,
  end: (server: Server) => Promise<unknown>,
): Promise<void> {
  for (const [index, { port }] of running.entries()) {
    const old = running[index];
    if (old === undefined) continue;
    await end(old);
    running[index] = await start(port);
    await balancer.ready(port);
  }
}

serverSuite('postgres', 'two services behind a balancer', () => {
  it(`fail no request in ${ROLLS} rolling restarts under load`, PATIENCE, async () => {
    const { services, balancer } = await behindBalancer();
    const from = performance.now();
    const loading = load(balancer.url, services.key);
    for (let rolls = 0; rolls < ROLLS; rolls++) {
      await loading.reached((ROLLED_REQUESTS * rolls) / ROLLS);
      await roll(services, balancer, async (server) => expect(await server.kill('SIGTERM')).toMatchObject({ exit: 0 }));
    }
    await loading.reached(ROLLED_REQUESTS);
    await loading.stop();
    const { requests, failed } = loading.counts;
    const seconds = (performance.now() - from) / 1000;
    tell({
      kind: 'roll',
      store: 'PostgreSQL',
      server: serverOf('postgres'),
      seed: 0,
      seconds,
      rolls: ROLLS,
      requests,
      failed: failed.length,
    });
    expect(failed).toEqual([]);
    expect(requests).toBeGreaterThan(ROLLS * 100);
  });

  it('would show services that end without notice', PATIENCE, async () => {
    const { services, balancer } = await behindBalancer();
    const loading = load(balancer.url, services.key);
    await roll(services, balancer, (server) => server.kill('SIGKILL'));
    await loading.stop();
    expect(loading.counts.failed.length).toBeGreaterThan(0);
  });
});
