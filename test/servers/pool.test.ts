import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { placeOf } from '../../src/stores/postgres/connect.ts';
import { postgresDialect } from '../../src/stores/postgres/dialect.ts';
import { Pool } from '../../src/stores/sql/server/pool.ts';
import { eventually } from '../support/messages.ts';
import { freshPostgres, serverSuite } from '../support/servers.ts';

/** Each round takes at least one, where they can be lost. */
const SLOTS = 2;

serverSuite('postgres', 'the pool of connections', () => {
  it('loses no slot when a new connection comes after the caller it was for gave up', { timeout: 60_000 }, async () => {
    const { url, drop } = await freshPostgres();
    const place = new URL(url);
    const wire = await slowWire(Number(place.port));
    place.port = String(wire.port);
    const pool = new Pool(postgresDialect(placeOf(place.href)), SLOTS);
    const ask = (text: string): Promise<unknown> => pool.use((connection) => connection.rows(text));
    for (let round = 0; round < SLOTS; round++) {
      const busy = Array.from({ length: SLOTS }, () => ask('SELECT pg_sleep(2)::text').catch(() => null));
      await pause(300);
      const waiting = Array.from({ length: SLOTS }, () => ask('SELECT 1').catch(() => null));
      await pause(700);
      wire.cut(1_200);
      await Promise.all([...busy, ...waiting]);
      wire.cut(0);
      await pause(1_500);
    }
    // Lost slots do not come back; a busy machine may only need another try.
    const answers = await eventually(
      () => Promise.all(Array.from({ length: 2 * SLOTS }, () => ask('SELECT 1'))).catch(() => null),
      10_000,
      'a free slot',
    );
    expect(answers).toHaveLength(2 * SLOTS);
    pool.close();
    await wire.close();
    await drop();
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** A wire to the server that can be cut; what is made afterwards takes `delayMs` to begin. */
async function slowWire(port: number) {
  let delayMs = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined);
    setTimeout(() => {
      const upstream = connect(port, '127.0.0.1');
      sockets.add(upstream);
      upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.on('close', () => upstream.destroy());
      client.pipe(upstream).pipe(client);
    }, delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (afterwards: number): void => {
    delayMs = afterwards;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    async close() {
      cut(0);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
