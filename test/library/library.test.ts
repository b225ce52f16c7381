import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Channel,
  createWatchword,
  type Message,
  RefusedError,
  SettingsError,
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
    const started = await verify.start({ to: 'ann@example.com', context: { order: '7' } });
    await worker.tick();
    const code = messages[0]?.code.reveal() ?? '';
    expect(
      await verify.check(started.id, code === '000000' ? '111111' : '000000', { context: { order: '7' } }),
    ).toMatchObject({ result: 'incorrect' });
    expect(await verify.check(started.id, code, { context: { order: '7' } })).toMatchObject({ result: 'approved' });
    expect(await verify.get(started.id)).toMatchObject({ status: 'approved', test: false });
    expect((await verify.search({ status: 'approved' })).data.map(({ id }) => id)).toEqual([started.id]);
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
    await expect(verify.start({ to: 'ann@example.com' })).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'limit_exceeded',
      problem: { limit: { name: 'destination_sends' } },
    });
  });

  it('resends and cancels', async () => {
    const { verify } = open();
    const { id } = await verify.start({ to: 'ann@example.com' });
    await expect(verify.resend(id)).rejects.toMatchObject({ code: 'send_cooldown' });
    expect(await verify.cancel(id)).toMatchObject({ status: 'canceled' });
    await expect(verify.cancel(id)).rejects.toBeInstanceOf(RefusedError);
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
    await expect(verify.start(wrong)).rejects.toMatchObject({
      code: 'invalid_request',
      problem: { errors: [{ pointer: '/chanel' }] },
    });
  });

  it('says no after close', async () => {
    const watchword = open();
    await watchword.verify.start({ to: 'ann@example.com' });
    await watchword.close();
    await watchword.close();
    await expect(watchword.verify.start({ to: 'ann@example.com' })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('names every bad option at once, without values', () => {
    const options = {
      databseUrl: 'x',
      secret: 'hunter2',
      mode: 'prod',
      email: ['hunter2'],
      sms: 'hunter2',
      policies: { login: { ttl_seconds: 1 } },
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
      'policies/login/ttl_seconds',
      'secret',
      'sms',
      'worker',
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
    expect(() => createWatchword({ mode: 'development', email: ['hunter2://x'] })).toThrow(/^email cannot be used/);
  });

  it('refuses the inbox and a missing secret in production', () => {
    expect(() => createWatchword({ mode: 'production' })).toThrow(/^secret is required/);
    const secret = 'Zk3v9-Q0xT7pLw2mB8nRj5sYc1dHf6gU4aEi';
    expect(() => createWatchword({ mode: 'production', secret, sms: ['inbox://'] })).toThrow(/^sms cannot be used/);
  });
});
