import type { Settings } from '../../../config/index.ts';
import type { Environment } from '../../../ports/environment.ts';
import type { Store } from '../../../ports/store.ts';
import { type Database, openDatabase, openVerdicts } from '../../../runtime/open-store.ts';
import { placeName } from '../../../runtime/place-name.ts';
import { fine, type Finding, warn } from '../finding.ts';
import { auditFindings } from './audit.ts';
import { redisFindings } from './redis.ts';
import { fileFindings, missingFile, walFinding } from './sqlite.ts';
import { decidingFindings, reasonOf, refused, schemaFinding, switchFindings } from './store.ts';

const FILE_CURE = 'Check that the file is a database of Watchword and that this user may write it and its folder.';
const REDIS_CURE = 'Check REDIS_URL, and that the server runs.';
const SERVER_CURE = 'Check DATABASE_URL, and that the server runs.';

/** Whether the stores can be used, have this version's schema, are durable and private; whether clock and queue are right. */
export async function databaseFindings(settings: Settings, env: Environment): Promise<Finding[]> {
  const { database, redis } = settings;
  const found = database.kind === 'sqlite' ? await inFile(database.path, settings, env) : await onServer(settings, env);
  return redis === null ? found : [...found, ...(await redisFindings(redis))];
}

async function inFile(path: string, settings: Settings, env: Environment): Promise<Finding[]> {
  if (path === ':memory:')
    return [warn('database', 'kept in memory: it ends with the process', 'Set DATABASE_URL to a file.')];
  const missing = missingFile(path, settings.mode);
  if (missing !== null) return [missing, ...fileFindings(path)];
  const usable = { detail: `${path} can be written`, cure: FILE_CURE, durability: () => walFinding(path) };
  return [...(await opened(settings, env, usable)), ...fileFindings(path)];
}

/** Opening refuses a server that is too old, a replica, not durable, or that grants too little. */
async function onServer(settings: Settings, env: Environment): Promise<Finding[]> {
  const detail = `${placeName(settings.database)} answers; its version and the user’s rights will do`;
  const durability = fine('durability', 'every commit on the server’s disk before its answer');
  return await opened(settings, env, { detail, cure: SERVER_CURE, durability: () => durability });
}

interface Usable {
  readonly detail: string;
  /** When opening tells none. */
  readonly cure: string;
  readonly durability: () => Finding;
}

/** Opens the stores as `serve` does, looks at what they say and closes them. */
async function opened(settings: Settings, env: Environment, { detail, cure, durability }: Usable): Promise<Finding[]> {
  const findings: Finding[] = [];
  let store: Store | null = null;
  try {
    const database: Database = await openDatabase(settings, env);
    store = database;
    const pending = await database.migrations.pending();
    const health = await database.health();
    findings.push(
      health.ok ? fine('database', detail) : refused('database', health.reason ?? 'it does not answer', cure),
    );
    findings.push(schemaFinding(pending, settings.mode));
    if (!health.ok || pending.length > 0) return findings;
    findings.push(
      durability(),
      ...(await switchFindings(settings, database)),
      ...(await auditFindings(settings, database)),
    );
    store = await openVerdicts(settings, database, env);
    return [...findings, ...(await decidingFindings(store, await store.health(), env))];
  } catch (error) {
    const [name, otherwise] = findings.length === 0 ? ['database', cure] : ['store', REDIS_CURE];
    return [...findings, refused(name, reasonOf(error), otherwise)];
  } finally {
    await store?.close();
  }
}
