import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { findBadHistory, seeded } from '../../src/testing/index.ts';
import { withoutCompareAndSwap } from '../support/mutants.ts';
import { serverSuite } from '../support/servers.ts';
import { afterwards, cleanUp, expectWhole, PATIENCE, pause, prepare, underLoad } from './crash.ts';
import { storeGate } from './gates.ts';
import { type Gate, Ledger, patiently } from './ledger.ts';
import { chosen, CYCLES, SEED } from './numbers.ts';
import { progress } from './report.ts';
import { type Scene, VICTIMS } from './victims.ts';

const INSTANCES = 2;
const KILLED_HISTORIES = Math.ceil(CYCLES / 4);
/** A store answers again within five seconds of its server's return. */
const BACK_MS = 5000;

afterEach(cleanUp);

for (const victim of chosen(VICTIMS).filter(({ needs }) => needs !== null)) {
  serverSuite(victim.needs, `kill -9 of ${victim.name} under load`, () => {
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
      expectWhole('kill server', victim, ledger.counts, { from, slowestBackMs });
      expect(slowestBackMs).toBeLessThan(BACK_MS);
    });

    it(`leaves histories that an order explains, ${KILLED_HISTORIES} times`, PATIENCE, async () => {
      const scene = await prepare(victim);
      const stores = [await opened(scene), await opened(scene)];
      const gates = stores.map((store) => storeGate(store));
      const random = seeded(SEED);
      const disturb = async (): Promise<void> => {
        const server = scene.servers[Math.floor(random() * scene.servers.length)];
        await pause(random() * 15);
        await server?.kill();
        await server?.start();
        for (const store of stores)
          await patiently(() => store.verifications.time().then(() => store.verifications.due(0, 1)));
        // Writing goes over a connection of its own, and what comes next begins with a write.
        for (const gate of gates) await patiently(() => gate.start());
      };
      const now = (await stores[0]?.verifications.time()) ?? 0;
      const { showsUnkept = false } = victim;
      const options = { seed: SEED, histories: KILLED_HISTORIES, disturb, showsUnkept };
      expect(await findBadHistory(stores, now, options)).toBe(null);
    });
  });
}

async function gatesOf(scene: Scene, mutate: (store: Store) => Store = (store) => store): Promise<readonly Gate[]> {
  const gates: Gate[] = [];
  while (gates.length < INSTANCES) {
    gates.push(storeGate(mutate(await opened(scene))));
  }
  return gates;
}

async function opened(scene: Scene): Promise<Store> {
  const store = await scene.open();
  afterwards(() => store.close().catch(() => undefined));
  return store;
}

/** Kills a server under load and starts it again while the load goes on; returns how long the slowest instance then needed, ms. */
async function killServer({ servers }: Scene, gates: readonly Gate[], ledger: Ledger): Promise<number> {
  const server = servers[Math.floor(ledger.random() * servers.length)];
  const slowest = await underLoad(gates, ledger, async () => {
    await pause(30 + ledger.random() * 200);
    await server?.kill();
    await pause(ledger.random() * 100);
    await server?.start();
    const back = performance.now();
    await Promise.all(gates.map((gate) => patiently(() => gate.start())));
    const backMs = performance.now() - back;
    await pause(20);
    return backMs;
  });
  await ledger.look(gates);
  return Math.round(slowest);
}

describe('the books of a crash', () => {
  it('show a store that forgets to compare the version', async () => {
    const gates = await gatesOf(await sceneOf('sqlite'), withoutCompareAndSwap);
    const ledger = new Ledger(SEED);
    await underLoad(gates, ledger, () => pause(500));
    await ledger.look(gates);
    expect(ledger.counts.doubleAccepts).toBeGreaterThan(0);
    expect(ledger.counts.extraGuesses).toBeGreaterThan(0);
  });
});

serverSuite('postgres', 'the books of a killed server', () => {
  it('show a store that answers before its commit', PATIENCE, async () => {
    const scene = await sceneOf('postgres');
    const ledger = new Ledger(SEED);
    await killServer(scene, await gatesOf(scene, answeringBeforeCommit), ledger);
    expect(ledger.counts.lostStarts).toBeGreaterThan(0);
  });
});

function sceneOf(id: string): Promise<Scene> {
  const victim = VICTIMS.find((one) => one.id === id);
  if (victim === undefined) throw new Error(`there is no ${id}`);
  return prepare(victim);
}

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
