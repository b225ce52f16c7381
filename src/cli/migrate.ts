import { openStore } from '../compose.ts';
import type { Given } from './command.ts';
import { EXITS } from './exit.ts';
import { commandEnvironment, loadSettings } from './open.ts';
import type { Output } from './output.ts';

/** Applies what the schema lacks; safe to run from several processes. */
export async function migrate(_given: Given, output: Output): Promise<number> {
  const store = await openStore(loadSettings(), commandEnvironment(output));
  try {
    const applied = await store.migrations.migrate();
    const line = applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
    output.result({ applied }, [line]);
  } finally {
    await store.close();
  }
  return EXITS.ok.code;
}
