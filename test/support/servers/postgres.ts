import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { binaryOf } from './binaries.ts';
import { folderFor, type RealServer, runAs, startChild, userNamed } from './child.ts';
import { claimPort, releasePort } from './ports.ts';

export interface PostgresOptions {
  /** Settings beside ours, e.g. `{ max_connections: 20 }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** A private PostgreSQL that loses nothing it acknowledged (`fsync`, `synchronous_commit`); user `postgres`, no password. */
export async function startPostgres({ settings = {} }: PostgresOptions = {}): Promise<RealServer> {
  const command = binaryOf('postgres');
  const user = userNamed('postgres');
  const folder = folderFor(user, 'postgres');
  const data = join(folder, 'data');
  const port = await claimPort();
  runAs(user, join(dirname(command), 'initdb'), [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  const all = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_connections: 200,
    ...settings,
  };
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return startChild({
    command,
    args: ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    user,
    folder,
    port,
    url,
    stopSignal: 'SIGINT',
    ping: () => onPostgres(url, 'SELECT 1'),
    onRemove: () => releasePort(port),
  });
}

/** Runs one statement on a connection of its own. */
export async function onPostgres(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
