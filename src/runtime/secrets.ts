import type { Settings } from '../config/index.ts';
import { createKeyRing, type KeyRing } from '../crypto/index.ts';
import { besideDatabase, localSecrets } from './local-secrets.ts';

/** The key ring of the settings; development without a secret uses the one kept beside the database. */
export function openKeyRing({ secret, secretPrevious, database }: Settings): KeyRing {
  return createKeyRing({ current: secret ?? localSecrets(besideDatabase(database)).secret, previous: secretPrevious });
}
