import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Delivery, isDelivered, whyNot } from '../../src/cli/deliver.ts';
import { findApplication } from '../../src/cli/open.ts';
import { createOutput } from '../../src/cli/output.ts';
import { startAndDeliver } from '../../src/cli/send.ts';
import { compose, type Composition } from '../../src/compose.ts';
import { readSettings } from '../../src/config/index.ts';
import { type Accepted, type Channel, type Failure } from '../../src/ports/channel.ts';
import { createEnvironment } from '../../src/runtime/environment.ts';
import { ownSendsOnly } from '../../src/runtime/own-sends.ts';
import { TEST_SECRET } from '../support/process.ts';

const ACCEPTED: Accepted = { type: 'accepted', messageId: null };
const AWAY: Failure = { type: 'failure', kind: 'unavailable', retry: 'retry', detail: 'connection failed' };
const AHEAD_MS = 60_000;

describe('a command that delivers beside a running server', () => {
  let folder: string;
  let opened: Composition[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'watchword-deliver-'));
    opened = [];
  });
  afterEach(async () => {
    for (const composition of opened) await composition.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('does not count what the server carried over a provider of its own', async () => {
    const delivery = await deliver(provider('ours', AWAY), provider('theirs', ACCEPTED));
    expect(delivery).toMatchObject({ elsewhere: true, send: { status: 'accepted', provider: 'theirs' } });
    expect(isDelivered(delivery)).toBe(false);
    expect(whyNot(delivery)).toEqual({
      reason: expect.stringContaining('and its theirs took the message'),
      cure: expect.stringContaining('Stop that server'),
    });
  });

  it('counts what the server carried over the same provider', async () => {
    const delivery = await deliver(provider('ours', AWAY), provider('ours', ACCEPTED));
    expect(delivery).toMatchObject({ elsewhere: false, send: { provider: 'ours' } });
    expect(isDelivered(delivery)).toBe(true);
  });

  /** What the command sees while a server works on the same queue, which comes first to whatever is due in the next minute. */
  async function deliver(own: Channel, foreign: Channel): Promise<Delivery> {
    const [command, server] = [await open(own, 0, true), await open(foreign, AHEAD_MS, false)];
    const application = await findApplication(command);
    const input = { to: 'ann@example.com', channel: 'email' } as const;
    const output = createOutput({ json: true, streams: { out: () => undefined, err: () => undefined } });
    const delivering = startAndDeliver(command, { application, input, retries: true }, output);
    const over = new AbortController();
    const serving = work(server, over.signal);
    return await delivering.finally(async () => {
      over.abort();
      await serving;
    });
  }

  async function work({ service }: Composition, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await service.worker.tick();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function open(email: Channel, aheadMs: number, command: boolean): Promise<Composition> {
    const url = `sqlite:${join(folder, 'watchword.db')}`;
    const read = readSettings({ DATABASE_URL: url, WATCHWORD_SECRET: TEST_SECRET }, () => '');
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const env = createEnvironment({ log: () => undefined, flush: () => undefined });
    const composition = await compose({
      settings: read.settings,
      env: { ...env, now: () => Date.now() + aheadMs },
      print: () => undefined,
      providers: { email: [email] },
      ...(command ? { wrapStore: ownSendsOnly } : {}),
    });
    opened.push(composition);
    return composition;
  }
});

function provider(name: string, answer: Accepted | Failure): Channel {
  return { name, channels: ['email'], send: () => Promise.resolve(answer) };
}
