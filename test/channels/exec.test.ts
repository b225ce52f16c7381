import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/channels/exec/outcome.ts';
import { checkDsn, createChannel } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import type { Accepted, Channel, Failure, Message } from '../../src/ports/channel.ts';
import { CODE, patient, recordingTools, SEND_ID, smsMessage } from './support/messages.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ww-exec-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let serial = 0;

/** A program in the operator's place. */
async function program(body: string, interpreter = '/bin/sh'): Promise<string> {
  const path = join(folder, `program-${serial++}`);
  await writeFile(path, `#!${interpreter}\n${body}\n`);
  await chmod(path, 0o700);
  return path;
}

async function channelFor(path: string): Promise<Channel> {
  return await createChannel(secret(`exec://${encodeURI(path)}`), 'sms', recordingTools());
}

async function sent(
  body: string,
  message: Message = smsMessage(),
  signal: AbortSignal = patient(),
): Promise<Accepted | Failure> {
  return await (await channelFor(await program(body))).send(message, signal);
}

describe('a message for a program', () => {
  it('comes as one line of JSON on its standard input, and its answer is the message id', async () => {
    const out = join(folder, 'received');
    const outcome = await sent(`cat > ${out}; echo gw-7; echo more`, smsMessage({ from: 'ACME' }));
    expect(outcome).toEqual({ type: 'accepted', messageId: 'gw-7' });
    const line = await readFile(out, 'utf8');
    expect(line.split('\n')).toHaveLength(2);
    expect(JSON.parse(line)).toEqual({
      type: 'message.send',
      data: {
        send_id: SEND_ID,
        channel: 'sms',
        to: '+14155552671',
        from: 'ACME',
        subject: null,
        text: smsMessage().text,
        html: null,
        locale: 'en',
      },
    });
  });

  it('leaves nothing in its arguments or environment, and nothing of ours', async () => {
    process.env['WW_TEST_SECRET'] = 'of the service';
    const out = join(folder, 'surroundings');
    await sent(`{ tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$$/environ; pwd; } > ${out}`);
    delete process.env['WW_TEST_SECRET'];
    const lines = (await readFile(out, 'utf8')).trim().split('\n');
    expect(lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split('=')[0])).toEqual(['PATH', 'LANG']);
    expect(lines.at(-1)).toBe('/');
    for (const hidden of [CODE, '4155552671', 'of the service']) expect(lines.join('\n')).not.toContain(hidden);
  });

  it('is never read by a shell', async () => {
    const path = join(folder, 'odd name;touch pwned');
    await writeFile(path, '#!/bin/sh\nexit 0\n');
    await chmod(path, 0o700);
    expect(await (await channelFor(path)).send(smsMessage(), patient())).toMatchObject({ type: 'accepted' });
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  it.each([
    ['nothing', 'true'],
    ['a blank in it', 'echo two words'],
    ['control characters', String.raw`printf '\033[31mred\n'`],
    ['300 characters', 'head -c 300 /dev/zero | tr "\\\\0" x'],
  ])('has no id when the answer is %s', async (_name, body) => {
    expect(await sent(`cat > /dev/null; ${body}`)).toEqual({ type: 'accepted', messageId: null });
  });

  it('may be left unread, and answered with more than anybody reads', async () => {
    const long = smsMessage({ text: 'x'.repeat(1_000_000) });
    expect(await sent('exit 0', long)).toMatchObject({ type: 'accepted' });
    expect(await sent('echo id-1; head -c 3000000 /dev/zero')).toEqual({ type: 'accepted', messageId: 'id-1' });
  });
});

describe('the end of a program', () => {
  it.each(Object.entries(EXIT_CODES).map(([code, meaning]) => [Number(code), meaning] as const))(
    'with exit code %s is understood',
    async (code, meaning) => {
      expect(await sent(`exit ${code}`)).toEqual({ type: 'failure', ...meaning, detail: `exit code ${code}` });
    },
  );

  it('by an unknown code or a signal leaves open what became of the message', async () => {
    expect(await sent('exit 1')).toMatchObject({ kind: 'unavailable', retry: 'once', detail: 'exit code 1' });
    expect(await sent('exit 127')).toMatchObject({ retry: 'once' });
    expect(await sent('kill -TERM $$')).toMatchObject({ retry: 'once', detail: 'the program was ended by SIGTERM' });
  });

  it('keeps the first line of its errors, without number, code or text', async () => {
    const outcome = await sent('printf "\\nno route for +14155552671 code 048213\\nsecond" >&2; exit 69');
    expect(outcome).toMatchObject({ detail: expect.stringMatching(/^exit code 69: no route for/) as string });
    expect(JSON.stringify(outcome)).not.toMatch(/4155552671|048213|second/);
  });

  it('never comes when it cannot be started', async () => {
    const missing = await channelFor(join(folder, 'missing'));
    expect(await missing.send(smsMessage(), patient())).toEqual({
      type: 'failure',
      kind: 'misconfigured',
      retry: 'final',
      detail: 'the program could not be started (ENOENT)',
    });
    const locked = await program('exit 0');
    await chmod(locked, 0o600);
    expect(await (await channelFor(locked)).send(smsMessage(), patient())).toMatchObject({ kind: 'misconfigured' });
  });
});

describe('the deadline of a program', () => {
  /** True while a process of this id runs; one that waits for its parent to notice counts as gone. */
  async function runs(pid: number): Promise<boolean> {
    try {
      return !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  }

  async function pidsIn(file: string, count: number): Promise<number[]> {
    const read = async (): Promise<number[]> =>
      existsSync(file) ? (await readFile(file, 'utf8')).trim().split('\n').map(Number) : [];
    await expect.poll(async () => (await read()).length, { timeout: 5_000 }).toBe(count);
    return await read();
  }

  it('kills it and everything it started', async () => {
    const file = join(folder, 'pids');
    const abort = new AbortController();
    const sending = sent(
      `sleep 600 & echo $! > ${file}\necho $$ >> ${file}\ntrap '' TERM\nwait`,
      undefined,
      abort.signal,
    );
    const pids = await pidsIn(file, 2);
    abort.abort();
    expect(await sending).toMatchObject({ kind: 'unavailable', retry: 'once' });
    for (const pid of pids) await expect.poll(() => runs(pid)).toBe(false);
  });

  it('is not waited for when a child outlives the program', async () => {
    const file = join(folder, 'child');
    expect(await sent(`sleep 600 & echo $! > ${file}\nexit 0`)).toMatchObject({ type: 'accepted' });
    const [pid = 0] = await pidsIn(file, 1);
    await expect.poll(() => runs(pid)).toBe(false);
  });

  it('that has passed already starts nothing', async () => {
    const file = join(folder, 'never');
    const outcome = await sent(`touch ${file}`, undefined, AbortSignal.abort());
    expect(outcome).toMatchObject({ type: 'failure', kind: 'unavailable', retry: 'retry' });
    expect(existsSync(file)).toBe(false);
  });
});

describe('a DSN for a program', () => {
  it.each([
    ['exec://program', /must be absolute/],
    ['exec://', /path of a program is missing/],
    ['exec:///usr/bin/', /path of a program is missing/],
    ['exec://user@/usr/bin/send', /must be absolute/],
    ['exec:///usr/bin/send?shell=1', /it takes none/],
    ['exec:///usr/bin/%00send', /control character/],
  ])('is refused: %s', (dsn, problem) => {
    expect(checkDsn(dsn, 'sms')).toMatch(problem);
  });

  it('is for every channel, and can be tried without sending', async () => {
    for (const kind of ['sms', 'email', 'voice', 'whatsapp', 'telegram'] as const)
      expect(checkDsn('exec:///usr/local/bin/send', kind)).toBe(null);
    expect(await (await channelFor(await program('exit 9'))).probe?.(patient())).toBe(null);
    expect(await (await channelFor(join(folder, 'missing'))).probe?.(patient())).toMatch(/ENOENT.*Check the path/);
    expect(await (await channelFor(folder)).probe?.(patient())).toMatch(/is no file/);
  });
});
