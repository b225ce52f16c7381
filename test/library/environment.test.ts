import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWatchword, optionsFrom, SettingsError } from '../../src/index.ts';

const SECRET = 'k3J9vQ2mX7pL5nR8tW1yZ4bC6dF0gH2jK5mN8qS1uV4x';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'watchword-environment-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function problemsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ name, problem }) => `${name} ${problem}`);
  }
  return [];
}

describe('options from the environment', () => {
  it('are the settings by the names of the service, lists as lists', () => {
    const options = optionsFrom({
      DATABASE_URL: 'postgres://db.example/app',
      WATCHWORD_SECRET: SECRET,
      WATCHWORD_SECRET_PREVIOUS: 'one  two',
      WATCHWORD_SMS: 'console:// file:///tmp/x',
      WATCHWORD_LOG_LEVEL: 'info',
      WATCHWORD_EMAIL: '',
      PORT: '3000',
      HOST: 'localhost',
      HOME: '/root',
    });
    expect(options).toEqual({
      databaseUrl: 'postgres://db.example/app',
      secret: SECRET,
      secretPrevious: ['one', 'two'],
      sms: ['console://', 'file:///tmp/x'],
      logLevel: 'info',
    });
    expect(optionsFrom({})).toEqual({});
  });

  it('take a secret from a file', () => {
    const path = join(folder, 'secret');
    writeFileSync(path, `${SECRET}\n`);
    expect(optionsFrom({ WATCHWORD_SECRET_FILE: path })).toEqual({ secret: SECRET });
  });

  it('name all at once what is no setting, cannot be read, or is for the service alone', () => {
    const environment = {
      WATCHWORD_SECRET_FILE: join(folder, 'nowhere'),
      WATCHWORD_EMIAL: 'console://',
      WATCHWORD_CONFIG: 'watchword.json',
    };
    expect(problemsOf(() => optionsFrom(environment))).toEqual([
      'WATCHWORD_SECRET cannot be read from the file of WATCHWORD_SECRET_FILE (ENOENT)',
      'WATCHWORD_EMIAL is not a setting; did you mean WATCHWORD_EMAIL?',
      'WATCHWORD_CONFIG is read by the service alone; give policies, templates and limits as options',
    ]);
  });

  it('make a library for production, and what is wrong in one is named as its option', async () => {
    const environment = { WATCHWORD_SECRET: SECRET, WATCHWORD_MODE: 'production', WATCHWORD_EMAIL: 'console://' };
    const database = { databaseUrl: `sqlite:${join(folder, 'w.db')}`, worker: false };
    const watchword = createWatchword({ ...database, ...optionsFrom(environment) });
    await watchword.close();
    const wrong = { ...environment, WATCHWORD_EMAIL: 'smpt://mail.example' };
    expect(problemsOf(() => createWatchword({ ...database, ...optionsFrom(wrong) }))[0]).toMatch(/^email /);
  });
});
