import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChannel } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import { CHANNELS } from '../../src/core/verification.ts';
import { CODE, emailMessage, patient, recordingTools, SEND_ID, smsMessage } from './support/messages.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchword-file-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(CHANNELS)('for %s', (kind) => {
  it('inbox, console and file each take the message', async () => {
    const tools = recordingTools();
    for (const dsn of ['inbox://', 'console://', `file://${folder}/${kind}.jsonl`]) {
      const channel = await createChannel(secret(dsn), kind, tools);
      expect(channel.channels).toEqual([kind]);
      expect(await channel.send(smsMessage({ channel: kind }), patient())).toEqual({
        type: 'accepted',
        messageId: null,
      });
    }
    expect(tools.kept).toHaveLength(1);
    expect(tools.printed.length).toBeGreaterThan(0);
    expect(readFileSync(`${folder}/${kind}.jsonl`, 'utf8')).toContain(CODE);
  });
});

describe('the console', () => {
  it('prints a readable block whose text cannot steer the terminal (S0.43)', async () => {
    const tools = recordingTools();
    const channel = await createChannel(secret('console://'), 'email', tools);
    await channel.send(emailMessage({ text: `Code ${CODE}\r\n\u001b[2Jbye` }), patient());
    expect(tools.printed).toEqual([
      `--- email ${SEND_ID} ---`,
      'To: jane.doe@recipient.example',
      'Subject: Your Acme code',
      '',
      `Code ${CODE}`,
      ' [2Jbye',
      '---',
    ]);
  });
});

describe('the inbox', () => {
  it('that cannot be written is worth another try', async () => {
    const inbox = async (): Promise<void> => {
      throw new Error('disk full');
    };
    const channel = await createChannel(secret('inbox://'), 'sms', { ...recordingTools(), inbox });
    expect(await channel.send(smsMessage(), patient())).toMatchObject({ kind: 'unavailable', retry: 'retry' });
  });
});

describe('the file', () => {
  it('gets one JSON line per message, in a folder made for it, readable by its owner only', async () => {
    const path = join(folder, 'deep/er/messages.jsonl');
    const channel = await createChannel(secret(`file://${path}`), 'email', recordingTools());
    const messages = Array.from({ length: 20 }, (_, i) =>
      emailMessage({ sendId: `snd_${i}`, text: `line\n${'é'.repeat(5000)}` }),
    );
    await Promise.all(messages.map((message) => channel.send(message, patient())));
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const ids = lines.map((line) => (JSON.parse(line) as { data: { send_id: string } }).data.send_id);
    expect(ids.sort()).toEqual(messages.map((message) => message.sendId).sort());
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'message.send' });
    expect(Object.keys((JSON.parse(lines[0] ?? '') as { data: object }).data)).toEqual([
      'send_id',
      'channel',
      'to',
      'from',
      'subject',
      'text',
      'html',
      'locale',
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'deep/er')).mode & 0o777).toBe(0o700);
    expect(await channel.probe?.(patient())).toBeNull();
  });

  it('that cannot be opened is worth another try and the probe says so', async () => {
    const channel = await createChannel(secret(`file://${folder}`), 'email', recordingTools());
    expect(await channel.send(emailMessage(), patient())).toMatchObject({
      kind: 'unavailable',
      retry: 'retry',
      detail: 'the file could not be written (EISDIR)',
    });
    expect(await channel.probe?.(patient())).toMatch(/cannot be opened for writing \(EISDIR\)/);
  });
});
