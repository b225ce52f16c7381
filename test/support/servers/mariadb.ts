import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { binaryOf } from './binaries.ts';
import { folderFor, type RealServer, runAs, startChild, type User, userNamed } from './child.ts';
import { claimPort, releasePort } from './ports.ts';

export interface MysqlOptions {
  /** Options beside ours, e.g. `['--max-connections=20']`. */
  readonly args?: readonly string[];
}

/** A private MariaDB that loses nothing it acknowledged (`innodb_flush_log_at_trx_commit=1`); user `root`, no password. */
export function startMariadb(options: MysqlOptions = {}): Promise<RealServer> {
  return start('mariadb', options, (command, user, data) => {
    const beside = join(dirname(command), '..', 'bin', 'mariadb-install-db');
    runAs(user, existsSync(beside) ? beside : 'mariadb-install-db', [
      '--no-defaults',
      `--datadir=${data}`,
      `--tmpdir=${dirname(data)}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ]);
  });
}

/** No second protocol on a port of its own, no folder for files that a package may not have made, and a start in seconds. */
const MYSQL_ONLY = [
  '--mysqlx=OFF',
  '--secure-file-priv=NULL',
  '--performance-schema=OFF',
  '--loose-innodb-redo-log-capacity=8388608',
];

/** The same with MySQL itself. */
export function startMysql({ args = [] }: MysqlOptions = {}): Promise<RealServer> {
  return start('mysql', { args: [...MYSQL_ONLY, ...args] }, (command, user, data) => {
    runAs(user, command, ['--no-defaults', '--initialize-insecure', `--datadir=${data}`, `--tmpdir=${dirname(data)}`]);
  });
}

async function start(
  kind: 'mariadb' | 'mysql',
  { args = [] }: MysqlOptions,
  install: (command: string, user: User, data: string) => void,
): Promise<RealServer> {
  const command = binaryOf(kind);
  const user = userNamed('mysql');
  const folder = folderFor(user, kind);
  const data = join(folder, 'data');
  const port = await claimPort();
  try {
    install(command, user, data);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const url = `mysql://root@127.0.0.1:${port}`;
  return startChild({
    command,
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      // A starting server deletes the temporary tables of others in a folder they share.
      `--tmpdir=${folder}`,
      `--socket=${join(folder, 'mysql.sock')}`,
      `--pid-file=${join(folder, 'mysql.pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--innodb-flush-log-at-trx-commit=1',
      '--max-connections=400',
      ...args,
    ],
    user,
    folder,
    port,
    url,
    stopSignal: 'SIGTERM',
    ping: () => onMysql(url, 'SELECT 1'),
    onRemove: () => releasePort(port),
  });
}

/** Runs one statement on a connection of its own. */
export async function onMysql(url: string, sql: string): Promise<unknown> {
  const connection = await createConnection({ uri: url, connectTimeout: 5000 });
  try {
    const [rows] = await connection.query(sql);
    return rows;
  } finally {
    connection.destroy();
  }
}
