import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WatchwordError } from '../../src/core/errors.ts';
import { createHttpWorld } from '../support/world.ts';

type HttpWorld = Awaited<ReturnType<typeof createHttpWorld>>;
let world: HttpWorld;
beforeEach(async () => {
  world = await createHttpWorld({ policies: { login: { preset: 'customer-login' } } });
  await world.call('POST', '/v1/directory', { to: 'known@bluegum.example' });
});
afterEach(() => world.close());

/** What differs between any two answers, and nothing else. */
function bare(text: string): string {
  return text.replace(/(vrf|req)_[0-9A-Z]{30}/g, '$1_').replace(/(kn|un)•••@/, '••@');
}

describe('A25: an unknown person under a silent directory', () => {
  it('gets the same answer as a known one, and never a message (D2.7)', async () => {
    const known = await world.call('POST', '/v1/verifications', { to: 'known@bluegum.example' });
    const unknown = await world.call('POST', '/v1/verifications', { to: 'unknown@bluegum.example' });
    await world.service.worker.tick();
    expect([known.status, unknown.status]).toEqual([201, 201]);
    expect(bare(unknown.text)).toBe(bare(known.text));
    expect(world.sink.messages.map((message) => message.to)).toEqual(['known@bluegum.example']);
  });

  it('is told apart only by the key’s own /sends', async () => {
    const unknown = await world.call('POST', '/v1/verifications', { to: 'unknown@bluegum.example' });
    const id = unknown.body['id'];
    const sends = await world.call('GET', `/v1/verifications/${id}/sends`);
    expect(sends.body['data']).toMatchObject([{ status: 'dropped' }]);
    const checked = await world.call('POST', `/v1/verifications/${id}/checks`, { code: '123456' });
    expect(checked.body['result']).toBe('incorrect');
  });

  it('is not told by an outage of the directory, while a store elsewhere remembers who it saw', async () => {
    const { directory } = world.store;
    const seen = directory.has;
    const away = new WatchwordError('unavailable', 'The database is away.');
    Object.assign(directory, {
      has: async (application: string, indexes: readonly string[]) => {
        if (await seen(application, indexes)) return true;
        throw away;
      },
    });
    const known = await world.call('POST', '/v1/verifications', { to: 'known@bluegum.example' });
    const unknown = await world.call('POST', '/v1/verifications', { to: 'unknown@bluegum.example' });
    await world.service.worker.tick();
    expect([known.status, unknown.status]).toEqual([201, 201]);
    expect(bare(unknown.text)).toBe(bare(known.text));
    expect(world.sink.messages.map((message) => message.to)).toEqual(['known@bluegum.example']);
  });

  it('takes the same limits', async () => {
    const statuses = async (to: string) => {
      const answers = [];
      for (let i = 0; i < 11; i++) answers.push((await world.call('POST', '/v1/verifications', { to })).status);
      return answers;
    };
    expect(await statuses('unknown@bluegum.example')).toEqual(await statuses('known@bluegum.example'));
  });
});

describe('A26: an unknown verification', () => {
  it('does the work of a comparison all the same where the record is closed', async () => {
    const { body } = await world.call('POST', '/v1/verifications', { to: 'known@bluegum.example' });
    await world.service.worker.tick();
    const code = world.sink.last().code;
    await world.call('POST', `/v1/verifications/${body['id']}/cancel`);
    const { record } = await world.store.verifications.get(body['id']);
    expect(record?.digest).toBeNull();
    expect(
      (await world.call('POST', `/v1/verifications/${body['id']}/checks`, { code: code.reveal() })).body['result'],
    ).toBe('closed');
  });
});

describe('A25: a directory that tells programs, asked by a stranger in a browser', () => {
  it('says the same of a known person who said stop as of an unknown one who never did', async () => {
    await world.close();
    world = await createHttpWorld({ policies: { login: { recipients: 'directory', resend_cooldown_seconds: [0] } } });
    await world.call('POST', '/v1/directory', { to: 'known@bluegum.example' });
    await world.service.suppressions.add(world.caller(), { to: 'known@bluegum.example' });
    const stranger = { ...world.caller(), actor: { type: 'hosted', id: null } as const, browserIp: '203.0.113.7' };
    const answers = async (to: string) => {
      const started = await world.service.verify.start(stranger, { to, purpose: 'login' });
      if (!started.ok) return [started.problem.code];
      const again = await world.service.verify.resend(stranger, started.value.verification.id, {});
      return ['started', again.ok ? 'sent again' : again.problem.code];
    };
    expect(await answers('known@bluegum.example')).toEqual(await answers('unknown@bluegum.example'));
    await world.service.worker.tick();
    expect(world.sink.messages).toEqual([]);
  });
});
