import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMysqlStore } from '../../src/stores/mysql/index.ts';
import { openPostgresStore } from '../../src/stores/postgres/index.ts';
import { openRedisStore } from '../../src/stores/redis/index.ts';
import { openConnection } from '../../src/stores/sqlite/connection.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import type { FakeClock, FreshData } from '../../src/testing/index.ts';
import {
  freshMariadb,
  freshPostgres,
  freshRedis,
  onMysql,
  onPostgres,
  onRedis,
  type RealCluster,
  type ServerKind,
  startRedisCluster,
} from '../support/servers.ts';
import { withTasks } from './tasks.ts';

/** A store as the public suites meet it. */
export interface Driver {
  readonly id: string;
  readonly name: string;
  /** The real server it needs; null = none. */
  readonly needs: ServerKind | null;
  readonly fresh: FreshData;
}

/** What grows or stays on purpose: totals outlive every purge, the rest is one row or one per policy. */
const KEPT = ['totals', 'clock', 'schema_migrations', 'applications', 'policies', 'policy_snapshots'];

/** Every driver; one more is one more line here and its function below. */
export const DRIVERS: readonly Driver[] = [
  { id: 'sqlite', name: 'SQLite', needs: null, fresh: sqlite },
  { id: 'postgres', name: 'PostgreSQL', needs: 'postgres', fresh: postgres },
  { id: 'mariadb', name: 'MariaDB', needs: 'mariadb', fresh: () => mysql('mariadb') },
  { id: 'mysql', name: 'MySQL', needs: 'mysql', fresh: () => mysql('mysql') },
  { id: 'redis', name: 'Redis', needs: 'redis', fresh: redis },
  { id: 'redis-cluster', name: 'Redis Cluster', needs: 'redis', fresh: redisCluster },
];

async function sqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'watchword-driver-'));
  const path = join(folder, 'watchword.db');
  const first = await openSqliteStore({ path });
  await first.migrations.migrate();
  await first.close();
  return {
    open: (_clock: FakeClock, hostClock: FakeClock) => openSqliteStore({ path, now: hostClock.now }),
    openSqlite: (clock: FakeClock) => openSqliteStore({ path, now: clock.now }),
    async count() {
      const connection = await openConnection(path);
      const tables = connection.sql("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
      const counts = tables
        .filter(({ name }) => !KEPT.includes(name) && !name.startsWith('sqlite_'))
        .map(({ name }) => (connection.sql(`SELECT count(*) AS rows FROM "${name}"`).get() as { rows: number }).rows);
      connection.close();
      return counts.reduce((sum, rows) => sum + rows, 0);
    },
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

async function postgres(): ReturnType<FreshData> {
  const { url, drop } = await freshPostgres();
  const first = await openPostgresStore({ url });
  await first.migrations.migrate();
  await first.close();
  return {
    open: (clock, hostClock) => openPostgresStore({ url, now: clock.now, hostNow: hostClock.now }),
    async count() {
      const tables = await onPostgres(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
      let sum = 0;
      for (const { tablename } of tables as { tablename: string }[]) {
        if (KEPT.includes(tablename)) continue;
        const [row] = await onPostgres(url, `SELECT count(*)::int AS rows FROM "${tablename}"`);
        sum += (row as { rows: number }).rows;
      }
      return sum;
    },
    remove: drop,
  };
}

async function mysql(kind: 'mariadb' | 'mysql'): ReturnType<FreshData> {
  const { url, drop } = await freshMariadb(kind);
  const first = await openMysqlStore({ url });
  await first.migrations.migrate();
  await first.close();
  return {
    open: (clock, hostClock) => openMysqlStore({ url, now: clock.now, hostNow: hostClock.now }),
    async count() {
      const tables = (await onMysql(url, 'SHOW TABLES')) as Record<string, string>[];
      let sum = 0;
      for (const name of tables.flatMap((row) => Object.values(row))) {
        if (KEPT.includes(name)) continue;
        const [row] = (await onMysql(url, `SELECT count(*) AS count FROM \`${name}\``)) as { count: number }[];
        sum += row?.count ?? 0;
      }
      return sum;
    },
    remove: drop,
  };
}

async function redis(): ReturnType<FreshData> {
  const { url, drop } = await freshRedis();
  return onRedisAt(url, drop);
}

let cluster: Promise<RealCluster> | null = null;
let prefixes = 0;
// The cluster of this file; it starts when the first test needs it, and dies with the worker.
async function redisCluster(): ReturnType<FreshData> {
  cluster ??= startRedisCluster();
  const { url, nodes, flush } = await cluster;
  return onRedisAt(
    url,
    flush,
    nodes.map((node) => node.url),
  );
}

/** Verdicts in Redis, records in SQLite, and the recorder at work beside every instance. */
async function onRedisAt(url: string, drop: () => Promise<void>, nodes = [url]): ReturnType<FreshData> {
  const records = await sqlite();
  const prefix = `t${++prefixes}`;
  return {
    async open(clock, hostClock) {
      // The records go by the time of the verdicts.
      const sql = await records.openSqlite(clock);
      return withTasks(await openRedisStore({ url, sql, prefix, now: clock.now, hostNow: hostClock.now }));
    },
    count: async () => (await records.count()) + (await lasting(nodes)),
    async remove() {
      await drop();
      await records.remove();
    },
  };
}

/** How many keys have no end. A shard's stream and a queue's own book-keeping are as many however much comes. */
async function lasting(nodes: readonly string[]): Promise<number> {
  let count = 0;
  for (const node of nodes) {
    for (const key of (await onRedis(node, 'KEYS', '*')) as string[]) {
      if (!/\}e$|bull|:/.test(key) && (await onRedis(node, 'PTTL', key)) === -1) count += 1;
    }
  }
  return count;
}
