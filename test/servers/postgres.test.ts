import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/stores/postgres/index.ts';
import { storeContract } from '../../src/testing/index.ts';
import { serverStoreSuite } from '../support/server-store-suite.ts';
import { type Fresh, freshPostgres, onPostgres, serverSuite } from '../support/servers.ts';

serverSuite('postgres', 'a store', () => {
  let database: Fresh;
  let schemas = 0;

  beforeAll(async () => {
    database = await freshPostgres();
  });
  afterAll(() => database.drop());

  /** A schema of its own for each store: faster than a database. */
  function fresh(): string {
    return `${database.url}?schema=s${schemas++}`;
  }

  storeContract(
    'PostgreSQL',
    async (clock) => {
      const store = await openPostgresStore({ url: fresh(), now: clock.now });
      await store.migrations.migrate();
      return store;
    },
    { describe, it, expect },
  );

  serverStoreSuite('PostgreSQL', {
    fresh,
    open: openPostgresStore,
    run: (url, sql) => {
      const schema = new URL(url).searchParams.get('schema') ?? 'public';
      return onPostgres(database.url, `SET search_path TO ${schema}; ${sql}`);
    },
  });
});
