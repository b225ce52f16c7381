import { describe, expect, it } from 'vitest';
import { mysqlFault } from '../../src/stores/mysql/faults.ts';
import { problemOf, type Facts } from '../../src/stores/mysql/fitness.ts';
import { placeOf } from '../../src/stores/mysql/place.ts';
import { Turns } from '../../src/stores/mysql/turns.ts';

describe('a MySQL URL', () => {
  it('says where and as whom, with %XX in names and passwords', () => {
    expect(placeOf('mysql://w%40w:p%2Fa%3Ass@db.example:3307/watch%20word')).toEqual({
      host: 'db.example',
      port: 3307,
      socketPath: null,
      user: 'w@w',
      password: 'p/a:ss',
      database: 'watch word',
      tls: null,
    });
    expect(placeOf('mariadb://u@[::1]/ww')).toMatchObject({ host: '::1', port: 3306, user: 'u', password: '' });
    expect(placeOf('mysql://u@localhost/ww?socket=/run/mysqld/mysqld.sock').socketPath).toBe('/run/mysqld/mysqld.sock');
  });

  it.each([
    ['disabled', null],
    ['REQUIRED', { rejectUnauthorized: false, verifyIdentity: false }],
    ['verify-ca', { rejectUnauthorized: true, verifyIdentity: false }],
    ['VERIFY_IDENTITY', { rejectUnauthorized: true, verifyIdentity: true }],
  ])('with ssl-mode=%s means what MySQL means by it', (mode, tls) => {
    expect(placeOf(`mysql://u@h/d?ssl-mode=${mode}`).tls).toEqual(tls);
  });

  it.each([
    ['mysql://u:hush-hush@h', /of the form/],
    ['mysql://:hush-hush@h/d', /of the form/],
    ['mysql://u:hush-hush@h/a/b', /of the form/],
    ['mysql://u:hush-hush%ZZ@h/d', /of the form/],
    ['postgres://u:hush-hush@h/d', /of the form/],
    ['mysql://u:hush-hush@[bad/d', /of the form/],
    ['mysql://u:hush-hush@h/d?multipleStatements=true', /an option that is not known.*ssl-mode, ssl-ca, socket/],
    ['mysql://u:hush-hush@h/d?ssl-mode=preferred', /ssl-mode.*verify_identity/],
    ['mysql://u:hush-hush@h/d?ssl-mode=required&ssl-ca=/nowhere.pem', /ssl-ca that cannot be read/],
  ])('%s is refused without being shown', (url, message) => {
    const refused = (): unknown => placeOf(url);
    expect(refused).toThrow(message);
    expect(refused).toThrow(/^DATABASE_URL (?!.*hush)/);
  });
});

describe('a MySQL or MariaDB server', () => {
  const fit: Facts = { version: '8.0.36', innodb_flush_log_at_trx_commit: '1', read_only: 'OFF', log_bin: 'OFF' };

  it.each([
    ['8.0.17', null],
    ['8.4.2-log', null],
    ['9.1.0', null],
    ['10.6.0-MariaDB', null],
    ['11.4.2-MariaDB-ubu2404', null],
    ['8.0.16', /^MySQL 8.0.16 is too old. Use MySQL 8.0.17/],
    ['5.7.44', /^MySQL 5.7.44 is too old/],
    ['8.0.11-TiDB-v7.5.0', /too old/],
    ['10.5.23-MariaDB', /^MariaDB 10.5.23-MariaDB is too old.*MariaDB 10.6/],
    ['', /too old/],
  ])('of version "%s" is taken or refused', (version, problem) => {
    const found = problemOf({ ...fit, version });
    if (problem === null) expect(found).toBe(null);
    else expect(found).toMatch(problem);
  });

  it.each([
    [{ innodb_flush_log_at_trx_commit: '0' }, /innodb_flush_log_at_trx_commit = 0.*Set it to 1/],
    [{ innodb_flush_log_at_trx_commit: '2' }, /innodb_flush_log_at_trx_commit = 2/],
    [{ read_only: 'ON' }, /read_only = ON.*primary/],
    [{ read_only: 'ON', super_read_only: 'ON' }, /super_read_only = ON/],
    [{ innodb_read_only: 'ON' }, /innodb_read_only = ON/],
    [{ log_bin: 'ON', sync_binlog: '0' }, /sync_binlog = 0.*Set it to 1/],
    [{ log_bin: 'ON', sync_binlog: '1', binlog_format: 'STATEMENT' }, /binlog_format = STATEMENT.*ROW/],
  ])('with %j is refused with the cure', (facts, problem) => {
    expect(problemOf({ ...fit, ...facts })).toMatch(problem);
  });

  it('with a binary log that is flushed with each commit is taken', () => {
    expect(problemOf({ ...fit, log_bin: 'ON', sync_binlog: '1', binlog_format: 'ROW' })).toBe(null);
  });
});

describe('an error of a MySQL server', () => {
  const serverError = (errno: number, message = ''): Error =>
    Object.assign(new Error(message), { errno, sqlState: 'HY000', code: `ER_${errno}` });

  it.each([
    [1213, 'again'],
    [1062, 'again'],
    [1205, 'held'],
    [1053, 'lost'],
    [1146, 'unmigrated'],
    [1290, 'down'],
    [1114, 'down'],
    [1406, 'item'],
    [4242, 'item'],
  ])('%i means "%s"', (errno, kind) => {
    expect(mysqlFault(serverError(errno))).toMatchObject({ kind, code: `ER_${errno}` });
  });

  it('names a missing right, and not the user', () => {
    const { reason } = mysqlFault(serverError(1142, "DELETE command denied to user 'ww'@'10.0.0.7' for table 'sends'"));
    expect(reason).toMatch(/lacks the right to DELETE\. Grant/);
    expect(reason).not.toMatch(/ww'|10\.0/);
  });

  it('that never reached it is a lost connection', () => {
    const refused = Object.assign(new Error('connect'), { errno: -111, code: 'ECONNREFUSED' });
    expect(mysqlFault(refused)).toMatchObject({ kind: 'lost', reason: expect.stringMatching(/does not listen/) });
    expect(mysqlFault(new Error('self-signed certificate')).reason).toMatch(/ssl-mode/);
    expect(mysqlFault('anything').kind).toBe('lost');
  });
});

describe('the turns of a connection', () => {
  it('run nothing after what failed in a transaction, until it is rolled back', async () => {
    const turns = new Turns();
    const asked: string[] = [];
    const ask =
      (name: string, error?: Error): (() => Promise<string>) =>
      async () => {
        asked.push(name);
        await Promise.resolve();
        if (error !== undefined) throw error;
        return name;
      };
    await turns.begin(ask('begin'));
    const deadlock = new Error('deadlock');
    const outcomes = await Promise.allSettled([
      turns.next(ask('first')),
      turns.next(ask('second', deadlock)),
      turns.next(ask('third')),
      turns.commit(ask('commit')),
    ]);
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? null : outcome.reason))).toEqual([
      null,
      deadlock,
      deadlock,
      deadlock,
    ]);
    await turns.rollback(ask('rollback'));
    expect(await turns.next(ask('later'))).toBe('later');
    expect(asked).toEqual(['begin', 'first', 'second', 'rollback', 'later']);
  });

  it('go on after what failed outside of one', async () => {
    const turns = new Turns();
    await expect(turns.next(() => Promise.reject(new Error('syntax')))).rejects.toThrow('syntax');
    expect(await turns.next(() => Promise.resolve(1))).toBe(1);
  });
});
