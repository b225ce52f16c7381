import { describe, expect, it } from 'vitest';
import { readSettings, type Settings } from '../../src/config/index.ts';
import { providerProblems, questionProblems } from '../../src/runtime/provider-problems.ts';
import { settingWarnings } from '../../src/runtime/warnings.ts';

const SECRET = 'Zk3v9-Q0xT7pLw2mB8nRj5sYc1dHf6gU4aEi';

function settingsOf(env: Record<string, string>, config: unknown = {}): Settings {
  const read = readSettings({ ...env, WATCHWORD_SECRET: SECRET, WATCHWORD_CONFIG: '/c.json' }, () =>
    JSON.stringify(config),
  );
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.settings;
}

describe('providers', () => {
  it('are named one by one when they cannot be used, without their values', () => {
    const settings = settingsOf(
      { WATCHWORD_SMS: 'console:// smtp://hunter2@mail.example', WATCHWORD_EMAIL: 'hunter2://x' },
      { applications: [{ name: 'default', providers: { sms: ['console://', 'twillio://hunter2'] } }] },
    );
    const problems = providerProblems(settings);
    expect(problems.map(({ name }) => name)).toEqual([
      'WATCHWORD_SMS',
      'WATCHWORD_EMAIL',
      'WATCHWORD_CONFIG/applications/0/providers/sms/1',
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('that deliver to nobody are refused in production only, also for single applications', () => {
    const config = { applications: [{ name: 'default', providers: { email: ['inbox://'] } }] };
    const sms = { WATCHWORD_SMS: 'sandbox://' };
    expect(providerProblems(settingsOf(sms, config))).toEqual([]);
    const refused = providerProblems(settingsOf({ ...sms, WATCHWORD_MODE: 'production' }, config));
    expect(refused.map(({ name }) => name)).toEqual([
      'WATCHWORD_SMS',
      'WATCHWORD_CONFIG/applications/0/providers/email/0',
    ]);
  });
});

describe('what is asked about a start', () => {
  it('is named when it cannot be used, without its value', () => {
    const settings = settingsOf({
      WATCHWORD_CAPTCHA: 'turnstile://KEY:hunter2@default?on_failure=allow',
      WATCHWORD_RISK_HOOK: 'https://hunter2.example/',
    });
    const problems = questionProblems(settings);
    expect(problems.map(({ name }) => name)).toEqual(['WATCHWORD_RISK_HOOK', 'WATCHWORD_CAPTCHA']);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
    expect(questionProblems(settingsOf({ WATCHWORD_CAPTCHA: 'turnstile://KEY:hunter2@default' }))).toEqual([]);
    expect(questionProblems(settingsOf({}))).toEqual([]);
  });
});

describe('warnings at start', () => {
  it('are silent in development', () => {
    expect(settingWarnings(settingsOf({ WATCHWORD_SMS: 'console://' }))).toEqual([]);
  });

  it.each([
    ['WATCHWORD_SMS', 'console://'],
    ['WATCHWORD_SMS', 'file:///var/spool/codes'],
    ['WATCHWORD_EMAIL', 'smtp://mail.example:25?from=a@b.example'],
    ['WATCHWORD_SMS', 'webhook://gateway.example/sms?secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw&tls=0'],
    ['WATCHWORD_SMS', 'webhook://127.0.0.1:9000/?secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  ])('name %s=%s in production without credentials', (name, dsn) => {
    const settings = settingsOf({ WATCHWORD_MODE: 'production', [name]: dsn });
    expect(providerProblems(settings)).toEqual([]);
    const warnings = settingWarnings(settings).filter(({ event }) => event === 'settings.provider');
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.every(({ setting }) => setting === name)).toBe(true);
    expect(JSON.stringify(warnings)).not.toMatch(/hunter2|whsec_/);
  });

  it('name the limits that are off until set, and stop when they are', () => {
    const off = (config: unknown): unknown[] =>
      settingWarnings(settingsOf({ WATCHWORD_MODE: 'production' }, config))
        .filter(({ event }) => event === 'settings.limit_off')
        .map(({ limit }) => limit);
    expect(off({})).toContain('key_starts');
    expect(off({ limits: { key_starts: { max: 100 } } })).not.toContain('key_starts');
  });
});
