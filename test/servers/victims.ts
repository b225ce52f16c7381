import type { Store } from '../../src/ports/store.ts';
import { openMysqlStore } from '../../src/stores/mysql/index.ts';
import { openPostgresStore } from '../../src/stores/postgres/index.ts';
import { openRedisStore } from '../../src/stores/redis/index.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import type { Env } from '../support/process.ts';
import { newPlace } from '../support/process.ts';
import {
  freshPostgres,
  onMysql,
  startMariadb,
  startMysql,
  type RealServer,
  type ServerKind,
  startPostgres,
  startRedis,
  startRedisCluster,
} from '../support/servers.ts';
import { withTasks } from './tasks.ts';

/** A store on servers of its own, which may be killed. */
export interface Scene {
  /** The servers whose death must cost nothing; none for SQLite. */
  readonly servers: readonly Pick<RealServer, 'kill' | 'start'>[];
  /** One more instance on it, with real clocks. */
  open(): Promise<Store>;
  /** The settings of a service on it. */
  readonly env: Env;
  remove(): Promise<void>;
}

export interface Victim {
  readonly id: string;
  readonly name: string;
  readonly needs: ServerKind | null;
  /** See `HistoryOptions.showsUnkept`. */
  readonly showsUnkept?: true;
  readonly prepare: () => Promise<Scene>;
}

/** Every store; one more is one more line here and its function below. */
export const VICTIMS: readonly Victim[] = [
  { id: 'sqlite', name: 'SQLite', needs: null, prepare: sqlite },
  { id: 'postgres', name: 'PostgreSQL', needs: 'postgres', prepare: postgres },
  { id: 'mariadb', name: 'MariaDB', needs: 'mariadb', showsUnkept: true, prepare: () => mysql(startMariadb) },
  { id: 'mysql', name: 'MySQL', needs: 'mysql', showsUnkept: true, prepare: () => mysql(startMysql) },
  { id: 'redis', name: 'Redis', needs: 'redis', prepare: redis },
  { id: 'redis-cluster', name: 'Redis Cluster', needs: 'redis', prepare: redisCluster },
];

async function sqlite(): Promise<Scene> {
  const place = newPlace();
  const path = place.database;
  const first = await openSqliteStore({ path });
  await first.migrations.migrate();
  await first.close();
  return {
    servers: [],
    open: () => openSqliteStore({ path }),
    env: place.env,
    remove: async () => place.remove(),
  };
}

async function postgres(): Promise<Scene> {
  const server = await startPostgres();
  const { url } = server;
  const first = await openPostgresStore({ url });
  await first.migrations.migrate();
  await first.close();
  return {
    servers: [server],
    open: () => openPostgresStore({ url }),
    env: { DATABASE_URL: url },
    remove: () => server.remove(),
  };
}

async function mysql(startServer: () => Promise<RealServer>): Promise<Scene> {
  const server = await startServer();
  await onMysql(server.url, 'CREATE DATABASE watchword');
  const url = `${server.url}/watchword`;
  const first = await openMysqlStore({ url });
  await first.migrations.migrate();
  await first.close();
  return {
    servers: [server],
    open: () => openMysqlStore({ url }),
    env: { DATABASE_URL: url },
    remove: () => server.remove(),
  };
}

async function redis(): Promise<Scene> {
  const server = await startRedis();
  return beforeRecords(server.url, [server], server.remove);
}

async function redisCluster(): Promise<Scene> {
  const cluster = await startRedisCluster();
  return beforeRecords(cluster.url, cluster.nodes, cluster.remove);
}

/** Redis decides, and PostgreSQL, which is left alone, keeps the records. */
async function beforeRecords(url: string, servers: Scene['servers'], remove: () => Promise<void>): Promise<Scene> {
  const records = await freshPostgres();
  const first = await openPostgresStore({ url: records.url });
  await first.migrations.migrate();
  await first.close();
  return {
    servers,
    open: async () => withTasks(await openRedisStore({ url, sql: await openPostgresStore({ url: records.url }) })),
    env: { WATCHWORD_STORE: 'redis', REDIS_URL: url, DATABASE_URL: records.url },
    async remove() {
      await remove();
      await records.drop();
    },
  };
}
