import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDriver } from '../../src/stores/sqlite/driver.ts';
import { ended, lineOf, start, watchword, workplace } from './command-line.ts';

const { DatabaseSync } = await loadDriver();
let place: ReturnType<typeof workplace>;
beforeEach(() => {
  place = workplace();
});
afterEach(() => place.remove());

const SECRET = 'Zk3v9-Q0xT7pLw2mB8nRj5sYc1dHf6gU4aEi';

interface Serving {
  readonly url: string;
  readonly key: string;
  readonly ms: number;
  /** Sends the signal, and gives exit code and time. */
  stop(
    signal: 'SIGTERM' | 'SIGINT',
  ): Promise<{ readonly exit: number | null; readonly ms: number; readonly out: string }>;
}

async function serve(env: Record<string, string> = {}, words: readonly string[] = []): Promise<Serving> {
  const startedAt = performance.now();
  const child = start(['serve', '--json', ...words], { ...place.env, PORT: '0', ...env });
  const end = ended(child);
  const { url, test_key: key } = JSON.parse(await lineOf(child, /"url"/)) as { url: string; test_key: string };
  const ms = performance.now() - startedAt;
  return {
    url,
    key,
    ms,
    stop: async (signal) => {
      const at = performance.now();
      child.kill(signal);
      const { exit, out } = await end;
      return { exit, ms: performance.now() - at, out };
    },
  };
}

function call(serving: Serving, path: string, body?: unknown): Promise<Response> {
  return fetch(`${serving.url}${path}`, {
    headers: { authorization: `Bearer ${serving.key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
}

async function codeInInbox(serving: Serving): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const { data } = (await (await call(serving, '/v1/test/inbox')).json()) as { data: { text: string }[] };
    const code = /\b\d{6}\b/.exec(data[0]?.text ?? '')?.[0];
    if (code !== undefined) return code;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no message came');
}

describe('watchword serve', () => {
  it('carries a code out and back with the key it prints, and keeps the key over a restart', async () => {
    const serving = await serve();
    const started = (await (await call(serving, '/v1/verifications', { to: '+14155552671' })).json()) as { id: string };
    const code = await codeInInbox(serving);
    const checked = await (await call(serving, `/v1/verifications/${started.id}/checks`, { code })).json();
    expect(checked).toMatchObject({ result: 'approved' });
    expect((await serving.stop('SIGINT')).exit).toBe(0);
    const again = await serve();
    expect(again.key).toBe(serving.key);
    expect((await call(again, `/v1/verifications/${started.id}`)).status).toBe(200);
    await again.stop('SIGINT');
  });

  it('goes on when nobody reads its log any more', async () => {
    const child = start(['serve', '--json'], { ...place.env, PORT: '0' });
    const end = ended(child);
    const { url } = JSON.parse(await lineOf(child, /"url"/)) as { url: string };
    child.stdout?.destroy();
    for (let calls = 0; calls < 5; calls++) expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill('SIGINT');
    expect((await end).exit).toBe(0);
  });

  it('prints curl lines that a person can paste', async () => {
    const child = start(['serve'], { ...place.env, PORT: '0' });
    const end = ended(child);
    await lineOf(child, /^Docs /);
    child.kill('SIGINT');
    const { out } = await end;
    const url = /listens on (\S+)/.exec(out)?.[1];
    const key = /^Test key: (ww_test_\S+)$/m.exec(out)?.[1];
    expect(out).toContain(`curl -s ${url}/v1/verifications -H 'Authorization: Bearer ${key}'`);
    expect(out).toContain(`${url}/dev/inbox`);
  });

  it('keeps the development secret and key readable by their owner only', async () => {
    await (await serve()).stop('SIGINT');
    const file = join(place.folder, 'watchword.db.secrets.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(place.folder, 'watchword.db')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      secret: expect.stringMatching(/^.{32,}$/),
      test_key: expect.stringMatching(/^ww_test_/),
    });
  });

  it('says 503 at /readyz after SIGTERM, finishes and ends with 0 within ten seconds', async () => {
    const serving = await serve();
    expect((await call(serving, '/readyz')).status).toBe(200);
    const stopped = serving.stop('SIGTERM');
    let status = 200;
    for (let tries = 0; status === 200 && tries < 50; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      status = (await call(serving, '/readyz')).status;
    }
    expect(status).toBe(503);
    const { exit, ms } = await stopped;
    expect(exit).toBe(0);
    expect(ms).toBeLessThan(10_000);
  });

  it('leaves messages in the queue with --no-worker, for watchword worker to deliver', async () => {
    const serving = await serve({}, ['--no-worker']);
    const { id } = (await (await call(serving, '/v1/verifications', { to: 'ann@example.com' })).json()) as {
      id: string;
    };
    const queued = (await (await call(serving, `/v1/verifications/${id}/sends`)).json()) as {
      data: { status: string }[];
    };
    expect(queued.data[0]?.status).toBe('queued');
    const worker = start(['worker'], place.env);
    const end = ended(worker);
    expect(await codeInInbox(serving)).toMatch(/^\d{6}$/);
    worker.kill('SIGTERM');
    expect((await end).exit).toBe(0);
    await serving.stop('SIGINT');
  });

  it('names a busy port and the cure', async () => {
    const server = await new Promise<Server>((listening) => {
      const busy = createServer().listen(0, '127.0.0.1', () => listening(busy));
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { exit, err } = await watchword(['serve'], { ...place.env, PORT: String(port) });
    server.close();
    expect(exit).toBe(75);
    expect(err).toContain(`Another program listens on 127.0.0.1:${port}.`);
    expect(err).toContain('choose another port');
  });

  it('lists every bad setting with exit code 78, without values', async () => {
    const env = {
      ...place.env,
      PORT: 'hunter2',
      WATCHWORD_MODE: 'production',
      WATCHWORD_SMS: 'hunter2',
      WATCHWORD_TYPO: 'hunter2',
    };
    const { exit, err } = await watchword(['serve'], env);
    expect(exit).toBe(78);
    for (const name of ['PORT', 'WATCHWORD_SECRET', 'WATCHWORD_SMS', 'WATCHWORD_TYPO'])
      expect(err).toContain(`  ${name} `);
    expect(err).not.toContain('hunter2');
  });

  it('refuses the inbox, an unusable provider and a sample secret in production', async () => {
    const env = {
      ...place.env,
      WATCHWORD_MODE: 'production',
      WATCHWORD_SECRET: 'change-me-change-me-change-me-change-me',
      WATCHWORD_SMS: 'inbox://',
      WATCHWORD_EMAIL: 'twilo://x',
    };
    const { exit, err } = await watchword(['serve'], env);
    expect(exit).toBe(78);
    for (const name of ['WATCHWORD_SECRET', 'WATCHWORD_SMS', 'WATCHWORD_EMAIL']) expect(err).toContain(`  ${name} `);
  });

  it('refuses an old schema in production until watchword migrate has run, and then starts (S0.42)', async () => {
    const env = { ...place.env, WATCHWORD_MODE: 'production', WATCHWORD_SECRET: SECRET, PORT: '0', HOST: '127.0.0.1' };
    const refused = await watchword(['serve'], env);
    expect(refused).toMatchObject({ exit: 78, err: expect.stringContaining('watchword migrate') });
    expect((await watchword(['migrate', '--json'], env)).exit).toBe(0);
    expect((await watchword(['migrate'], env)).out).toContain('up to date');
    const child = start(['serve'], env);
    const end = ended(child);
    await lineOf(child, /"serve.ready"/);
    child.kill('SIGTERM');
    const { exit, out } = await end;
    expect(exit).toBe(0);
    expect(out).toContain('"limit":"application_sends"');
  });
});

describe('watchword keys', () => {
  it('creates, lists and revokes', async () => {
    const made = await watchword(
      [
        'keys',
        'create',
        '--application',
        'default',
        '--mode',
        'live',
        '--scopes',
        'send,check,read,admin',
        '--name',
        'shop',
        '--json',
      ],
      place.env,
    );
    const { id, key } = JSON.parse(made.out) as { id: string; key: string };
    expect(id).toMatch(/^key_[0-9A-Z]{30}$/);
    expect(key).toMatch(/^ww_live_/);
    const listed = await watchword(['keys', 'list', '--json'], place.env);
    expect(JSON.parse(listed.out)).toMatchObject({ data: [{ id, name: 'shop', mode: 'live', revoked_at: null }] });
    expect(listed.out).not.toContain(key);
    const revoked = await watchword(['keys', 'revoke', id, '--json'], place.env);
    expect(JSON.parse(revoked.out)).toMatchObject({ id, revoked_at: expect.stringMatching(/^\d{4}-/) });
    expect((await watchword(['keys', 'list'], place.env)).out).toContain('revoked');
  });

  it('fails for an unknown key and an unknown application', async () => {
    expect(await watchword(['keys', 'revoke', 'key_nothing'], place.env)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('There is no API key'),
    });
    expect(await watchword(['keys', 'list', '--application', 'nobody'], place.env)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('There is no application'),
    });
  });
});

describe('watchword agents', () => {
  it('S0.10: makes the first one, whose password is printed once, and no other with that address', async () => {
    const words = ['agents', 'create', '--email', 'noor@example.com', '--name', 'Noor Haddad', '--role', 'admin'];
    const made = await watchword(words, place.env);
    expect(made).toMatchObject({ exit: 0, err: '' });
    expect(made.out).toMatch(/^(?:[a-z0-9]{5}-){4}[a-z0-9]{5}$/m);
    expect(made.out).toContain('Administrator of “default”, signs in at /desk as noor@example.com.');
    const again = await watchword([...words, '--password', 'violet kettle under nine bridges'], place.env);
    expect([again.exit, again.out]).toEqual([1, '']);
    expect(again.err).toContain('Somebody with this e-mail address is here already.');
  });

  it('names the desk of another application, which is not the one that /desk leads to', async () => {
    const config = join(place.folder, 'harbour.json');
    writeFileSync(config, JSON.stringify({ applications: [{ name: 'harbour' }] }));
    const words = ['agents', 'create', '--application', 'harbour', '--email', 'milo@example.com', '--name', 'Milo'];
    const made = await watchword([...words, '--role', 'agent'], { ...place.env, WATCHWORD_CONFIG: config });
    expect(made.out).toContain('signs in at /desk/sign-in?app=harbour as milo@example.com.');
  });
});

describe('watchword send and check', () => {
  it('delivers through the provider on trial, and the code it carried is approved once (S0.47)', async () => {
    const sent = await watchword(['send', '--to', 'ann@example.com', '--dsn', 'console://'], place.env);
    expect(sent).toMatchObject({ exit: 0, err: '' });
    expect(sent.out).toContain('email via console: accepted');
    const id = /vrf_[0-9A-Z]{30}/.exec(sent.out)?.[0] ?? '';
    const code = /^\d{6}$/m.exec(sent.out)?.[0] ?? '';
    const wrong = code === '000000' ? '111111' : '000000';
    expect(await watchword(['check', '--id', id, '--code', wrong], place.env)).toMatchObject({
      exit: 1,
      out: 'The code is wrong. Checks left: 4.\n',
    });
    expect(await watchword(['check', '--id', id, '--code', code], place.env)).toMatchObject({
      exit: 0,
      out: 'Approved.\n',
    });
    const again = await watchword(['check', '--id', id, '--code', code, '--json'], place.env);
    expect(again.exit).toBe(1);
    expect(JSON.parse(again.out)).toMatchObject({ result: 'closed' });
  });

  it('tells the typed failure of a provider and leaves nothing in the queue', async () => {
    const sent = await watchword(
      ['send', '--to', 'ann@example.com', '--dsn', 'smtp://127.0.0.1:1?from=a@b.example', '--json'],
      place.env,
    );
    expect(sent.exit).toBe(1);
    const { id, attempts } = JSON.parse(sent.out) as { id: string; attempts: { provider: string; error: string }[] };
    expect(attempts).toMatchObject([{ provider: 'smtp:127.0.0.1:1', error: expect.stringContaining('unavailable') }]);
    const check = await watchword(['check', '--id', id, '--code', '123456', '--json'], place.env);
    expect(JSON.parse(check.out)).toMatchObject({ result: 'closed', verification: { status: 'canceled' } });
  });

  it('never carries another verification’s message over the provider on trial', async () => {
    const serving = await serve({}, ['--no-worker']);
    const { id } = (await (await call(serving, '/v1/verifications', { to: 'bob@example.com' })).json()) as {
      id: string;
    };
    const sent = await watchword(['send', '--to', 'ann@example.com', '--dsn', 'console://'], place.env);
    expect(sent.out).toContain('To: ann@example.com');
    expect(sent.out).not.toContain('bob@example.com');
    const sends = (await (await call(serving, `/v1/verifications/${id}/sends`)).json()) as {
      data: { status: string }[];
    };
    expect(sends.data[0]?.status).toBe('queued');
    await serving.stop('SIGINT');
  });

  it('refuses what is no address', async () => {
    expect(await watchword(['send', '--to', '+1415'], place.env)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('invalid_destination'),
    });
  });
});

describe('watchword doctor', () => {
  it('finds nothing to repair on a fresh machine', async () => {
    const { exit, out } = await watchword(['doctor', '--json'], place.env);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true });
  });

  it('sends the first message', async () => {
    const { exit, out } = await watchword(['doctor', '--send', 'ann@example.com'], {
      ...place.env,
      WATCHWORD_EMAIL: 'console://',
    });
    expect(exit).toBe(0);
    expect(out).toMatch(/ok +first message +vrf_\S+ accepted by console/);
  });

  it('names a mail server that does not answer, with the cure', async () => {
    const { exit, out } = await watchword(['doctor', '--json'], {
      ...place.env,
      WATCHWORD_EMAIL: 'smtp://user:hunter2@127.0.0.1:1?from=a@b.example',
    });
    expect(exit).toBe(1);
    expect(out).not.toContain('hunter2');
    const { checks } = JSON.parse(out) as { checks: { name: string; status: string; cure: string | null }[] };
    const bad = checks.filter(({ status }) => status === 'fail');
    expect(bad).toMatchObject([{ name: 'provider WATCHWORD_EMAIL', cure: expect.stringMatching(/\w/) }]);
  });

  it('lists bad settings as failures', async () => {
    const { exit, out } = await watchword(['doctor'], { PORT: 'x', WATCHWORD_LOGLEVEL: 'info' });
    expect(exit).toBe(1);
    expect(out).toMatch(/FAIL +setting PORT/);
    expect(out).toContain('did you mean WATCHWORD_LOG_LEVEL?');
  });

  it.each([
    ['signed by nobody', `replace(body, '"seal":"', '"seal":"x')`],
    ['unreadable', `'{}'`],
  ])('names the log whose sealing is halted, with the cure: its newest batch is %s', async (_, body) => {
    const serving = await serve();
    await call(serving, '/v1/audit/verify', {});
    await call(serving, '/v1/audit/verify', {});
    await serving.stop('SIGINT');
    const sealed = await watchword(['doctor'], place.env);
    expect([sealed.exit, sealed.out]).toEqual([0, expect.stringMatching(/ok +audit log +sealing goes on/)]);
    const file = new DatabaseSync(join(place.folder, 'watchword.db'));
    const { changes } = file.prepare(`UPDATE documents SET body = ${body} WHERE kind = 'audit_batch'`).run();
    file.close();
    expect(Number(changes)).toBeGreaterThan(0);
    const { exit, out } = await watchword(['doctor'], place.env);
    expect(exit).toBe(1);
    expect(out).toMatch(/FAIL +audit log +sealing of “default” is halted/);
    expect(out).toMatch(/→ Run: watchword audit verify --application default/);
    expect(out).not.toContain('All is well.');
  });

  it('warns when others can read the database', async () => {
    await watchword(['migrate'], place.env);
    const path = join(place.folder, 'watchword.db');
    chmodSync(path, 0o644);
    expect((await watchword(['doctor'], place.env)).out).toContain(`chmod 600 ${path}`);
  });
});

describe('watchword purge', () => {
  it('says when there is nothing to delete', async () => {
    expect(await watchword(['purge'], place.env)).toMatchObject({
      exit: 0,
      out: 'There are no records whose retention has ended.\n',
    });
    expect((await watchword(['purge', '--dry-run', '--json'], place.env)).out).toBe(
      '{"dry_run":true,"would_delete":0,"first":[]}\n',
    );
  });

  it('S3.32: counts and previews with --dry-run, and deletes closed records only', async () => {
    const closed: string[] = [];
    for (const to of ['ann@example.com', 'bob@example.com']) {
      const sent = await watchword(
        ['send', '--to', to, '--dsn', 'smtp://127.0.0.1:1?from=a@b.example', '--json'],
        place.env,
      );
      closed.push((JSON.parse(sent.out) as { id: string }).id);
    }
    const open = await watchword(['send', '--to', 'eve@example.com', '--json'], place.env);
    const { id } = JSON.parse(open.out) as { id: string };
    const preview = await watchword(['purge', '--days', '0', '--dry-run'], place.env);
    expect(preview.out).toContain('DRY RUN: would delete 2 records');
    for (const gone of closed) expect(preview.out).toContain(gone);
    expect((await watchword(['purge', '--days', '1', '--json'], place.env)).out).toBe(
      '{"dry_run":false,"deleted":0}\n',
    );
    expect((await watchword(['purge', '--days', '0', '--json'], place.env)).out).toBe(
      '{"dry_run":false,"deleted":2}\n',
    );
    const left = await watchword(['check', '--id', id, '--code', '123456'], place.env);
    expect(left.err).toBe('');
    expect((await watchword(['check', '--id', closed[0] ?? '', '--code', '123456'], place.env)).err).toContain(
      'verification_not_found',
    );
  });
});

describe('a .env file in the working directory', () => {
  it('is read, and the environment wins (S0.38)', async () => {
    writeFileSync(join(place.folder, '.env'), 'PORT=bad\nWATCHWORD_LOG_LEVEL=bad\n');
    const { exit, err } = await watchword(['migrate'], { ...place.env, PORT: '7070' }, place.folder);
    expect(exit).toBe(78);
    expect(err).toContain('WATCHWORD_LOG_LEVEL');
    expect(err).not.toContain('PORT');
  });
});

describe('watchword void', () => {
  it('tells webhooks what it ended, as a cancel does', async () => {
    const serving = await serve({}, ['--no-worker']);
    const made = await call(serving, '/v1/webhooks', {
      url: 'http://127.0.0.1:9/hook',
      events: ['verification.canceled'],
    });
    const { id: webhook } = (await made.json()) as { id: string };
    const { id } = (await (await call(serving, '/v1/verifications', { to: 'ann@example.com' })).json()) as {
      id: string;
    };
    expect((await watchword(['void'], place.env)).out).toBe('1 code taken out of force.\n');
    const { data } = (await (await call(serving, `/v1/webhooks/${webhook}/deliveries`)).json()) as { data: unknown };
    expect(data).toMatchObject([{ type: 'verification.canceled', verification: id, status: 'pending' }]);
    await serving.stop('SIGINT');
  });

  it('takes pending codes and reusable approvals out of force, and nothing else, and the audit log tells', async () => {
    const serving = await serve();
    const begin = async (to: string): Promise<{ readonly id: string; readonly code: string }> => {
      const { id } = (await (await call(serving, '/v1/verifications', { to })).json()) as { id: string };
      const code = await codeInInbox(serving);
      return { id, code };
    };
    const check = async ({ id, code }: { readonly id: string; readonly code: string }): Promise<unknown> =>
      (await call(serving, `/v1/verifications/${id}/checks`, { code })).json();
    await fetch(`${serving.url}/v1/policies/login`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${serving.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reuse: 'within_ttl' }),
    });
    const approved = await begin('ann@example.com');
    expect(await check(approved)).toMatchObject({ result: 'approved' });
    expect(await check(approved)).toMatchObject({ result: 'approved' });
    await fetch(`${serving.url}/v1/policies/login`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${serving.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ retention_days: null }),
    });
    const pending = await begin('bob@example.com');
    expect((await watchword(['void', '--dry-run', '--json'], place.env)).out).toBe('{"dry_run":true,"would_void":2}\n');
    expect((await watchword(['void'], place.env)).out).toBe('2 codes taken out of force.\n');
    expect(await check(pending)).toMatchObject({ result: 'closed', verification: { status: 'canceled' } });
    expect(await check(approved)).toMatchObject({ result: 'closed', verification: { status: 'approved' } });
    expect((await watchword(['void'], place.env)).out).toBe('No code was in force.\n');
    const listed = await fetch(`${serving.url}/v1/audit`, {
      headers: { authorization: `Bearer ${serving.key}` },
    });
    const { data } = (await listed.json()) as { data: readonly Record<string, unknown>[] };
    const actor = { type: 'system', id: 'command-line' };
    expect(data.filter(({ action }) => String(action).startsWith('verification'))).toMatchObject([
      { action: 'verifications.voided', actor, data: { voided: 2 } },
      { action: 'verification.closed', actor, target: pending.id, data: { status: 'canceled' } },
    ]);
    await serving.stop('SIGINT');
  });
});
