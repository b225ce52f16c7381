import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The servers that suites know. `mysql` is MySQL itself, 8 or newer, not MariaDB under its name. */
export type ServerKind = 'postgres' | 'mariadb' | 'mysql' | 'redis';

interface Wanted {
  readonly title: string;
  readonly names: readonly string[];
  /** Where a system keeps it outside of PATH. */
  readonly folders: () => readonly string[];
  readonly fits: (path: string) => boolean;
  readonly cure: string;
}

const SBIN = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

const WANTED: Readonly<Record<ServerKind, Wanted>> = {
  postgres: {
    title: 'PostgreSQL',
    names: ['postgres'],
    folders: () => [...versionFolders('/usr/lib/postgresql'), ...SBIN],
    fits: () => true,
    cure: 'install postgresql or put the folder of `postgres` and `initdb` in PATH',
  },
  mariadb: {
    title: 'MariaDB',
    names: ['mariadbd', 'mysqld'],
    folders: () => SBIN,
    fits: isMariadb,
    cure: 'install mariadb-server',
  },
  mysql: {
    title: 'MySQL',
    names: ['mysqld'],
    folders: () => [...SBIN, '/usr/local/mysql/bin'],
    fits: (path) => !isMariadb(path),
    cure: 'put the folder of a `mysqld` of MySQL 8 or newer in PATH, or name it in WATCHWORD_TEST_MYSQL',
  },
  redis: {
    title: 'Redis or Valkey',
    names: ['redis-server', 'valkey-server'],
    folders: () => SBIN,
    fits: () => true,
    cure: 'install redis-server',
  },
};

const found = new Map<ServerKind, string | null>();

/** The server's program: what `WATCHWORD_TEST_<KIND>` names, else what this machine has, or null. Throws when the named one is none. */
export function findBinary(kind: ServerKind): string | null {
  const known = found.get(kind);
  if (known !== undefined) return known;
  const path = namedBinary(kind) ?? searchBinary(kind);
  found.set(kind, path);
  return path;
}

function namedBinary(kind: ServerKind): string | null {
  const variable = `WATCHWORD_TEST_${kind.toUpperCase()}`;
  const path = process.env[variable];
  if (path === undefined || path === '') return null;
  if (!isProgram(path)) throw new Error(`${variable} is ${path}, and that is no program that can be run`);
  if (!WANTED[kind].fits(path)) throw new Error(`${variable} is ${path}, and that is no ${WANTED[kind].title}`);
  return path;
}

function searchBinary(kind: ServerKind): string | null {
  const { names, folders, fits } = WANTED[kind];
  const places = [...(process.env['PATH'] ?? '').split(delimiter), ...folders()];
  const paths = places.flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find((candidate) => isProgram(candidate) && fits(candidate)) ?? null;
}

/** Why suites on this server cannot run here, with the cure; null when they can. */
export function missingServer(kind: ServerKind): string | null {
  const { title, cure } = WANTED[kind];
  return findBinary(kind) === null ? `there is no ${title} server here (${cure})` : null;
}

/** The server's program; throws with the cure when there is none. */
export function binaryOf(kind: ServerKind): string {
  const path = findBinary(kind);
  if (path === null) throw new Error(missingServer(kind) ?? '');
  return path;
}

/** What the program says of its version, on one line. */
export function versionOf(kind: ServerKind): string {
  return execFileSync(binaryOf(kind), ['--version'], { encoding: 'utf8' }).trim();
}

function isMariadb(path: string): boolean {
  return /mariadb/i.test(execFileSync(path, ['--version'], { encoding: 'utf8' }));
}

function versionFolders(root: string): readonly string[] {
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin'));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
