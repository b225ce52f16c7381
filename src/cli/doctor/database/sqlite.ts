import { accessSync, closeSync, constants, existsSync, openSync, readSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Settings } from '../../../config/index.ts';
import { localSecretsPath } from '../../../runtime/local-secrets.ts';
import { fail, fine, type Finding, warn } from '../finding.ts';

const MIB = 1_048_576;
const ROOM_FAIL_MIB = 50;
const ROOM_WARN_MIB = 1_024;

/** What to say of a database file that is not there; null when it is. */
export function missingFile(path: string, mode: Settings['mode']): Finding | null {
  if (existsSync(path)) return null;
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

/** Bytes 18 and 19 of the file say how it is written: 2 is the write-ahead log. */
export function walFinding(path: string): Finding {
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

/** Room on the disk, and who can read the files. */
export function fileFindings(path: string): Finding[] {
  return [room(path), ...privacy(path)];
}

function room(path: string): Finding {
  const folder = nearestFolder(path);
  const { bavail, bsize } = statfsSync(folder);
  const mib = Math.floor((bavail * bsize) / MIB);
  const cure = `Free some space on the disk of ${folder}.`;
  if (mib < ROOM_FAIL_MIB) return fail('disk', `${mib} MiB free`, cure);
  return mib < ROOM_WARN_MIB
    ? warn('disk', `${mib} MiB free`, cure)
    : fine('disk', `${(mib / 1_024).toFixed(1)} GiB free`);
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
