import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMysqlStore } from '../../src/stores/mysql/index.ts';
import { storeContract } from '../../src/testing/index.ts';
import { serverStoreSuite } from '../support/server-store-suite.ts';
import { type Fresh, freshMariadb, onMysql, serverSuite, type ServerKind } from '../support/servers.ts';

for (const [kind, title] of [
  ['mariadb', 'MariaDB'],
  ['mysql', 'MySQL'],
] as const) {
  serverSuite(kind, `a store on ${title}`, () => storeSuite(kind, title));
}

/** The promises of every store, each test in a database of its own. */
function storeSuite(kind: Extract<ServerKind, 'mariadb' | 'mysql'>, title: string): void {
  const places = new Set<string>();
  let server: Fresh;
  let serial = 0;

  beforeAll(async () => {
    server = await freshMariadb(kind);
  });
  afterAll(async () => {
    for (const place of places) await onMysql(server.url, `DROP DATABASE ${nameOf(place)}`);
    await server.drop();
  });

  const nameOf = (url: string): string => new URL(url).pathname.slice(1);
  const fresh = (): string => `${server.url}_${serial++}`;
  const open: typeof openMysqlStore = async (options) => {
    if (!places.has(options.url)) await onMysql(server.url, `CREATE DATABASE IF NOT EXISTS ${nameOf(options.url)}`);
    places.add(options.url);
    return openMysqlStore(options);
  };

  storeContract(
    title,
    async (clock) => {
      const store = await open({ url: fresh(), now: clock.now });
      await store.migrations.migrate();
      return store;
    },
    { describe, it, expect },
  );

  serverStoreSuite(title, { fresh, open, run: onMysql });
}
