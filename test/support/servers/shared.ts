import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { RealServer } from './child.ts';
import { startMariadb, startMysql } from './mariadb.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The socket where the run's main process names its shared servers. */
    readonly sharedServers: string;
  }
}

const START = { postgres: startPostgres, mariadb: startMariadb, mysql: startMysql, redis: startRedis } as const;

const servers = new Map<string, Promise<RealServer>>();
const folder = mkdtempSync(join(tmpdir(), 'watchword-shared-'));
let serial = 0;

const desk = createServer((request, response) => {
  const kind = (request.url ?? '').slice(1) as keyof typeof START;
  const server = servers.get(kind) ?? START[kind]();
  servers.set(kind, server);
  server.then(
    ({ url }) => response.end(JSON.stringify({ url, serial: ++serial })),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});

/** For vitest: the servers that all files of a run share, each started when the first test asks for it. */
export async function setup(project: TestProject): Promise<void> {
  const socket = join(folder, 'servers.sock');
  await new Promise<void>((resolve) => desk.listen(socket, resolve));
  project.provide('sharedServers', socket);
}

/** For vitest: ends them, data and all. */
export async function teardown(): Promise<void> {
  desk.close();
  const started = await Promise.allSettled(servers.values());
  await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.remove() : undefined)));
  rmSync(folder, { recursive: true, force: true });
}
