import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseLocation } from '../config/index.ts';
import { type Secret, secret } from '../core/redacted.ts';
import { generateSecret } from '../crypto/index.ts';

/** What development keeps beside the database, readable by its owner only. */
export interface LocalSecrets {
  readonly secret: Secret;
  /** The test key that `serve` shows; null until there is one. */
  readonly testKey: Secret | null;
}

interface LocalSecretsFile {
  readonly secret: string;
  readonly test_key: string | null;
}

const OWNER_ONLY = 0o600;
/** A server keeps no files for us: the secret stays where the embedded database would be, and so outlives a move to a server. */
const WITHOUT_FILE = './data/watchword.db';

/** The path that the file with the secret is named after. */
export function besideDatabase(database: DatabaseLocation): string {
  return database.kind === 'sqlite' ? database.path : WITHOUT_FILE;
}

/** The file that belongs to a database file. */
export function localSecretsPath(databasePath: string): string {
  return `${databasePath}.secrets.json`;
}

/** Reads the file, or makes it with a new root secret. Of several processes that start at once one makes it, all use it. */
export function localSecrets(databasePath: string): LocalSecrets {
  if (databasePath === ':memory:') return { secret: secret(generateSecret()), testKey: null };
  const path = localSecretsPath(databasePath);
  return read(path) ?? create(path);
}

/** Keeps the test key for the next start. */
export function keepTestKey(databasePath: string, key: Secret): void {
  if (databasePath === ':memory:') return;
  const path = localSecretsPath(databasePath);
  const draft = writeDraft(path, { secret: localSecrets(databasePath).secret.reveal(), test_key: key.reveal() });
  renameSync(draft, path);
}

function read(path: string): LocalSecrets | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`The file ${path} with the development secret cannot be read.`, { cause: error });
  }
  const { secret: root, test_key: testKey } = parse(text, path);
  return { secret: secret(root), testKey: testKey === null ? null : secret(testKey) };
}

/** A broken file is not replaced: with its secret the records would be lost too. JSON.parse would quote it. */
function parse(text: string, path: string): LocalSecretsFile {
  try {
    const content = JSON.parse(text) as Partial<LocalSecretsFile>;
    if (typeof content.secret === 'string') return { secret: content.secret, test_key: content.test_key ?? null };
  } catch {
    // Told below, together with a file that has no secret.
  }
  throw new Error(
    `The file ${path} with the development secret is broken. Restore it, or delete it together with the database.`,
  );
}

function create(path: string): LocalSecrets {
  mkdirSync(dirname(path), { recursive: true });
  const draft = writeDraft(path, { secret: generateSecret(), test_key: null });
  try {
    linkSync(draft, path);
  } catch {
    // Another process made it first; its secret counts.
  } finally {
    rmSync(draft, { force: true });
  }
  const made = read(path);
  if (made === null) throw new Error(`The file ${path} for the development secret cannot be made.`);
  return made;
}

function writeDraft(path: string, content: LocalSecretsFile): string {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: OWNER_ONLY });
  return draft;
}
