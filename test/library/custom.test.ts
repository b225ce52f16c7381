import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Channel,
  createWatchword,
  SettingsError,
  type Watchword,
  type WatchwordOptions,
} from '../../src/index.ts';
import { STORE_CALLS } from '../../src/runtime/custom-store.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchword-custom-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function moduleOf(name: string, text: string): `module:${string}` {
  writeFileSync(join(folder, name), text);
  return `module:${join(folder, name)}`;
}

function open(options: WatchwordOptions): Watchword {
  return createWatchword({ databaseUrl: 'sqlite::memory:', worker: false, ...options });
}

async function refusal(options: WatchwordOptions): Promise<string> {
  const told = await open(options)
    .ready()
    .catch((error: unknown) => error);
  if (!(told instanceof SettingsError)) throw new Error('it was not refused');
  return told.message;
}

const send: Channel['send'] = async () => ({ type: 'accepted', messageId: null });

describe('a channel of one’s own', () => {
  it.each([
    ['nothing but a name', { name: 'mine' }, /number 1.*channels must list.*send\(message, signal\) is missing/],
    ['no name', { channels: ['sms'], send }, /name must be a text/],
    ['another channel', { name: 'mine', channels: ['email'], send }, /channels does not list sms/],
    ['an unknown channel', { name: 'mine', channels: ['fax'], send }, /channels may list .*sms/],
    ['a part that is no function', { name: 'mine', channels: ['sms'], send, poll: 1 }, /poll must be/],
    ['a number', 7, /it must be an object/],
  ])('is refused at once with %s, naming what is missing', (_what, channel, told) => {
    expect(() => open({ sms: [channel as never] })).toThrow(told);
  });

  it('is loaded by the path of its module, which may make it', async () => {
    const text = `const told = [];
      export const sent = told;
      export default async () => ({ name: 'mine', channels: ['sms'], send: async ({ to }) => (told.push(to), { type: 'accepted', messageId: null }) });`;
    const name = moduleOf('channel.mjs', text);
    const { verify, worker, close } = open({ sms: [name] });
    expect(await verify.start({ to: '+14155552671' })).toMatchObject({ ok: true });
    await worker.tick();
    const { sent } = (await import(pathToFileURL(name.slice('module:'.length)).href)) as { readonly sent: string[] };
    expect(sent).toEqual(['+14155552671']);
    await close();
  });

  it.each([
    [
      'that is not there',
      'module:./nowhere/channel.mjs',
      /sms names the module ".\/nowhere\/channel.mjs".*no such file/,
    ],
    ['of a package that is not there', 'module:no-such-channel', /"no-such-channel".*no such package is installed/],
  ])('is refused with a module %s, quoting the path (C19)', async (_what, name, told) => {
    expect(await refusal({ sms: [name] })).toMatch(told);
  });

  it('is refused with a module that exports none, or breaks', async () => {
    expect(await refusal({ sms: [moduleOf('empty.mjs', 'export const x = 1;')] })).toMatch(/has no default export/);
    const half = moduleOf('half.mjs', "export default { name: 'mine', channels: ['sms'] };");
    expect(await refusal({ sms: [half] })).toMatch(
      /half\.mjs".*exports no channel: send\(message, signal\) is missing/,
    );
    const broken = moduleOf('broken.mjs', "throw new Error('no licence');");
    expect(await refusal({ sms: [broken] })).toMatch(/cannot be loaded: no licence/);
  });
});

describe('a store of one’s own', () => {
  it('carries the service, and stays open when Watchword closes', async () => {
    const store = await openSqliteStore({ path: ':memory:' });
    const watchword = open({ store });
    const started = await watchword.verify.start({ to: 'ann@example.com' });
    expect(started).toMatchObject({ ok: true, status: 'pending' });
    await watchword.close();
    expect((await store.verifications.get(started.id ?? '')).record?.id).toBe(started.id);
    await store.close();
  });

  it('is loaded by the path of its module', async () => {
    const driver = pathToFileURL(join(import.meta.dirname, '../../dist/stores/sqlite/index.js')).href;
    const text = `import { openSqliteStore } from '${driver}';\nexport default () => openSqliteStore({ path: ':memory:' });`;
    const { verify, close } = open({ store: moduleOf('store.mjs', text) });
    expect(await verify.start({ to: 'ann@example.com' })).toMatchObject({ ok: true });
    await close();
  });

  it('is refused with what it lacks by name', async () => {
    const store = await openSqliteStore({ path: ':memory:' });
    const { replace: _replace, ...rest } = store.verifications;
    const { tasks: _tasks, ...half } = { ...store, verifications: rest, outbox: null };
    expect(() => open({ store: half as never })).toThrow(
      /store is no store: it lacks .*verifications\.replace.*outbox.*tasks/,
    );
    expect(await refusal({ store: moduleOf('none.mjs', 'export default {};') })).toMatch(
      /none\.mjs".*it lacks verifications/,
    );
    await store.close();
  });

  it.each([
    ['a function', () => openSqliteStore({ path: ':memory:' }), /store is a function: call it/],
    ['a promise', Promise.resolve({}), /store is a promise: await it/],
  ])('is refused as %s, with what to do', (_what, store, told) => {
    expect(() => open({ store: store as never })).toThrow(told);
    expect(() => open({ store: store as never })).not.toThrow(/lacks|sql or redis/);
  });

  it('is asked for every call that the ports have', async () => {
    const store = await openSqliteStore({ path: ':memory:' });
    for (const [port, calls] of Object.entries(STORE_CALLS)) {
      const real = Object.keys(store[port as keyof typeof STORE_CALLS]);
      expect([port, real.toSorted()]).toEqual([port, [...calls].toSorted()]);
    }
    await store.close();
  });
});
