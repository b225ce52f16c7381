import { afterEach, expect, it } from 'vitest';
import { serverSuite } from '../support/servers.ts';
import { afterwards, cleanUp, expectWhole, PATIENCE, pause, prepare, underLoad } from './crash.ts';
import { httpGate } from './gates.ts';
import { Ledger } from './ledger.ts';
import { chosen, CYCLES, SEED } from './numbers.ts';
import { progress } from './report.ts';
import { type Services, startServices } from './services.ts';
import { type Scene, VICTIMS } from './victims.ts';

afterEach(cleanUp);

for (const victim of chosen(VICTIMS)) {
  serverSuite(victim.needs, `kill -9 of one of two services on ${victim.name} under load`, () => {
    it(`costs no verdict, and no request to the other, ${CYCLES} times`, PATIENCE, async () => {
      const scene = await prepare(victim);
      const services = await startServices(scene.env);
      afterwards(services.remove);
      const ledger = new Ledger(SEED);
      const from = performance.now();
      for (let cycle = 1; cycle <= CYCLES; cycle++) {
        await killService(services, ledger);
        progress(`${victim.name}, killing services`, cycle - 1, cycle, CYCLES);
      }
      expectWhole('kill service', victim, ledger.counts, { from });
      expect(services.refused).toEqual([]);
      expect(await isIn(scene, services), 'the services are on this store').toBe(true);
    });
  });
}

/** Kills one of two services under load, starts another in its place, and looks at what was left. */
async function killService({ start, key, running, refused }: Services, ledger: Ledger): Promise<void> {
  const doomed = Math.floor(ledger.random() * running.length);
  const gates = running.map((server, index) =>
    httpGate(server, key, (what, wasAnswered) => {
      if (wasAnswered || index !== doomed) refused.push(what);
    }),
  );
  await underLoad(gates, ledger, async () => {
    await pause(50 + ledger.random() * 200);
    await running[doomed]?.kill('SIGKILL');
    await pause(20);
  });
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
