import { expect, it } from 'vitest';
import { onFreshData, runRaces } from '../../src/testing/index.ts';
import { serverSuite } from '../support/servers.ts';
import { type Driver, DRIVERS } from './drivers.ts';
import { ATTEMPTS, chosen, SEED } from './numbers.ts';
import { progress, serverOf, tell } from './report.ts';

const PATIENCE = { timeout: 60_000 + ATTEMPTS * 30 };

for (const driver of chosen(DRIVERS)) {
  serverSuite(driver.needs, `races on ${driver.name}`, () => races(driver));
}

function races({ name, needs, fresh }: Driver): void {
  it(`over two instances, with ${ATTEMPTS} codes, have one winner and no extra guess`, PATIENCE, () =>
    onFreshData(fresh, expect, async ({ open }) => {
      const from = performance.now();
      let last = 0;
      const report = await runRaces([await open(), await open()], {
        seed: SEED,
        attempts: ATTEMPTS,
        onProgress: (attempts) => {
          progress(`${name}, races`, last, attempts, ATTEMPTS);
          last = attempts;
        },
      });
      tell({
        kind: 'races',
        store: name,
        server: serverOf(needs),
        seed: SEED,
        seconds: (performance.now() - from) / 1000,
        ...report,
      });
      expect(report).toMatchObject({ doubleAccepts: 0, extraGuesses: 0, lostVerdicts: 0 });
      expect(report.attempts).toBeGreaterThanOrEqual(ATTEMPTS);
      expect(report.approved).toBeGreaterThan(0);
    }),
  );
}
