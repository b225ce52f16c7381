import type { Given } from './command.ts';
import { naming, openDatabase } from '../runtime/open-store.ts';
import { EXITS } from './exit.ts';
import { commandEnvironment, loadSettings } from './open.ts';
import type { Output } from './output.ts';

/** Applies what the schema lacks; safe to run from several processes. With `--from` or `--to` copies a whole database. */
export async function migrate(given: Given, output: Output): Promise<number> {
  if (given.values['from'] !== undefined || given.values['to'] !== undefined) {
    return await (await import('./transfer.ts')).transfer(given, output);
  }
  const store = await openDatabase(loadSettings(), commandEnvironment(output));
  try {
    const applied = await naming('DATABASE_URL', () => store.migrations.migrate());
    const line = applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
    output.result({ applied }, [line]);
  } finally {
    await store.close();
  }
  return EXITS.ok.code;
}
