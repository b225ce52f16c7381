import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import { storeContract } from '../../src/testing/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-'));
let files = 0;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

storeContract(
  'SQLite',
  async (clock) => {
    const store = await openSqliteStore({ path: join(folder, `${files++}.db`), now: clock.now });
    await store.migrations.migrate();
    return store;
  },
  { describe, it, expect },
);
