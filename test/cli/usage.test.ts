import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { EXITS } from '../../src/cli/exit.ts';
import { run } from '../../src/cli/run.ts';

interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function say(line: string): Promise<Said> {
  let out = '';
  let err = '';
  const streams = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const exit = await run(line === '' ? [] : line.split(' '), streams, '1.2.3');
  return { exit, out, err };
}

describe('the command line', () => {
  it('explains every command with an example', async () => {
    const { exit, out } = await say('--help');
    expect(exit).toBe(0);
    for (const { name, examples } of COMMANDS) {
      expect(out).toContain(`  ${name} `);
      expect(out).toContain(examples[0]?.line);
    }
    for (const { code } of Object.values(EXITS)) expect(out).toMatch(new RegExp(`^  ${code} `, 'm'));
  });

  it.each(COMMANDS.map(({ name }) => name))('explains %s', async (name) => {
    const { exit, out } = await say(`${name} --help`);
    expect(exit).toBe(0);
    expect(out).toContain(`Usage: watchword ${name}`);
    expect(out).toContain('Examples:');
  });

  it('refuses to copy from a file that is not there, and makes none', async () => {
    const path = join(tmpdir(), `watchword-never-made-${process.pid}.db`);
    const { exit, err } = await say(`migrate --from sqlite:${path} --to postgres://a:b@127.0.0.1:1/x`);
    expect(exit).toBe(EXITS.usage.code);
    expect(err).toContain(`--from: there is no file ${path}`);
    expect(existsSync(path)).toBe(false);
  });

  it('tells of a database that cannot be opened by the option that names it', async () => {
    const { exit, err } = await say('migrate --from postgres://a:b@127.0.0.1:1/x --to postgres://a:b@127.0.0.1:1/y');
    expect(exit).toBe(EXITS.unavailable.code);
    expect(err).toContain('does not listen at the address in --from.');
    expect(err).not.toContain('DATABASE_URL');
  });

  it('says its version', async () => {
    expect(await say('--version')).toEqual({ exit: 0, out: '1.2.3\n', err: '' });
    expect((await say('--version --json')).out).toBe('{"version":"1.2.3"}\n');
  });

  it.each([
    ['srve', 'There is no command “srve”.', 'Did you mean watchword serve?'],
    ['frobnicate', 'There is no command “frobnicate”.', 'See watchword --help.'],
    ['keys', '“keys” needs one more word.', 'keys create, keys list, keys revoke'],
    ['keys crate', '“keys” needs one more word.', 'keys create'],
    ['serve --no-wroker', 'There is no option --no-wroker here.', 'Did you mean --no-worker?'],
    ['serve -p', 'There is no option -p here.', 'It takes --no-worker'],
    ['serve --no-worker=yes', '--no-worker takes no value.', ''],
    ['serve now', '“now” is one word too many', ''],
    ['send', 'watchword send needs --to ADDRESS.', 'watchword send --help'],
    ['send --to', '--to needs a value', ''],
    ['send --to a@b.example --to c@d.example', '--to is given twice.', ''],
    ['send --to a@b.example --channel fax', 'There is no channel “fax”.', 'sms, email'],
    ['send --to a@b.example --dsn nothing', '--dsn cannot be used', ''],
    ['migrate --from sqlite:a.db --to sqlite:./a.db', '--from and --to name the same database.', ''],
    ['keys revoke', 'watchword keys revoke needs ID.', ''],
    ['keys create --mode both', '--mode must be live or test.', ''],
    ['keys create --scopes send,fly', 'There is no scope “fly”.', 'send,check,read,admin'],
    ['keys create --expires soon', '--expires is no date.', '90d'],
    ['keys create --expires 2001-01-01', '--expires is in the past.', '90d'],
    ['purge --days many', '--days must be a whole number of days.', ''],
  ])('refuses “%s” with a hint', async (line, sentence, cure) => {
    const { exit, out, err } = await say(line);
    expect(exit).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(sentence);
    expect(err).toContain(cure);
  });

  it('refuses in JSON under --json', async () => {
    const { exit, err } = await say('serve --no-wroker --json');
    expect(exit).toBe(2);
    expect(JSON.parse(err)).toEqual({
      error: {
        code: 'usage',
        exit: 2,
        message: 'There is no option --no-wroker here.',
        cure: 'Did you mean --no-worker?',
        details: [],
      },
    });
  });

  it('shows the overview and fails when no command is given', async () => {
    const { exit, out } = await say('');
    expect(exit).toBe(2);
    expect(out).toContain('Usage: watchword <command>');
  });
});
