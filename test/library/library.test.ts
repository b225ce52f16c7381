import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Channel,
  createWatchword,
  type LogEvent,
  type Message,
  orThrow,
  RefusedError,
  SettingsError,
  type StartInput,
  type Watchword,
  type WatchwordEvent,
  type WatchwordOptions,
} from '../../src/index.ts';

let folder: string;
let opened: Watchword[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchword-library-'));
  opened = [];
});
afterEach(async () => {
  for (const watchword of opened) await watchword.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(options: WatchwordOptions = {}): Watchword {
  const watchword = createWatchword({
    databaseUrl: `sqlite:${join(folder, 'w.db')}`,
    mode: 'development',
    worker: false,
    ...options,
  });
  opened.push(watchword);
  return watchword;
}

/** A channel of the host program's own, which keeps what it was given. */
function keeper(): { readonly channel: Channel; readonly messages: Message[] } {
  const messages: Message[] = [];
  const channel: Channel = {
    name: 'keeper',
    channels: ['email', 'sms'],
    send: async (message) => {
      messages.push(message);
      return { type: 'accepted', messageId: null };
    },
  };
  return { channel, messages };
}

describe('the library', () => {
  it('carries a code through a channel object and approves it', async () => {
    const { channel, messages } = keeper();
    const events: WatchwordEvent[] = [];
    const { verify, worker } = open({ email: [channel], onEvent: (event) => events.push(event) });
    const started = orThrow(await verify.start({ to: 'ann@example.com', context: { order: '7' } }));
    await worker.tick();
    const code = messages[0]?.code.reveal() ?? '';
    expect(
      await verify.check(started.id, code === '000000' ? '111111' : '000000', { context: { order: '7' } }),
    ).toMatchObject({ result: 'incorrect' });
    expect(await verify.check(started.id, code, { context: { order: '7' } })).toMatchObject({ result: 'approved' });
    expect(await verify.get(started.id)).toMatchObject({ status: 'approved', test: false });
    expect((await verify.search({ status: 'approved' })).data?.map(({ id }) => id)).toEqual([started.id]);
    expect(events.map(({ type }) => type)).toEqual(['started', 'send_queued', 'sent', 'check_failed', 'approved']);
    expect(
      events.every(
        ({ verification, actor }) => verification === started.id && ['library', 'system'].includes(actor.type),
      ),
    ).toBe(true);
    expect(JSON.stringify(events)).not.toContain(code);
  });

  it('delivers by itself when the worker runs here', async () => {
    const { channel, messages } = keeper();
    const { verify } = open({ sms: [channel], worker: true });
    await verify.start({ to: '+14155552671' });
    await expect.poll(() => messages.length).toBe(1);
  });

  it('takes policies and limits as the configuration file does', async () => {
    const { verify } = open({ policies: { login: { max_checks: 2 } }, limits: { destination_sends: { max: 1 } } });
    expect(await verify.start({ to: 'ann@example.com' })).toMatchObject({ checks_remaining: 2 });
    const refused = await verify.start({ to: 'ann@example.com' });
    expect(refused).toMatchObject({
      ok: false,
      problem: { code: 'limit_exceeded', limit: { name: 'destination_sends' } },
    });
    expect(() => orThrow(refused)).toThrow(RefusedError);
  });

  it('resends and cancels', async () => {
    const { verify } = open();
    const { id } = orThrow(await verify.start({ to: 'ann@example.com' }));
    expect(await verify.resend(id)).toMatchObject({ ok: false, problem: { code: 'send_cooldown' } });
    expect(await verify.cancel(id)).toMatchObject({ ok: true, status: 'canceled' });
    expect(await verify.cancel(id)).toMatchObject({ ok: false, problem: { code: 'verification_closed' } });
  });

  it('makes test verifications in test mode, whose messages reach no channel', async () => {
    const { channel, messages } = keeper();
    const { verify, worker } = open({ email: [channel], testMode: true });
    expect(await verify.start({ to: 'ann@example.com' })).toMatchObject({ test: true });
    expect(await worker.tick()).toBe(1);
    expect(messages).toEqual([]);
  });

  it('answers the API as a fetch handler, with and without its base path', async () => {
    const { handler } = open({ basePath: '/otp' });
    expect((await handler(new Request('http://app.example/otp/healthz'))).status).toBe(200);
    expect((await handler(new Request('http://app.example/healthz'))).status).toBe(200);
    const refused = await handler(
      new Request('http://app.example/otp/v1/verifications', { method: 'POST', body: '{}' }),
    );
    expect(refused.status).toBe(401);
    const page = await handler(new Request('http://app.example/otp/'));
    expect(await page.text()).toContain('/otp/assets/');
  });

  it('refuses a wrong input with a pointer', async () => {
    const { verify } = open();
    const wrong = { to: 'ann@example.com', chanel: 'email' } as { to: string };
    expect(await verify.start(wrong)).toMatchObject({
      ok: false,
      problem: { code: 'invalid_request', errors: [{ pointer: '/chanel' }] },
    });
  });

  it('says no after close', async () => {
    const watchword = open();
    await watchword.verify.start({ to: 'ann@example.com' });
    await watchword.close();
    await watchword.close();
    const late = await watchword.verify.start({ to: 'ann@example.com' });
    expect(late).toMatchObject({ ok: false, problem: { code: 'unavailable' } });
    await expect(watchword.ready()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('names every bad option at once, without values', () => {
    const options = {
      databseUrl: 'x',
      secret: 'hunter2',
      mode: 'prod',
      email: ['hunter2'],
      sms: 'hunter2',
      basePath: 'otp',
      worker: 'yes',
    } as unknown as WatchwordOptions;
    let problems: readonly { name: string; problem: string }[] = [];
    try {
      createWatchword(options);
    } catch (error) {
      problems = error instanceof SettingsError ? error.problems : [];
    }
    expect(problems.map(({ name }) => name).sort()).toEqual([
      'basePath',
      'databseUrl',
      'email',
      'mode',
      'secret',
      'sms',
      'worker',
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
    expect(() => createWatchword({ mode: 'development', email: ['hunter2://x'] })).toThrow(/^email cannot be used/);
  });

  it('names everything wrong in policies, templates and limits before its first use', async () => {
    const { ready, verify } = open({
      policies: { login: { ttl_seconds: 1 } },
      limits: { destination_sends: { max: 0 } },
    });
    const names = ['limits/destination_sends/max', 'policies/login/ttl_seconds'];
    const told = await ready().catch((error: unknown) => error);
    expect(told).toBeInstanceOf(SettingsError);
    expect(told instanceof SettingsError && told.problems.map(({ name }) => name).sort()).toEqual(names);
    await expect(verify.start({ to: 'ann@example.com' })).rejects.toBeInstanceOf(SettingsError);
  });

  it('writes a line when it cannot open what its worker needs', async () => {
    const lines: LogEvent[] = [];
    open({ worker: true, policies: { login: { ttl_seconds: 1 } }, log: (line) => lines.push(line) });
    await expect.poll(() => lines.map(({ event }) => event)).toContain('library.not_opened');
  });

  it('refuses the inbox and a missing secret in production', () => {
    expect(() => createWatchword({ mode: 'production' })).toThrow(/^secret is required/);
    const secret = 'Zk3v9-Q0xT7pLw2mB8nRj5sYc1dHf6gU4aEi';
    expect(() => createWatchword({ mode: 'production', secret, sms: ['inbox://'] })).toThrow(/^sms cannot be used/);
  });
});

describe('starting many', () => {
  it('answers each in its place, whatever becomes of the others', async () => {
    const { verify, worker } = open({ limits: { destination_sends: { max: 1 } } });
    const inputs = Array.from({ length: 40 }, (_, number) => ({ to: `ann${number}@example.com` }));
    const bad = [{ to: 'nonsense' }, { to: 7 }, null, { to: 'ann0@example.com' }] as unknown as StartInput[];
    await verify.start({ to: 'ann0@example.com' });
    const answers = await verify.startMany([...bad, ...inputs.slice(1)], { atOnce: 4 });
    expect(answers.slice(0, 4).map(({ problem }) => problem?.code)).toEqual([
      'invalid_destination',
      'invalid_request',
      'invalid_request',
      'limit_exceeded',
    ]);
    const ids = answers.slice(4).map(({ id }) => id);
    expect(new Set(ids).size).toBe(39);
    const found = await Promise.all(ids.map((id) => verify.get(id ?? '')));
    expect(found.map(({ to }) => to?.masked.slice(0, 1))).toEqual(inputs.slice(1).map(() => 'a'));
    expect(await worker.tick()).toBeGreaterThan(0);
  });

  it('takes an empty list, and waits for each before the next when told so', async () => {
    const { channel, messages } = keeper();
    const { verify, worker } = open({ email: [channel] });
    expect(await verify.startMany([])).toEqual([]);
    const inputs = ['c', 'a', 'b'].map((name) => ({ to: `${name}@example.com` }));
    const answers = await verify.startMany(inputs, { atOnce: 1 });
    expect(answers.map(({ created_at }) => created_at)).toEqual(answers.map(({ created_at }) => created_at).toSorted());
    await worker.tick();
    expect(messages).toHaveLength(3);
  });

  it('answers a check of what was never started as unknown', async () => {
    const { verify } = open();
    const { id } = await verify.start({ to: 'nonsense' });
    expect(await verify.check(id as never, '000000')).toMatchObject({ problem: { code: 'verification_not_found' } });
  });
});
