import type { Composition } from '../compose.ts';
import type { Settings } from '../config/index.ts';
import { secret } from '../core/redacted.ts';
import { besideDatabase, keepTestKey, localSecrets } from '../runtime/local-secrets.ts';
import { refusal } from './failure.ts';
import { findApplication } from './open.ts';

/** The test key that development shows: the one kept beside the database while it works, else a new one. */
export async function developmentTestKey(composition: Composition, { database }: Settings): Promise<string> {
  const path = besideDatabase(database);
  const kept = localSecrets(path).testKey?.reveal() ?? null;
  if (kept !== null && (await composition.service.keys.authenticate(kept)) !== null) return kept;
  const application = await findApplication(composition);
  const made = await composition.service.keys.create(application, {
    mode: 'test',
    scopes: ['send', 'check', 'read', 'admin'],
    name: 'development',
  });
  if (!made.ok) throw refusal(made.problem);
  const key = made.value.key ?? '';
  keepTestKey(path, secret(key));
  return key;
}
