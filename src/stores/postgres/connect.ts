import { Socket } from 'node:net';
import { WatchwordError } from '../../core/errors.ts';
import { loadPeer } from '../../core/optional-peer.ts';
import type { Connection } from '../sql/server/index.ts';
import { createConnection, TYPES, type OpenClient } from './connection.ts';
import { CLOCK } from './clock.ts';
import { refuseUnfit, SETTINGS } from './fitness.ts';

/** Where to connect: the URL as the client understands it, and the schema that holds the tables. */
export interface Place {
  readonly connectionString: string;
  /** Null = the first of the user's search_path. */
  readonly schema: string | null;
}

/** Reads a URL; `?schema=` is ours. Throws `unavailable` without showing it. */
export function placeOf(url: string): Place {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const schema = parsed?.searchParams.get('schema') ?? null;
  if (
    parsed === null ||
    !/^postgres(ql)?:$/.test(parsed.protocol) ||
    (schema !== null && !/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
  ) {
    throw new WatchwordError(
      'unavailable',
      'DATABASE_URL is not of the form postgres://user:password@host:5432/database (a schema is lower-case letters, digits and "_").',
    );
  }
  parsed.searchParams.delete('schema');
  beExplicit(parsed.searchParams);
  return { connectionString: parsed.href, schema };
}

/** The client takes these modes for `verify-full` and warns that its next release will not: the strict meaning stays. */
function beExplicit(options: URLSearchParams): void {
  const isStrict = !options.has('uselibpqcompat') && /^(prefer|require|verify-ca)$/.test(options.get('sslmode') ?? '');
  if (isStrict) options.set('sslmode', 'verify-full');
}

/** Opens a connection, sets its time-outs and durability, and refuses a server that is not fit. */
export async function connect(place: Place, timeoutMs: number): Promise<Connection> {
  const open = await createClient(place, timeoutMs);
  const timer = setTimeout(() => open.socket.destroy(), timeoutMs);
  try {
    await open.client.connect();
    const number = await ready(open, place);
    return createConnection(open, number, CLOCK);
  } catch (error) {
    open.socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function createClient({ connectionString }: Place, timeoutMs: number): Promise<OpenClient> {
  const { Client } = await loadPeer(() => import('pg'), 'pg@8');
  const socket = new Socket();
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    fallback_application_name: 'watchword',
    pipeline: true,
    types: TYPES,
    stream: () => socket,
  });
  // What is under way rejects by itself; without a listener a lost idle connection would end the process.
  client.on('error', () => undefined);
  return { client, socket };
}

/** The connection's number at the server. */
async function ready({ client }: OpenClient, { schema }: Place): Promise<number> {
  if (schema !== null) await client.query(`SET search_path TO "${schema}"`);
  await client.query(SETTINGS);
  return refuseUnfit(client);
}
