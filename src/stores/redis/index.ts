export type { Durability } from './durability.ts';
export type { RecordStore } from './parts.ts';
export { openRedisStore, type RedisOptions } from './store.ts';
export { createRedisCounters, type RedisCounterOptions, type RedisCounters, withRedisCounters } from './counters.ts';
