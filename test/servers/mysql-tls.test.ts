import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../src/stores/mysql/connect.ts';
import { openMysqlStore } from '../../src/stores/mysql/index.ts';
import { placeOf } from '../../src/stores/mysql/place.ts';
import { selfSigned } from '../support/self-signed.ts';
import { errorOf } from '../support/server-faults.ts';
import { type RealServer, serverSuite, startMariadb, startMysql } from '../support/servers.ts';

serverSuite('mariadb', 'a MariaDB over TLS', () => tlsSuite(startMariadb));
serverSuite('mysql', 'a MySQL over TLS', () => tlsSuite(startMysql));

function tlsSuite(start: typeof startMariadb): void {
  let folder: string;
  let server: RealServer;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'watchword-tls-'));
    // The server runs as another user.
    chmodSync(folder, 0o755);
    const { key, cert } = selfSigned();
    writeFileSync(join(folder, 'key.pem'), key);
    writeFileSync(join(folder, 'cert.pem'), cert);
    const args = [`--ssl-cert=${join(folder, 'cert.pem')}`, `--ssl-key=${join(folder, 'key.pem')}`];
    server = await start({ args });
    const root = await createConnection(server.url);
    await root.query('CREATE DATABASE ww');
    await root.query("CREATE USER tls@'%' IDENTIFIED BY 'hush' REQUIRE SSL");
    await root.query("GRANT ALL ON ww.* TO tls@'%'");
    root.destroy();
    url = `mysql://tls:hush@127.0.0.1:${server.port}/ww`;
  });
  afterAll(async () => {
    await server.remove();
    rmSync(folder, { recursive: true });
  });

  it.each(['required', 'verify_ca', 'verify_identity'])('works with ssl-mode=%s', async (mode) => {
    const connection = await connect(placeOf(`${url}?ssl-mode=${mode}&ssl-ca=${join(folder, 'cert.pem')}`), 5_000);
    const [row] = await connection.rows("SHOW STATUS LIKE 'Ssl_version'");
    expect(row?.[1]).toMatch(/TLSv1\.[23]/);
    const late = connection.rows('SELECT SLEEP(20)');
    connection.destroy();
    await expect(late).rejects.toThrow(/closed|lost/i);
  });

  it.each([
    ['verify_ca', /do not agree on TLS.*ssl-ca/],
    ['verify_identity', /do not agree on TLS.*ssl-ca/],
    ['disabled', /refused the user/],
  ])('refuses ssl-mode=%s where it cannot be kept', async (mode, message) => {
    const error = await errorOf(openMysqlStore({ url: `${url}?ssl-mode=${mode}` }));
    expect([error.code, error.message]).toEqual(['unavailable', expect.stringMatching(message)]);
    expect(error.message).not.toContain('hush');
  });
}
