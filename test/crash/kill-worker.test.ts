import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/messages.ts';
import { dieInData, endScenes, scene, sendOf, startOne } from './worker-scene.ts';

const TAKEN_UP_MS = 20_000;
afterAll(endScenes);

describe.concurrent('F2: kill -9 between the mail server’s acceptance and the commit', () => {
  it('costs one more mail with the same code and Message-ID, within 20 s', async () => {
    const given = await scene();
    const id = await startOne(given);
    const killedAt = await dieInData(given);
    const next = given.newWorker();
    const send = await eventually(
      async () => {
        const found = await sendOf(given, id);
        return found['status'] === 'accepted' ? found : null;
      },
      TAKEN_UP_MS + 5_000,
      'the acceptance',
    );
    const [first, second, ...more] = given.mails;
    expect(more).toEqual([]);
    expect(second?.id).toBe(first?.id);
    expect(first?.id).toMatch(/^<.+@.+>$/);
    expect(second?.code).toBe(first?.code);
    expect((second?.at ?? Infinity) - killedAt).toBeLessThan(TAKEN_UP_MS);
    expect(send['attempts']).toHaveLength(1);
    const checked = await given.server.call('POST', `/v1/verifications/${id}/checks`, {
      key: given.key,
      body: { code: first?.code },
    });
    expect(checked.body['result']).toBe('approved');
    await next.kill('SIGTERM');
  }, 60_000);

  it('twice over costs no third mail: the send is reported as failed', async () => {
    const given = await scene();
    const id = await startOne(given);
    await dieInData(given);
    await dieInData(given);
    given.newWorker();
    const send = await eventually(
      async () => {
        const found = await sendOf(given, id);
        return found['status'] === 'queued' ? null : found;
      },
      TAKEN_UP_MS + 5_000,
      'the end of the send',
    );
    expect(send).toMatchObject({ status: 'failed', error: 'unknown_outcome' });
    expect(given.mails).toHaveLength(2);
    expect(new Set(given.mails.map(({ id: messageId, code }) => `${messageId} ${code}`)).size).toBe(1);
  }, 80_000);
});
