import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSmpp } from '../../src/channels/smpp/package.ts';
import { readSettings } from '../../src/config/index.ts';
import { type Channel, createWatchword, orThrow } from '../../src/index.ts';
import { settingWarnings } from '../../src/runtime/warnings.ts';
import { watchword } from '../cli/command-line.ts';
import { createWorld, wrongCode } from '../support/world.ts';

const PHONE = '+14155552671';
/** The seven settings that 2.x asks for, under the name that 3.x gives the life of a code. */
const BLOCK = {
  BACKEND: 'phone_verify.backends.twilio.TwilioBackend',
  OPTIONS: { SID: 'AC0', SECRET: 's/e:c@ret', FROM: '+14755292729' },
  TOKEN_LENGTH: 6,
  MESSAGE: 'Welcome to {app}! Please use security code {security_code} to proceed.',
  APP_NAME: 'Phone Verify',
  SECURITY_CODE_EXPIRATION_SECONDS: 3_600,
  VERIFY_SECURITY_CODE_ONLY_ONCE: false,
};
type Block = Readonly<Record<string, unknown>>;

function read(block: Block, more: Readonly<Record<string, unknown>> = {}) {
  const content = JSON.stringify({ phone_verification: block, ...more });
  return readSettings({ WATCHWORD_CONFIG: 'watchword.json' }, () => content);
}

function without(...names: readonly string[]): Block {
  return Object.fromEntries(Object.entries(BLOCK).filter(([name]) => !names.includes(name)));
}

function problemsOf(block: Block): Readonly<Record<string, string>> {
  const found = read(block);
  if (found.ok) throw new Error('the settings were taken');
  const short = (name: string): string => name.replace('WATCHWORD_CONFIG/phone_verification/', '');
  return Object.fromEntries(found.problems.map(({ name, problem }) => [short(name), problem]));
}

function settingsOf(block: Block, more: Readonly<Record<string, unknown>> = {}) {
  const found = read(block, more);
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.settings;
}

function applicationOf(block: Block, more: Readonly<Record<string, unknown>> = {}) {
  const [application] = settingsOf(block, more).config.applications;
  if (application === undefined) throw new Error('no application');
  return application;
}

describe('the settings block of django-phone-verify', () => {
  it('S3.10: becomes the application `default`, its policy and its provider', () => {
    const { name, fields, policies, providers } = applicationOf(BLOCK);
    expect({ name, fields, policies }).toEqual({
      name: 'default',
      fields: { brand: 'Phone Verify', compat: ['phone-verify'] },
      policies: {
        phone_verification: { code: { length: 6, alphabet: 'digits' }, ttl_seconds: 3_600, reuse: 'within_ttl' },
      },
    });
    expect(providers.sms?.map((dsn) => dsn.reveal())).toEqual([
      'twilio://AC0:s%2Fe%3Ac%40ret@default?from=%2B14755292729',
    ]);
    const nexmo = {
      BACKEND: 'phone_verify.backends.nexmo.NexmoBackend',
      OPTIONS: { KEY: 'k', SECRET: 's', FROM: 'Acme' },
    };
    const vonage = applicationOf({ ...BLOCK, ...nexmo }).providers.sms?.[0]?.reveal();
    expect(vonage).toBe('vonage://k:s@default?from=Acme');
  });

  it('S3.10, C25: every setting that is needed and missing is named, all at once', () => {
    const required = 'is required';
    expect(problemsOf({})).toEqual({
      BACKEND: required,
      OPTIONS: required,
      TOKEN_LENGTH: required,
      MESSAGE: required,
      APP_NAME: required,
      SECURITY_CODE_EXPIRATION_SECONDS: required,
      VERIFY_SECURITY_CODE_ONLY_ONCE: required,
    });
    expect(problemsOf({ ...BLOCK, TOKEN_LENGHT: 6 })).toEqual({ TOKEN_LENGHT: 'is not a field here' });
  });

  it('C12: without a BACKEND it does not start', () => {
    expect(problemsOf(without('BACKEND'))).toEqual({ BACKEND: 'is required' });
    expect(problemsOf({ ...BLOCK, OPTIONS: { SID: 'AC0' } })).toEqual({
      'OPTIONS/SECRET': 'is required by this BACKEND',
      'OPTIONS/FROM': 'is required by this BACKEND',
    });
  });

  it('C15: TOKEN_LENGTH below the minimum does not start', () => {
    const text = 'TOKEN_LENGTH (4) cannot be less than MIN_TOKEN_LENGTH (6)';
    expect(problemsOf({ ...BLOCK, TOKEN_LENGTH: 4 })).toEqual({ TOKEN_LENGTH: text });
    expect(problemsOf({ ...BLOCK, TOKEN_LENGTH: 4, MIN_TOKEN_LENGTH: 6 })).toEqual({ TOKEN_LENGTH: text });
    const four = applicationOf({ ...BLOCK, TOKEN_LENGTH: 4, MIN_TOKEN_LENGTH: 4 });
    expect(four.policies['phone_verification']?.code?.length).toBe(4);
    expect(problemsOf({ ...BLOCK, TOKEN_LENGTH: 3, MIN_TOKEN_LENGTH: 2 })).toEqual({
      TOKEN_LENGTH: 'must be at least 4',
    });
  });

  it('C19: a back-end that is not known is quoted; a DSN takes its place', () => {
    const problem = problemsOf({ ...BLOCK, BACKEND: 'shop.sms.MyBackend' })['BACKEND'];
    expect(problem).toContain('"shop.sms.MyBackend"');
    const own = applicationOf({ ...BLOCK, BACKEND: 'webhook://gateway.example/sms', OPTIONS: {} });
    expect(own.providers.sms?.[0]?.reveal()).toBe('webhook://gateway.example/sms');
  });

  it('C25: one of the names for the life of a code is needed, and either is taken', () => {
    expect(problemsOf(without('SECURITY_CODE_EXPIRATION_SECONDS'))).toEqual({
      SECURITY_CODE_EXPIRATION_SECONDS: 'is required',
    });
    const old = { ...without('SECURITY_CODE_EXPIRATION_SECONDS'), SECURITY_CODE_EXPIRATION_TIME: 120 };
    expect(applicationOf(old).policies['phone_verification']?.ttl_seconds).toBe(120);
  });

  it('C8, C25: the old name is taken with a warning; C21: with both the new one wins', () => {
    const old = { ...without('SECURITY_CODE_EXPIRATION_SECONDS'), SECURITY_CODE_EXPIRATION_TIME: 120 };
    const warned = settingWarnings(settingsOf(old)).filter(({ event }) => event === 'settings.deprecated');
    expect(warned[0]).toMatchObject({
      level: 'warn',
      setting: 'WATCHWORD_CONFIG/phone_verification/SECURITY_CODE_EXPIRATION_TIME',
      warning: 'is deprecated; use SECURITY_CODE_EXPIRATION_SECONDS',
    });
    const both = { ...BLOCK, SECURITY_CODE_EXPIRATION_TIME: 120 };
    expect(applicationOf(both).policies['phone_verification']?.ttl_seconds).toBe(3_600);
    expect(JSON.stringify(settingWarnings(settingsOf(BLOCK)))).not.toContain('EXPIRATION_TIME');
  });

  it.each([
    ['SECURITY_CODE_EXPIRATION_TIME', 'SECURITY_CODE_EXPIRATION_SECONDS', 120],
    ['OTP_EXPIRATION_TIME', 'SECURITY_CODE_EXPIRATION_SECONDS', 120],
    ['TWILIO_SANDBOX_TOKEN', 'OPTIONS/SANDBOX_TOKEN', '424242'],
    ['MESSAGE', '{security_code}', 'Code {otp} of {app}'],
  ])('S3.10, S3.17, S3.31: %s of an older version is taken, with the note to use %s', (old, name, value) => {
    const sandbox = { BACKEND: 'phone_verify.backends.twilio.TwilioSandboxBackend', OPTIONS: {} };
    const used = old === 'TWILIO_SANDBOX_TOKEN' ? { ...BLOCK, ...sandbox } : BLOCK;
    const base = old.endsWith('EXPIRATION_TIME') ? without('SECURITY_CODE_EXPIRATION_SECONDS') : used;
    const settings = settingsOf({ ...base, [old]: value });
    const notes = settingWarnings(settings).filter(({ event }) => event === 'settings.deprecated');
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatchObject({
      level: 'warn',
      setting: `WATCHWORD_CONFIG/phone_verification/${old}`,
      warning: expect.stringContaining(`deprecated; use ${name}`),
    });
    const { fields, policies, templates } = applicationOf({ ...base, [old]: value });
    expect([policies['phone_verification']?.ttl_seconds, fields.test_code, templates[0]?.text]).toContain(
      value === 'Code {otp} of {app}' ? 'Code {code} of {brand}' : value,
    );
  });

  it('S3.17: of two names for one setting the newer one counts, and only the older one has a note', () => {
    const sandbox = { BACKEND: 'phone_verify.backends.twilio.TwilioSandboxBackend' };
    const block = {
      ...BLOCK,
      ...sandbox,
      OPTIONS: { SANDBOX_TOKEN: '111111' },
      TWILIO_SANDBOX_TOKEN: '222222',
      OTP_EXPIRATION_TIME: 60,
    };
    const { fields, policies } = applicationOf(block);
    expect([fields.test_code, policies['phone_verification']?.ttl_seconds]).toEqual(['111111', 3_600]);
    const both = { ...without('SECURITY_CODE_EXPIRATION_SECONDS'), SECURITY_CODE_EXPIRATION_TIME: 120 };
    const older = applicationOf({ ...both, OTP_EXPIRATION_TIME: 60 }).policies;
    expect(older['phone_verification']?.ttl_seconds).toBe(120);
    const noted = settingWarnings(settingsOf(BLOCK)).filter(({ event }) => event === 'settings.deprecated');
    expect(noted).toEqual([]);
  });

  it('S3.29, S3.32: takes the settings that came later', () => {
    const { policies } = applicationOf({
      ...BLOCK,
      MAX_FAILED_ATTEMPTS: 3,
      RECORD_RETENTION_DAYS: 7,
      VERIFY_SECURITY_CODE_ONLY_ONCE: true,
    });
    expect(policies['phone_verification']).toMatchObject({ max_checks: 3, retention_days: 7, reuse: 'never' });
    expect(problemsOf({ ...BLOCK, MAX_FAILED_ATTEMPTS: 0 })).toEqual({ MAX_FAILED_ATTEMPTS: 'must be at least 1' });
  });

  it('S3.20: a sandbox back-end gives test keys its fixed code, and no provider', () => {
    const BACKEND = 'phone_verify.backends.nexmo.NexmoSandboxBackend';
    const { fields, providers } = applicationOf({ ...BLOCK, BACKEND, OPTIONS: { SANDBOX_TOKEN: '123456' } });
    expect(fields.test_code).toBe('123456');
    expect(providers).toEqual({});
    const wrong = problemsOf({ ...BLOCK, BACKEND, OPTIONS: { SANDBOX_TOKEN: '1234' } });
    expect(wrong['OPTIONS/SANDBOX_TOKEN']).toContain('TOKEN_LENGTH');
  });

  it('C11: MESSAGE becomes the template of its language', () => {
    const text = 'Welcome to {brand}! Please use security code {code} to proceed.';
    const made = { channel: 'sms', purpose: 'phone_verification', locale: 'en', text };
    expect(applicationOf(BLOCK).templates).toEqual([made]);
    const inGerman = { applications: [{ name: 'default', locale: 'de', templates: [{ ...made, locale: 'de' }] }] };
    expect(applicationOf(BLOCK, inGerman).templates).toEqual([{ ...made, locale: 'de' }]);
    expect(JSON.stringify(settingWarnings(settingsOf(BLOCK)))).not.toContain('MESSAGE');
  });

  it.each([
    ['a link', 'Use {security_code} at shop.example', /^has what phones make a link of/],
    ['no code', 'Welcome to {app}!', /^needs \{security_code\}$/],
    ['the code twice', '{security_code} {security_code}', /^may have \{security_code\} once$/],
    ['template logic (A21)', '{security_code} {{7*7}}', /only these stand between braces: \{security_code\}/],
    ['a property walk (A21)', '{security_code.__class__} {security_code}', /only these stand between braces/],
    ['a turned direction (A20)', '{security_code} \u202elive', /turns the direction/],
    ['a control character (A20)', '{security_code}\u0007', /control character/],
    ['a link made of the brand (A20)', '{security_code} {app}.tk/x', /^has what phones make a link of/],
  ])('refuses to start with a MESSAGE that has %s, by its name', (_what, MESSAGE, why) => {
    const problems = problemsOf({ ...BLOCK, MESSAGE });
    expect(Object.keys(problems)).toEqual(['MESSAGE']);
    expect(problems['MESSAGE']).toMatch(why);
  });

  it('gives way to what the file says of `default` in our own words', () => {
    const applications = [{ name: 'default', brand: 'Shop', compat: ['otp', 'phone-verify:public'] }];
    const { fields, policies } = applicationOf(BLOCK, { applications });
    expect(fields).toMatchObject({ brand: 'Shop', compat: ['phone-verify:public', 'otp'] });
    expect(policies['phone_verification']?.ttl_seconds).toBe(3_600);
  });
});

describe('the conformance list of django-phone-verify (library and command line)', () => {
  it('C16: several numbers get one message each, in order', async () => {
    const told: string[] = [];
    const mine: Channel = {
      name: 'mine',
      channels: ['sms'],
      // The names of the parameters are its own, as C16 wants it.
      send: async ({ to: number, text: words, code }) => {
        told.push(words.includes(code.reveal()) ? number : 'no code');
        return { type: 'accepted', messageId: null };
      },
    };
    const { verify, worker, close } = createWatchword({ databaseUrl: 'sqlite::memory:', sms: [mine], worker: false });
    const numbers = [PHONE, '+14155552672', '+14155552673'];
    const inputs = numbers.map((to) => ({ to, purpose: 'phone_verification' }));
    const started = await verify.startMany([...inputs, { to: 'nonsense' }]);
    expect(started.map(({ ok, problem }) => (ok ? 'started' : problem.code))).toEqual([
      ...numbers.map(() => 'started'),
      'invalid_destination',
    ]);
    await worker.tick();
    expect(told.toSorted()).toEqual(numbers);
    await close();
  });

  it('C17: a channel that cannot send is refused at start', async () => {
    const broken = { name: 'mine', channels: ['sms'] };
    expect(() => createWatchword({ databaseUrl: 'sqlite::memory:', sms: [broken as never] })).toThrow(
      'neither a DSN nor a channel',
    );
  });

  it('C18: a provider whose package is absent says which, and how to install it', async () => {
    const absent = loadSmpp(() => Promise.reject(new Error('not found')));
    await expect(absent).rejects.toThrow(/needs the package smpp.*npm install smpp/);
  });

  it('C21, C23, C26: a code is right until its end, is sent with the brand, and right and wrong are told apart', async () => {
    const world = await createWorld({ policies: { phone_verification: { preset: 'phone-api', ttl_seconds: 300 } } });
    const one = await world.startAndRead(PHONE, { purpose: 'phone_verification' });
    expect(one.message.text).toContain(world.application.brand);
    const submit = async (code: string) => {
      const checked = await world.service.verify.check(world.caller(), one.id, { code });
      return checked.ok ? checked.value.result : checked.problem.code;
    };
    expect(await submit(wrongCode(one.code))).toBe('incorrect');
    world.clock.now += 200_000;
    expect(await submit(one.code)).toBe('approved');
    world.clock.now += 101_000;
    expect(await submit(one.code)).not.toBe('approved');
    await world.close();
  });

  it('C22: purge takes --days and --dry-run, and says what it would delete', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchword-purge-'));
    const env = { DATABASE_URL: `sqlite:${join(folder, 'w.db')}` };
    const none = await watchword(['purge', '--days', '30'], env);
    expect(none.out).toMatch(/^There are no records closed before /);
    const started = createWatchword({ databaseUrl: env.DATABASE_URL, worker: false, testMode: true });
    const { id } = orThrow(await started.verify.start({ to: PHONE }));
    await started.verify.cancel(id);
    await started.close();
    expect((await watchword(['purge', '--days', '7', '--dry-run'], env)).out).toContain(
      'DRY RUN: there are no records',
    );
    const dry = await watchword(['purge', '--days', '0', '--dry-run'], env);
    expect(dry.out).toContain('DRY RUN: would delete 1 record');
    expect(dry.out).toContain(id);
    expect((await watchword(['purge', '--days', '0'], env)).out).toContain('Deleted 1 record');
    rmSync(folder, { recursive: true, force: true });
  });

  it('C12: the program itself refuses to start, and names what is missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchword-block-'));
    const file = join(folder, 'watchword.json');
    writeFileSync(file, JSON.stringify({ phone_verification: without('BACKEND') }));
    const env = { DATABASE_URL: `sqlite:${join(folder, 'w.db')}`, WATCHWORD_CONFIG: file };
    const ended = await watchword(['serve'], env);
    expect([ended.exit, ended.err]).toEqual([78, expect.stringContaining('phone_verification/BACKEND')]);
    rmSync(folder, { recursive: true, force: true });
  });
});
