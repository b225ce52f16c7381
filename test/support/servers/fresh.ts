import { request } from 'node:http';
import { inject } from 'vitest';
import { onMysql } from './mariadb.ts';
import { onPostgres } from './postgres.ts';
import { onRedis } from './redis.ts';

/** An empty database on a server that all tests of the run share: never kill or reconfigure that server. */
export interface Fresh {
  readonly url: string;
  /** Throws it away, even while connections to it are open. */
  drop(): Promise<void>;
}

/** An empty PostgreSQL database. */
export async function freshPostgres(): Promise<Fresh> {
  const { url, serial } = await shared('postgres');
  const name = `fresh_${serial}`;
  await onPostgres(url, `CREATE DATABASE ${name}`);
  return {
    url: url.replace(/\/postgres$/, `/${name}`),
    drop: async () => void (await onPostgres(url, `DROP DATABASE ${name} WITH (FORCE)`)),
  };
}

/** An empty database on MariaDB, or on MySQL. */
export async function freshMariadb(kind: 'mariadb' | 'mysql' = 'mariadb'): Promise<Fresh> {
  const { url, serial } = await shared(kind);
  const name = `fresh_${serial}`;
  await onMysql(url, `CREATE DATABASE ${name}`);
  return { url: `${url}/${name}`, drop: async () => void (await onMysql(url, `DROP DATABASE ${name}`)) };
}

/** An empty numbered database of a strict Redis. */
export async function freshRedis(): Promise<Fresh> {
  const { url, serial } = await shared('redis');
  const own = `${url}/${serial}`;
  return { url: own, drop: async () => void (await onRedis(own, 'FLUSHDB')) };
}

/** Asks the run's main process for a shared server, and for a number nobody else of this run gets. */
function shared(kind: string): Promise<{ readonly url: string; readonly serial: number }> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath: inject('sharedServers'), path: `/${kind}` }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        if (response.statusCode !== 200) reject(new Error(text));
        else resolve(JSON.parse(text) as { url: string; serial: number });
      });
    });
    asking.once('error', reject);
    asking.end();
  });
}
