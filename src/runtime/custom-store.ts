import type { Migrations, Store } from '../ports/store.ts';
import { storeWith } from '../service/store-with.ts';
import { isModuleName, loadModule } from './custom-module.ts';
import type { Database } from './open-store.ts';
import { SettingsError } from './settings-error.ts';

/** A store of your own. Without `migrations` it looks after its schema itself. */
export type CustomStore = Store & { readonly migrations?: Migrations };

type Calls<Port> = readonly (keyof Port & string)[];

/** The calls of every port of a store. */
export const STORE_CALLS = {
  verifications: ['time', 'get', 'newestOpen', 'insert', 'replace', 'due'],
  outbox: ['claim', 'claimOne', 'begin', 'release', 'backlog'],
  records: ['search', 'sends', 'events', 'stats', 'tally', 'countRefused', 'purge', 'erase'],
  applications: ['list', 'insert', 'update', 'policies', 'putPolicy'],
  keys: ['insert', 'find', 'list', 'revoke', 'touch'],
  directory: ['put', 'has', 'list', 'remove'],
  idempotency: ['claim', 'finish', 'release'],
  inbox: ['put', 'list', 'clear'],
  destinations: ['rebind', 'forgetDevices', 'knowsDevice'],
  documents: ['get', 'put', 'remove', 'list', 'claim'],
} as const satisfies { readonly [Port in keyof Store]?: Calls<Store[Port]> };

/** What a store lacks, as `port.call`; none when it can carry the service. */
export function storeFaults(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return ['an object'];
  const store = value as Readonly<Record<string, unknown>>;
  const missing = Object.entries(STORE_CALLS).flatMap(([port, calls]) =>
    typeof store[port] === 'object' && store[port] !== null
      ? calls.filter((call) => !isFunction(store[port], call)).map((call) => `${port}.${call}`)
      : [port],
  );
  if (store['queue'] === undefined) missing.push('queue (null: workers poll)');
  if (!Array.isArray(store['tasks'])) missing.push('tasks (a list, may be empty)');
  return [...missing, ...['health', 'close'].filter((call) => !isFunction(store, call))];
}

function isFunction(value: unknown, name: string): boolean {
  return typeof (value as Partial<Record<string, unknown>>)[name] === 'function';
}

/** The store that the option `store` gives or names by module; null when it is one of ours. A store that was given stays open. */
export async function customStore(given: unknown): Promise<Database | null> {
  if (isModuleName(given)) {
    const loaded = await loadModule('store', given);
    const missing = storeFaults(loaded);
    if (missing.length === 0) return databaseOf(loaded as CustomStore);
    const path = JSON.stringify(given.slice('module:'.length));
    throw new SettingsError([
      { name: 'store', problem: `names the module ${path}, which exports no store: it lacks ${missing.join(', ')}` },
    ]);
  }
  if (typeof given !== 'object' || given === null) return null;
  const own = databaseOf(given as CustomStore);
  return { ...own, close: async () => undefined };
}

const NO_MIGRATIONS: Migrations = { pending: async () => [], migrate: async () => [] };

function databaseOf(store: CustomStore): Database {
  return { ...storeWith(store, {}), migrations: store.migrations ?? NO_MIGRATIONS };
}
