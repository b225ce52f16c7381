import { describe, expect, it } from 'vitest';
import { readSettings, SETTING_KEYS, SETTINGS, type Settings } from '../../src/config/index.ts';

const SECRET = 'Zk3v9-Q0xT7pLw2mB8nRj5sYc1dHf6gU4aEi';
const NO_FILES = (): string => {
  throw Object.assign(new Error('no such file: /run/secrets/very-private'), { code: 'ENOENT' });
};

function files(contents: Readonly<Record<string, string>>): (path: string) => string {
  return (path) => contents[path] ?? NO_FILES();
}

function settingsOf(env: Record<string, string>, readFile = NO_FILES as (path: string) => string): Settings {
  const read = readSettings(env, readFile);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.settings;
}

function problemsOf(
  env: Record<string, string>,
  readFile = NO_FILES as (path: string) => string,
): Record<string, string> {
  const read = readSettings(env, readFile);
  if (read.ok) throw new Error('the settings were taken');
  return Object.fromEntries(read.problems.map(({ name, problem }) => [name, problem]));
}

describe('settings', () => {
  it('needs nothing in development: the database is a file (S0.39)', () => {
    const settings = settingsOf({});
    expect(settings).toMatchObject({
      mode: 'development',
      port: 7070,
      host: '127.0.0.1',
      publicUrl: null,
      database: { kind: 'sqlite', path: './data/watchword.db' },
      secret: null,
      providers: {},
      logLevel: 'info',
      config: { limits: {}, applications: [] },
    });
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('listens on every address in production, which NODE_ENV alone can ask for', () => {
    const settings = settingsOf({ NODE_ENV: 'production', WATCHWORD_SECRET: SECRET });
    expect(settings).toMatchObject({ mode: 'production', host: '0.0.0.0' });
    expect(settingsOf({ NODE_ENV: 'production', WATCHWORD_MODE: 'development' }).mode).toBe('development');
  });

  it('demands a secret in production and names the cure', () => {
    expect(problemsOf({ WATCHWORD_MODE: 'production' })).toEqual({
      WATCHWORD_SECRET: 'is required in production; make one with: openssl rand -base64 32',
    });
  });

  it('keeps records in memory only in development', () => {
    expect(settingsOf({ DATABASE_URL: 'sqlite::memory:' }).database).toEqual({ kind: 'sqlite', path: ':memory:' });
    const problems = problemsOf({
      DATABASE_URL: 'sqlite::memory:',
      WATCHWORD_MODE: 'production',
      WATCHWORD_SECRET: SECRET,
    });
    expect(Object.keys(problems)).toEqual(['DATABASE_URL']);
  });

  it('counts an empty value as not given', () => {
    expect(settingsOf({ PORT: '', WATCHWORD_SMS: ' ', WATCHWORD_SECRET_FILE: '' }).port).toBe(7070);
  });

  it('splits providers at white space and never prints one', () => {
    const { providers } = settingsOf({
      WATCHWORD_SMS: ' webhook://a.example/?secret=whsec_1  console:// ',
      WATCHWORD_EMAIL: 'smtp://u:p@mail.example',
    });
    expect(providers.sms?.map((dsn) => dsn.reveal())).toEqual(['webhook://a.example/?secret=whsec_1', 'console://']);
    expect(JSON.stringify(providers)).toBe('{"sms":["[redacted]","[redacted]"],"email":["[redacted]"]}');
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '70 70'],
    ['HOST', 'http://0.0.0.0'],
    ['HOST', 'localhost:80'],
    ['DATABASE_URL', 'hunter2.db'],
    ['DATABASE_URL', 'sqlite://'],
    ['WATCHWORD_STORE', 'files'],
    ['WATCHWORD_REDIS_DURABILITY', 'none'],
    ['WATCHWORD_SECRET', 'hunter2-too-short-by-far'],
    ['WATCHWORD_SECRET_PREVIOUS', `${SECRET} hunter2`],
    ['WATCHWORD_MODE', 'staging'],
    ['WATCHWORD_PUBLIC_URL', 'verify.example.com'],
    ['WATCHWORD_PUBLIC_URL', 'ftp://verify.example.com'],
    ['WATCHWORD_PUBLIC_URL', 'https://u:hunter2@verify.example.com'],
    ['WATCHWORD_PUBLIC_URL', 'https://verify.example.com/?q=1'],
    ['WATCHWORD_TRUST_PROXY', 'everyone'],
    ['WATCHWORD_TRUST_PROXY', '10.0.0.0/33'],
    ['WATCHWORD_TRUST_PROXY', '10.0.0.1/8/8'],
    ['WATCHWORD_TRUST_PROXY', '99'],
    ['WATCHWORD_LOG_LEVEL', 'verbose'],
    ['WATCHWORD_CONFIG', '/run/secrets/very-private'],
    ['WATCHWORD_EMAIL', 'mail.example:587'],
    ['WATCHWORD_SMS', 'console:// hunter2'],
    ['WATCHWORD_SMSS', 'console://'],
  ])('names %s as the bad one without showing its value %s', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(Object.keys(problems)).toEqual([name]);
    expect(problems[name]).not.toContain(value);
    expect(problems[name]).not.toContain('hunter2');
  });

  it('names every bad setting at once', () => {
    const problems = problemsOf(
      {
        WATCHWORD_MODE: 'production',
        PORT: 'x',
        WATCHWORD_SMS: 'nothing',
        WATCHWORD_LOG_LEVL: 'info',
        WATCHWORD_SECRET: 'short',
        WATCHWORD_CONFIG: '/c.json',
      },
      files({ '/c.json': '{"applications": [{"name": "default", "preset": "dsk"}], "limit": {}}' }),
    );
    expect(Object.keys(problems).sort()).toEqual([
      'PORT',
      'WATCHWORD_CONFIG/applications/0/preset',
      'WATCHWORD_CONFIG/limit',
      'WATCHWORD_LOG_LEVL',
      'WATCHWORD_SECRET',
      'WATCHWORD_SMS',
    ]);
    expect(problems['WATCHWORD_LOG_LEVL']).toBe('is not a setting; did you mean WATCHWORD_LOG_LEVEL?');
  });

  it.each([
    ['loopback', 2],
    ['10.0.0.0/8, 192.168.1.1', 2],
    ['private', 4],
    ['none', 0],
    ['2001:db8::/32', 1],
  ])('reads the proxies %s as %i networks', (text, count) => {
    expect(settingsOf({ WATCHWORD_TRUST_PROXY: text }).trustProxy).toHaveProperty('cidrs.length', count);
  });

  it('reads a number of proxies', () => {
    expect(settingsOf({ WATCHWORD_TRUST_PROXY: '2' }).trustProxy).toEqual({ hops: 2 });
  });

  it.each([
    ['sqlite:./data/w.db', './data/w.db'],
    ['sqlite:/var/lib/w.db', '/var/lib/w.db'],
    ['sqlite:///var/lib/w.db', '/var/lib/w.db'],
  ])('reads the database %s as the file %s', (url, path) => {
    expect(settingsOf({ DATABASE_URL: url }).database).toEqual({ kind: 'sqlite', path });
  });

  it('keeps a public address without its trailing slash', () => {
    expect(settingsOf({ WATCHWORD_PUBLIC_URL: 'https://a.example/otp/' }).publicUrl).toBe('https://a.example/otp');
    expect(settingsOf({ WATCHWORD_PUBLIC_URL: 'https://a.example' }).publicUrl).toBe('https://a.example');
  });
});

describe('a secret given as a file', () => {
  it('is read and trimmed', () => {
    const settings = settingsOf({ WATCHWORD_SECRET_FILE: '/run/s' }, files({ '/run/s': `${SECRET}\n` }));
    expect(settings.secret?.reveal()).toBe(SECRET);
  });

  it.each(SETTING_KEYS.filter((key) => SETTINGS[key].secret).map((key) => SETTINGS[key].name))(
    'is refused beside %s itself',
    (name) => {
      const problems = problemsOf({ [name]: 'sqlite:./a.db', [`${name}_FILE`]: '/run/s' }, files({ '/run/s': SECRET }));
      expect(problems[name]).toBe(`is given twice: set either it or ${name}_FILE`);
    },
  );

  it('names the setting when the file cannot be read, without its path', () => {
    const problems = problemsOf({ WATCHWORD_SECRET_FILE: '/run/secrets/very-private' });
    expect(problems).toEqual({ WATCHWORD_SECRET: 'cannot be read from the file of WATCHWORD_SECRET_FILE (ENOENT)' });
  });

  it('is refused when empty', () => {
    expect(problemsOf({ WATCHWORD_SECRET_FILE: '/run/s' }, files({ '/run/s': '\n' }))['WATCHWORD_SECRET']).toContain(
      'is empty',
    );
  });

  it('is only for secrets', () => {
    expect(problemsOf({ WATCHWORD_MODE_FILE: '/run/s' })['WATCHWORD_MODE_FILE']).toContain(
      'only secrets may be given as a file',
    );
  });
});

describe('the configuration file', () => {
  function configProblems(text: string): Record<string, string> {
    return problemsOf({ WATCHWORD_CONFIG: '/c.json' }, files({ '/c.json': text }));
  }

  it('sets limits, applications, policies and providers', () => {
    const { config } = settingsOf(
      { WATCHWORD_CONFIG: '/c.json' },
      files({
        '/c.json': JSON.stringify({
          limits: { destination_sends: { max: 20, window_seconds: 86_400 } },
          applications: [
            {
              name: 'default',
              preset: 'desk',
              default_country: 'AU',
              policies: { login: { ttl_seconds: 300 } },
              providers: { sms: ['console://'] },
            },
          ],
        }),
      }),
    );
    expect(config.limits).toEqual({ destination_sends: { max: 20, window_seconds: 86_400 } });
    expect(config.applications).toMatchObject([
      { name: 'default', fields: { preset: 'desk', default_country: 'AU' }, policies: { login: { ttl_seconds: 300 } } },
    ]);
    expect(config.applications[0]?.providers.sms?.[0]?.reveal()).toBe('console://');
    expect(JSON.stringify(config)).not.toContain('console://');
  });

  it.each([
    ['{"limits": {"destination_sends": {"max": "many"}}}', 'WATCHWORD_CONFIG/limits/destination_sends/max'],
    [
      '{"applications": [{"name": "a", "policies": {"login": {"code": {"length": 3}}}}]}',
      'WATCHWORD_CONFIG/applications/0/policies/login/code/length',
    ],
    [
      '{"applications": [{"name": "a", "policies": {"login": {"ttl_seconds": 5}}}]}',
      'WATCHWORD_CONFIG/applications/0/policies/login/ttl_seconds',
    ],
    [
      '{"applications": [{"name": "a", "policies": {"login": {"check_by_destination": true}}}]}',
      'WATCHWORD_CONFIG/applications/0/policies/login/check_by_destination',
    ],
    ['{"applications": [{"name": "a"}, {"name": "a"}]}', 'WATCHWORD_CONFIG/applications'],
    ['{"applications": [{"name": "a", "providers": {"fax": []}}]}', 'WATCHWORD_CONFIG/applications/0/providers/fax'],
    ['{"secret": "hunter2"}', 'WATCHWORD_CONFIG/secret'],
    ['[]', 'WATCHWORD_CONFIG'],
  ])('points at what is wrong in %s', (text, name) => {
    const problems = configProblems(text);
    expect(Object.keys(problems)).toEqual([name]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('says where it is no JSON without quoting it', () => {
    const problem = configProblems('{\n  "limits": hunter2\n}')['WATCHWORD_CONFIG'];
    expect(problem).toMatch(/^is not valid JSON/);
    expect(problem).not.toContain('hunter2');
  });
});
