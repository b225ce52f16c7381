/** Real servers for tests: private ones to be killed, and databases of their own on shared ones. */
export { type ServerKind, versionOf } from './servers/binaries.ts';
export type { RealServer } from './servers/child.ts';
export { type Fresh, freshMariadb, freshPostgres, freshRedis } from './servers/fresh.ts';
export { onMysql, startMariadb, startMysql } from './servers/mariadb.ts';
export { onPostgres, startPostgres } from './servers/postgres.ts';
export { onRedis, startRedis } from './servers/redis.ts';
export { type RealCluster, startRedisCluster } from './servers/redis-cluster.ts';
export { serverSuite } from './servers/suite.ts';
