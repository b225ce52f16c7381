import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/messages.ts';
import { watchdogWords } from '../support/servers/child.ts';
import {
  freshMariadb,
  freshPostgres,
  freshRedis,
  onMysql,
  onPostgres,
  onRedis,
  type RealServer,
  serverSuite,
  startMariadb,
  startMysql,
  startPostgres,
  startRedis,
  startRedisCluster,
} from '../support/servers.ts';

const servers: Pick<RealServer, 'remove'>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.remove();
});

/** Whatever was acknowledged before a kill is there after the next start. */
async function expectToSurvive(
  server: RealServer,
  write: (url: string) => Promise<unknown>,
  read: (url: string) => Promise<unknown>,
): Promise<void> {
  servers.push(server);
  expect(server.port).toBeLessThan(32_768);
  for (let cycle = 0; cycle < 2; cycle++) {
    await write(server.url);
    const before = server.pid;
    await server.kill();
    expect(server.pid).toBe(null);
    await expect(read(server.url)).rejects.toThrow();
    await server.start();
    expect(server.pid).not.toBe(before);
  }
  expect(await read(server.url)).toMatchObject([{ count: 2 }]);
  await server.stop();
  await server.start();
  expect(await read(server.url)).toMatchObject([{ count: 2 }]);
  await server.remove();
  expect(existsSync(server.folder)).toBe(false);
}

serverSuite('postgres', 'a private PostgreSQL', () => {
  it('keeps what it acknowledged over kills', async () => {
    const server = await startPostgres();
    await onPostgres(server.url, 'CREATE TABLE marks (id serial)');
    await expectToSurvive(
      server,
      (url) => onPostgres(url, 'INSERT INTO marks DEFAULT VALUES'),
      (url) => onPostgres(url, 'SELECT count(*)::int FROM marks'),
    );
  });

  it('shares one server for databases of their own', async () => {
    const [one, other] = await Promise.all([freshPostgres(), freshPostgres()]);
    await onPostgres(one.url, 'CREATE TABLE marks (id int)');
    expect(await onPostgres(other.url, "SELECT to_regclass('marks') AS found")).toEqual([{ found: null }]);
    await Promise.all([one.drop(), other.drop()]);
  });
});

serverSuite('mariadb', 'a private MariaDB', () => {
  it('keeps what it acknowledged over kills', async () => {
    const server = await startMariadb();
    await onMysql(server.url, 'CREATE DATABASE test');
    await onMysql(server.url, 'CREATE TABLE test.marks (id int AUTO_INCREMENT PRIMARY KEY)');
    await expectToSurvive(
      server,
      (url) => onMysql(url, 'INSERT INTO test.marks () VALUES ()'),
      (url) => onMysql(url, 'SELECT count(*) AS count FROM test.marks'),
    );
  });

  it('shares one server for databases of their own', async () => {
    const [one, other] = await Promise.all([freshMariadb(), freshMariadb()]);
    await onMysql(one.url, 'CREATE TABLE marks (id int)');
    expect(await onMysql(other.url, 'SHOW TABLES')).toEqual([]);
    await Promise.all([one.drop(), other.drop()]);
  });
});

serverSuite('redis', 'a private Redis', () => {
  it('keeps what it acknowledged over kills', async () => {
    await expectToSurvive(
      await startRedis(),
      (url) => onRedis(url, 'INCR', 'count'),
      async (url) => [{ count: Number(await onRedis(url, 'GET', 'count')) }],
    );
  });

  it('shares one server for databases of their own', async () => {
    const [one, other] = await Promise.all([freshRedis(), freshRedis()]);
    await onRedis(one.url, 'SET', 'mark', 1);
    expect(await onRedis(other.url, 'DBSIZE')).toBe(0);
    await one.drop();
    expect(await onRedis(one.url, 'DBSIZE')).toBe(0);
  });

  it('comes as a cluster of three masters, which forgives the death of one', async () => {
    const cluster = await startRedisCluster();
    servers.push(cluster);
    expect(cluster.nodes.length).toBe(3);
    const [node] = cluster.nodes;
    await node?.kill();
    await node?.start();
    expect(String(await onRedis(node?.url ?? '', 'CLUSTER', 'NODES')).match(/master/g)?.length).toBe(3);
  });
});

describe('a watchdog', () => {
  it('ends a server and deletes its data when the process of the tests is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchword-watched-'));
    const server = spawn('sleep', ['600']);
    const gone = new Promise((resolve) => server.once('exit', (_code, signal) => resolve(signal)));
    const words = JSON.stringify(watchdogWords(server.pid ?? 0, folder));
    const owner = spawn(process.execPath, [
      '-e',
      `require('node:child_process').spawn('/bin/sh', ${words}, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
       process.stdout.write('up'); setInterval(() => {}, 1000);`,
    ]);
    await new Promise((resolve) => owner.stdout.once('data', resolve));
    expect(server.exitCode).toBe(null);
    owner.kill('SIGKILL');
    expect(await gone).toBe('SIGKILL');
    await eventually(() => (existsSync(folder) ? null : true), 10_000, 'the end of the folder');
  });
});

serverSuite('mysql', 'a private MySQL', () => {
  it('answers', async () => {
    const server = await startMysql();
    servers.push(server);
    expect(await onMysql(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
