import { accessSync, closeSync, constants, existsSync, openSync, readSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { openStore } from '../../compose.ts';
import type { Settings } from '../../config/index.ts';
import { WatchwordError } from '../../core/errors.ts';
import type { Environment } from '../../ports/environment.ts';
import { localSecretsPath } from '../../runtime/local-secrets.ts';
import type { SqliteStore } from '../../stores/sqlite/index.ts';
import { fail, fine, type Finding, warn } from './finding.ts';

const MIB = 1_048_576;
const ROOM_FAIL_MIB = 50;
const ROOM_WARN_MIB = 1_024;
const CLOCK_FAIL_MS = 5_000;
const CLOCK_WARN_MS = 500;
const QUEUE_WARN_MS = 60_000;

/** Whether the database can be used, has this version's schema, is durable, private and has room; whether the clock is right. */
export async function databaseFindings(settings: Settings, env: Environment): Promise<Finding[]> {
  const { path } = settings.database;
  if (path === ':memory:')
    return [warn('database', 'kept in memory: it ends with the process', 'Set DATABASE_URL to a file.')];
  if (!existsSync(path)) return [missing(settings), ...room(path)];
  return [...(await openFindings(settings, env)), ...room(path), ...privacy(path)];
}

function missing({ mode, database: { path } }: Settings): Finding {
  const folder = nearestFolder(path);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return fail(
      'database',
      `${path} is not there, and ${folder} cannot be written`,
      `Let this user write to ${folder}, or set DATABASE_URL.`,
    );
  }
  const detail = `${path} is not there yet`;
  return mode === 'production'
    ? fail('database', detail, 'Run: watchword migrate')
    : fine('database', `${detail}; watchword serve makes it`);
}

async function openFindings(settings: Settings, env: Environment): Promise<Finding[]> {
  try {
    const store = await openStore(settings, env);
    try {
      return await storeFindings(settings, env, store);
    } finally {
      await store.close();
    }
  } catch (error) {
    const detail = error instanceof WatchwordError ? error.message : 'it cannot be opened';
    return [
      fail(
        'database',
        detail,
        'Check that the file is a database of Watchword and that this user may write it and its folder.',
      ),
    ];
  }
}

async function storeFindings({ mode, database }: Settings, env: Environment, store: SqliteStore): Promise<Finding[]> {
  const pending = await store.migrations.pending();
  const health = await store.health();
  const schema =
    pending.length === 0
      ? fine('schema', 'up to date')
      : mode === 'production'
        ? fail('schema', `lacks ${pending.join(', ')}`, 'Make a copy of the database, then run: watchword migrate')
        : fine('schema', `lacks ${pending.join(', ')}; watchword serve brings it up to date`);
  const writable = health.ok
    ? fine('database', `${database.path} can be written`)
    : fail(
        'database',
        health.reason ?? 'does not answer',
        'Free the disk or the lock, and check who may write the file.',
      );
  if (pending.length > 0 || !health.ok) return [writable, schema];
  return [writable, schema, walFinding(database.path), clock(health.clockBehindMs), await queue(store, env)];
}

/** Bytes 18 and 19 of the file say how it is written: 2 is the write-ahead log. */
function walFinding(path: string): Finding {
  const header = Buffer.alloc(20);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, 20, 0);
  } finally {
    closeSync(file);
  }
  if (header[18] === 2 && header[19] === 2)
    return fine('durability', 'write-ahead log, every commit on disk before its answer');
  return fail(
    'durability',
    'the write-ahead log is off',
    'Move the database to a local disk: network file systems cannot keep it.',
  );
}

function clock(behindMs: number): Finding {
  if (behindMs < CLOCK_WARN_MS) return fine('clock', 'not behind the newest commit');
  const cure = 'Set the clock of this machine (NTP).';
  const detail = `${(behindMs / 1_000).toFixed(1)} s behind the newest commit`;
  return behindMs > CLOCK_FAIL_MS ? fail('clock', detail, cure) : warn('clock', detail, cure);
}

async function queue(store: SqliteStore, env: Environment): Promise<Finding> {
  const { queued, oldestAt } = await store.outbox.backlog();
  const ageMs = oldestAt === null ? 0 : Math.max(0, env.now() - oldestAt);
  if (ageMs < QUEUE_WARN_MS) return fine('queue', queued === 0 ? 'empty' : `${queued} waiting`);
  return warn(
    'queue',
    `${queued} waiting, the oldest for ${Math.round(ageMs / 1_000)} s`,
    'Run watchword worker (or serve without --no-worker), and look at the providers below.',
  );
}

function room(path: string): Finding[] {
  const folder = nearestFolder(path);
  const { bavail, bsize } = statfsSync(folder);
  const mib = Math.floor((bavail * bsize) / MIB);
  const cure = `Free some space on the disk of ${folder}.`;
  if (mib < ROOM_FAIL_MIB) return [fail('disk', `${mib} MiB free`, cure)];
  return [
    mib < ROOM_WARN_MIB ? warn('disk', `${mib} MiB free`, cure) : fine('disk', `${(mib / 1_024).toFixed(1)} GiB free`),
  ];
}

/** Files that hold secrets or personal data are their owner's alone. */
function privacy(path: string): Finding[] {
  const open = [path, localSecretsPath(path)].filter((file) => existsSync(file) && (statSync(file).mode & 0o077) !== 0);
  return open.map((file) => warn('privacy', `others on this machine can read ${file}`, `Run: chmod 600 ${file}`));
}

function nearestFolder(path: string): string {
  let folder = dirname(resolve(path));
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
