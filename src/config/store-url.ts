import { type Secret, secret } from '../core/redacted.ts';
import type { Parsed } from './parse.ts';

/** Where the records are. The path `:memory:` keeps nothing; a server's URL holds its password. */
export type DatabaseLocation =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres' | 'mysql'; readonly url: Secret };

const SERVERS = { postgres: 'postgres', postgresql: 'postgres', mysql: 'mysql', mariadb: 'mysql' } as const;
/** Instead of a host, the path of a socket. */
const SOCKET_OPTIONS = { postgres: 'host', mysql: 'socket' } as const;
const LOOKS_LIKE = 'must look like sqlite:./data/watchword.db, postgres://… or mysql://…';

/** `sqlite:` and a file, or the URL of a PostgreSQL, MySQL or MariaDB database. */
export function databaseUrl(text: string): Parsed<DatabaseLocation> {
  const scheme = /^([a-z]+):/.exec(text)?.[1] ?? '';
  if (scheme in SERVERS) return serverUrl(text, SERVERS[scheme as keyof typeof SERVERS]);
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(text)?.[1];
  if (path === undefined || /^\/+$/.test(path)) return refuse(LOOKS_LIKE);
  return { ok: true, value: { kind: 'sqlite', path } };
}

/** The client of the database reads the rest; here only what every URL of it must have. */
function serverUrl(text: string, kind: 'postgres' | 'mysql'): Parsed<DatabaseLocation> {
  const form = `${kind}://user:password@host/database`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) {
    return refuse(`is no valid URL: it must look like ${form}, with special characters of the password as %XX`);
  }
  if (url.hostname === '' && !url.searchParams.has(SOCKET_OPTIONS[kind])) {
    return refuse(`names no host: it must look like ${form}`);
  }
  if (!/^\/[^/]+$/.test(url.pathname)) return refuse(`names no database: it must look like ${form}`);
  if (url.hash !== '') return refuse('has a “#” in it: write it as %23');
  return { ok: true, value: { kind, url: secret(text.replace(/^[a-z]+/, kind)) } };
}

const REDIS = /^rediss?:\/\/(?:[^@/\s]*@)?(?<hosts>[^/?#@\s]+)(?:\/(?<db>\d{0,4}))?(?:\?(?<query>[^#\s]*))?$/;
const NODE = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?<port>\d{1,5}))?$/i;

/** One Redis server, or some nodes of a cluster separated by commas. */
export function redisUrl(text: string): Parsed<Secret> {
  if (!/^rediss?:\/\//.test(text)) return refuse('must look like redis://host:6379 or rediss://…');
  const { hosts, db, query } = REDIS.exec(text)?.groups ?? {};
  if (hosts === undefined) {
    return refuse(
      'is no valid URL: it must look like redis://user:password@host:6379/0, with special characters of the password as %XX',
    );
  }
  const nodes = hosts.split(',');
  const wrong = nodes.findIndex((node) => !isNode(node));
  if (wrong >= 0) return refuse(`has a host (number ${wrong + 1}) that is not of the form host or host:port`);
  const isCluster = nodes.length > 1 || new URLSearchParams(query).get('cluster') === '1';
  if (isCluster && Number(db ?? 0) > 0) return refuse('names a database number: a cluster has only number 0');
  return { ok: true, value: secret(text) };
}

function isNode(text: string): boolean {
  const match = NODE.exec(text);
  const port = Number(match?.groups?.['port'] ?? 6379);
  return match !== null && port > 0 && port < 65_536;
}

function refuse(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
