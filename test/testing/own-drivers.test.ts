import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEST_DESTINATIONS } from '../../src/channels/index.ts';
import { createWatchword, orThrow, type Watchword } from '../../src/index.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import {
  channelContract,
  countersContract,
  type OpenStore,
  storeContract,
  testInbox,
} from '../../src/testing/index.ts';
import { readPage } from '../structure/pages.ts';

// Written from docs/testing.md alone: nothing of the project is imported but the suites.
function createPagerChannel(provider: Pager) {
  return {
    name: 'pager',
    channels: ['sms'] as const,
    async send(message: { readonly to: string; readonly text: string }, signal: AbortSignal) {
      if (provider.stalled) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      if (signal.aborted)
        return { type: 'failure', kind: 'unavailable', retry: 'once', detail: 'not waited for' } as const;
      if (provider.refusing)
        return { type: 'failure', kind: 'rejected', retry: 'final', detail: 'the pager says no' } as const;
      provider.messages.push({ to: message.to, text: message.text });
      return { type: 'accepted', messageId: String(provider.messages.length) } as const;
    },
  };
}

interface Pager {
  readonly messages: { to: string; text: string }[];
  refusing: boolean;
  stalled: boolean;
}

channelContract(
  'pager',
  async () => {
    const provider: Pager = { messages: [], refusing: false, stalled: false };
    return {
      channel: createPagerChannel(provider),
      arrived: () => provider.messages,
      refuse: () => (provider.refusing = true),
      stall: () => (provider.stalled = true),
      close: async () => undefined,
    };
  },
  { describe, it, expect },
);

countersContract(
  'sqlite',
  async (clock) => {
    const store = await openSqliteStore({ path: ':memory:', now: clock.now });
    await store.migrations.migrate();
    return store;
  },
  { describe, it, expect },
);

describe('the channel suite', () => {
  /** Runs the suite on a channel and returns the names of the tests it fails. */
  async function failures(send: (message: never, signal: AbortSignal) => Promise<unknown>): Promise<readonly string[]> {
    const tests: { readonly name: string; readonly body: () => Promise<void> }[] = [];
    const arrived: { to: string; text: string }[] = [];
    const channel = { name: 'bad', channels: ['sms'], send } as never;
    const under = { channel, arrived: () => arrived, refuse: () => undefined, close: async () => undefined };
    const collect = { describe: (_: string, body: () => void) => body(), expect };
    channelContract('bad', async () => under, { ...collect, it: (name, body) => void tests.push({ name, body }) });
    const failed: string[] = [];
    for (const { name, body } of tests) await body().catch(() => failed.push(name));
    return failed;
  }

  it('convicts a channel that throws, and one that tells the code', async () => {
    const throwing = await failures(async () => {
      throw new Error('no');
    });
    expect(throwing).toHaveLength(3);
    const telling = await failures(async (message: never) => {
      const { text } = message as { readonly text: string };
      return { type: 'failure', kind: 'rejected', retry: 'final', detail: `refused: ${text}` };
    });
    expect(telling.some((name) => name.includes('no code'))).toBe(true);
  });
});

describe('the store suite', () => {
  it('says in words what it compared, and where', async () => {
    const tests = new Map<string, () => Promise<void>>();
    const open: OpenStore = async (clock) => {
      const store = await openSqliteStore({ path: ':memory:', now: clock.now });
      await store.migrations.migrate();
      const tally: typeof store.records.tally = async (query) => ({
        ...(await store.records.tally(query)),
        isPartial: false,
      });
      return { ...store, records: { ...store.records, tally } };
    };
    const collect = { describe: (_: string, body: () => void) => body(), expect };
    storeContract('bad', open, { ...collect, it: (name, body) => void tests.set(name, body) });
    const [, run] = [...tests].find(([name]) => name.startsWith('counts by the status')) ?? [];
    const failure = (await run?.().catch((error: unknown) => error)) as Error;
    expect(failure.message).toMatch(/^isPartial when there are more records than `patience`: .*false/);
    expect(failure.stack?.split('\n    at ')[1]).toContain('records-contract');
  });
});

describe('the test inbox', () => {
  let watchword: Watchword;
  beforeEach(() => {
    watchword = createWatchword({ databaseUrl: 'sqlite::memory:', testMode: true });
  });
  afterEach(() => watchword.close());

  it('waits for a code, gives each once, and says when none comes', async () => {
    const inbox = testInbox({ handler: async () => Response.json({ data: [] }), key: 'ww_test_x' });
    await expect(inbox.code('ann@example.com', { timeoutMs: 60 })).rejects.toThrow('no message with a code');
    const refused = testInbox({ handler: watchword.handler, key: 'ww_test_x' });
    await expect(refused.messages()).rejects.toThrow('/v1/test/inbox answered 401');
    const told = [
      { send_id: 'b', text: 'Code 482915 for order 7.' },
      { send_id: 'a', text: 'Your code: K7M2QX' },
    ];
    const full = testInbox({ handler: async () => Response.json({ data: told }), key: 'k' });
    expect([await full.code('x'), await full.code('x')]).toEqual(['482915', 'K7M2QX']);
  });
});

describe('docs/testing.md', () => {
  const { text } = readPage('docs/testing.md');

  it('names every destination with a fate', () => {
    for (const { phone, email } of Object.values(TEST_DESTINATIONS))
      expect(text).toContain(`| \`${phone}\`, \`${email}\``);
  });

  it('is about verifications that a library in test mode makes too', async () => {
    const { verify, close } = createWatchword({ databaseUrl: 'sqlite::memory:', testMode: true, worker: false });
    const started = orThrow(await verify.start({ to: TEST_DESTINATIONS.refused.email }));
    expect(started.test).toBe(true);
    await close();
  });
});
