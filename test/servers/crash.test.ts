import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { withoutCompareAndSwap } from '../support/mutants.ts';
import { killAll } from '../support/process.ts';
import { serverSuite } from '../support/servers.ts';
import { httpGate, storeGate } from './gates.ts';
import { type Counts, type Gate, Ledger, NOTHING_BROKEN, patiently } from './ledger.ts';
import { chosen, CYCLES, SEED } from './numbers.ts';
import { progress, serverOf, tell } from './report.ts';
import { type Services, startServices } from './services.ts';
import { type Scene, type Victim, VICTIMS } from './victims.ts';

const LANES = 12;
const INSTANCES = 2;
const BACK_MS = 5000;
const PATIENCE = { timeout: 60_000 + CYCLES * 15_000 };

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await killAll();
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

for (const victim of chosen(VICTIMS).filter(({ needs }) => needs !== null)) {
  serverSuite(victim.needs, `kill -9 of ${victim.name} under load`, () => serverKills(victim));
}

for (const victim of chosen(VICTIMS)) {
  serverSuite(victim.needs, `kill -9 of one of two services on ${victim.name} under load`, () => serviceKills(victim));
}

function serverKills(victim: Victim): void {
  it(`costs no verdict, ${CYCLES} times`, PATIENCE, async () => {
    const scene = await prepare(victim);
    const gates = await gatesOf(scene);
    const ledger = new Ledger(SEED);
    const from = performance.now();
    let slowestBackMs = 0;
    for (let cycle = 1; cycle <= CYCLES; cycle++) {
      slowestBackMs = Math.max(slowestBackMs, await killServer(scene, gates, ledger));
      progress(`${victim.name}, killing its server`, cycle - 1, cycle, CYCLES);
    }
    tellKills('kill server', victim, ledger, { from, slowestBackMs });
    expectWhole(ledger.counts);
    expect(slowestBackMs).toBeLessThan(BACK_MS);
  });
}

function serviceKills(victim: Victim): void {
  it(`costs no verdict, and no request to the other, ${CYCLES} times`, PATIENCE, async () => {
    const scene = await prepare(victim);
    const services = await startServices(scene.env);
    cleanUps.push(services.remove);
    const ledger = new Ledger(SEED);
    const from = performance.now();
    for (let cycle = 1; cycle <= CYCLES; cycle++) {
      await killService(services, ledger);
      progress(`${victim.name}, killing services`, cycle - 1, cycle, CYCLES);
    }
    tellKills('kill service', victim, ledger, { from });
    expect(services.refused).toEqual([]);
    expectWhole(ledger.counts);
    expect(await isIn(scene, services), 'the services are on this store').toBe(true);
  });
}

function tellKills(
  kind: 'kill server' | 'kill service',
  { name, needs }: Victim,
  { counts }: Ledger,
  { from, ...more }: { readonly from: number; readonly slowestBackMs?: number },
): void {
  const seconds = (performance.now() - from) / 1000;
  tell({ kind, store: name, server: serverOf(needs), seed: SEED, cycles: CYCLES, seconds, ...more, ...counts });
}

async function gatesOf(scene: Scene, mutate: (store: Store) => Store = (store) => store): Promise<readonly Gate[]> {
  const gates: Gate[] = [];
  while (gates.length < INSTANCES) {
    const store = await scene.open();
    cleanUps.push(() => store.close().catch(() => undefined));
    gates.push(storeGate(mutate(store)));
  }
  return gates;
}

async function prepare(victim: Victim): Promise<Scene> {
  const scene = await victim.prepare();
  cleanUps.push(() => scene.remove());
  return scene;
}

function expectWhole(counts: Counts): void {
  expect(counts, `WATCHWORD_SEED=${SEED}`).toMatchObject(NOTHING_BROKEN);
  expect(counts.approved).toBeGreaterThan(CYCLES);
  expect(counts.inDoubt).toBeGreaterThan(0);
}

/** Kills a server under load and starts it again while the load goes on; returns how long the slowest instance then needed, ms. */
async function killServer({ servers }: Scene, gates: readonly Gate[], ledger: Ledger): Promise<number> {
  const server = servers[Math.floor(ledger.random() * servers.length)];
  let over = false;
  const working = ledger.work(gates, LANES, () => over);
  await pause(30 + ledger.random() * 200);
  await server?.kill();
  await pause(ledger.random() * 100);
  await server?.start();
  const back = performance.now();
  await Promise.all(gates.map((gate) => patiently(() => gate.start())));
  const slowest = performance.now() - back;
  await pause(20);
  over = true;
  await working;
  await ledger.look(gates);
  return Math.round(slowest);
}

async function killService({ start, key, running, refused }: Services, ledger: Ledger): Promise<void> {
  const gates = running.map((server) => httpGate(server, key, (what) => refused.push(what)));
  const doomed = Math.floor(ledger.random() * running.length);
  let over = false;
  const working = ledger.work(gates, LANES, () => over);
  await pause(50 + ledger.random() * 200);
  await running[doomed]?.kill('SIGKILL');
  await pause(20);
  over = true;
  await working;
  running[doomed] = await start();
  await ledger.look(running.map((server) => httpGate(server, key, (what) => refused.push(what))));
}

/** Whether what a service starts is found in the store itself. */
async function isIn(scene: Scene, { running, key }: Services): Promise<boolean> {
  const [first] = running;
  if (first === undefined) return false;
  const id = await httpGate(first, key, () => undefined).start();
  const store = await scene.open();
  const { record } = await store.verifications.get(id);
  await store.close();
  return record !== null;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe('the books of a crash', () => {
  const [sqlite] = VICTIMS;

  it('show a store that forgets to compare the version', async () => {
    if (sqlite === undefined) return;
    const gates = await gatesOf(await prepare(sqlite), withoutCompareAndSwap);
    const ledger = new Ledger(SEED);
    let over = false;
    const working = ledger.work(gates, LANES, () => over);
    await pause(500);
    over = true;
    await working;
    await ledger.look(gates);
    expect(ledger.counts.doubleAccepts).toBeGreaterThan(0);
    expect(ledger.counts.extraGuesses).toBeGreaterThan(0);
  });
});

serverSuite('postgres', 'the books of a killed server', () => {
  it('show a store that answers a start before it is durable', PATIENCE, async () => {
    const postgres = VICTIMS.find(({ needs }) => needs === 'postgres');
    if (postgres === undefined) return;
    const scene = await prepare(postgres);
    const ledger = new Ledger(SEED);
    await killServer(scene, await gatesOf(scene, answeringBeforeCommit), ledger);
    expect(ledger.counts.lostStarts).toBeGreaterThan(0);
  });
});

function answeringBeforeCommit(store: Store): Store {
  const { verifications } = store;
  return {
    ...store,
    verifications: {
      ...verifications,
      async insert(record, changes) {
        setTimeout(() => verifications.insert(record, changes).catch(() => undefined), 50);
        return { type: 'inserted' };
      },
    },
  };
}
