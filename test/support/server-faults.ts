import { connect as connectTo, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from 'vitest';
import { WatchwordError } from '../../src/core/errors.ts';
import type { SqlServerStore } from '../../src/stores/sql/server/index.ts';
import { testChanges, testRecord } from '../../src/testing/index.ts';

/** No call may take longer, whatever the server does. */
export const FAST_MS = 5_000;

/** The error that something must fail with. */
export async function errorOf(promise: Promise<unknown>): Promise<WatchwordError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof WatchwordError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Every kind of call is refused as unavailable, in time. */
export async function everythingFailsFast(store: SqlServerStore, id: string): Promise<void> {
  const start = performance.now();
  const calls = [
    store.verifications.get(id),
    store.verifications.time(),
    store.verifications.insert(testRecord(0), testChanges()),
    store.outbox.claim(0, 1, 1),
    store.idempotency.claim({ key: 'k', body: 'b', id: 'i' }, 0),
    store.keys.find('key_1'),
    store.records.sends(id),
    store.sink.record([], []),
  ];
  const codes = await Promise.all(calls.map(async (call) => (await errorOf(call)).code));
  expect(new Set(codes)).toEqual(new Set(['unavailable']));
  expect(performance.now() - start).toBeLessThan(FAST_MS);
}

/** Asks again and again, as callers do, until everything works. */
export async function worksWithin(ms: number, store: SqlServerStore, id: string): Promise<void> {
  const start = performance.now();
  for (;;) {
    try {
      await store.verifications.get(id);
      await store.verifications.insert(testRecord(0), testChanges());
      expect((await store.health()).ok).toBe(true);
      break;
    } catch (error) {
      if (performance.now() - start > ms) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  expect(performance.now() - start).toBeLessThan(ms);
}

/** A wire between a store and its server that can go silent or break. */
export interface Proxy {
  readonly port: number;
  freeze(frozen: boolean): void;
  /** Breaks the connection right after this text went to the server, once. */
  breakAfter(text: string): void;
  close(): Promise<void>;
}

/** A wire to a local port. */
export async function startProxy(port: number): Promise<Proxy> {
  let frozen = false;
  let breaking: string | null = null;
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connectTo(port, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.on('data', (chunk) => {
        if (frozen) return;
        if (from === client && breaking !== null && chunk.includes(breaking)) {
          breaking = null;
          upstream.write(chunk, () => client.destroy());
        } else to.write(chunk);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    freeze: (value) => (frozen = value),
    breakAfter: (text) => (breaking = text),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
