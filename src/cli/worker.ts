import { compose } from '../compose.ts';
import { noteVerdictPlace } from '../runtime/verdict-place.ts';
import type { Given } from './command.ts';
import { EXITS } from './exit.ts';
import { closingOnFailure, loadSettings, refuseWrongClock } from './open.ts';
import type { Output } from './output.ts';
import { servingEnvironment } from './serving.ts';
import { stopSignal } from './signals.ts';

const STOP_MS = 8_000;

/** Delivers, expires and purges until a signal stops it. */
export async function worker(_given: Given, output: Output): Promise<number> {
  const settings = loadSettings();
  const { env, logger } = servingEnvironment(settings, output.json);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const composition = await compose({ settings, env, print });
  await closingOnFailure(composition, async () => {
    await refuseWrongClock(composition);
    await noteVerdictPlace(settings, composition.database, env);
  });
  composition.service.worker.start();
  env.log({ event: 'worker.ready', level: 'info' });
  // Neither timers nor the database keep a process alive: this one does, until it is told to stop.
  const alive = setInterval(() => undefined, 2 ** 30);
  const signal = await stopSignal();
  env.log({ event: 'worker.stopping', level: 'info', signal });
  await composition.service.worker.stop(STOP_MS);
  await composition.close();
  clearInterval(alive);
  logger.flush();
  return EXITS.ok.code;
}
