import { connect as connectSocket, type Socket } from 'node:net';
import type { Connection as Client } from 'mysql2';
import { loadPeer } from '../../core/optional-peer.ts';
import type { Connection } from '../sql/server/index.ts';
import { answerOf, createConnection, type OpenClient } from './connection.ts';
import { refuseUnfit, SETTINGS } from './fitness.ts';
import type { Place } from './place.ts';

const KEEP_ALIVE_MS = 10_000;

/** Opens a connection, sets its time-outs and modes, and refuses a server that is not fit. */
export async function connect(place: Place, timeoutMs: number): Promise<Connection> {
  const open = await createClient(place, timeoutMs);
  const timer = setTimeout(() => open.socket.destroy(), timeoutMs);
  try {
    const number = await greeted(open.client);
    for (const setting of SETTINGS) await answerOf(open.client, setting);
    await refuseUnfit((sql) => answerOf(open.client, sql));
    return createConnection(open, number);
  } catch (error) {
    open.socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function createClient({ tls, ...place }: Place, timeoutMs: number): Promise<OpenClient> {
  const { createConnection: createMysqlConnection } = await loadPeer(() => import('mysql2'), 'mysql2@3');
  const socket = socketTo(place);
  const client = createMysqlConnection({
    host: place.host,
    port: place.port,
    user: place.user,
    password: place.password,
    database: place.database,
    stream: () => socket,
    connectTimeout: timeoutMs,
    // Affected rows are those that changed, so that an insert can tell which went in; the server may not ask for files.
    flags: ['-FOUND_ROWS', '-IGNORE_SPACE', '-LOCAL_FILES'],
    multipleStatements: false,
    rowsAsArray: true,
    decimalNumbers: true,
    stringifyObjects: true,
    trace: false,
    connectAttributes: { program_name: 'watchword' },
    ...(tls === null ? {} : { ssl: { ...tls } }),
  });
  // What is under way rejects by itself; without a listener a lost idle connection would end the process.
  client.on('error', () => undefined);
  return { client, socket };
}

function socketTo({ socketPath, host, port }: Omit<Place, 'tls'>): Socket {
  if (socketPath !== null) return connectSocket(socketPath);
  return connectSocket({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
}

/** The connection's number at the server, once it let us in. */
function greeted(client: Client): Promise<number> {
  return new Promise((resolve, reject) => {
    client.connect((error) => {
      if (error === null) resolve(client.threadId);
      else reject(error);
    });
  });
}
