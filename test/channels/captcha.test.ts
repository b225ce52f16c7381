import { afterEach, describe, expect, it } from 'vitest';
import { captchaProblem, createCaptcha } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import { type ProviderReply, type ProviderServer, startProviderServer } from './support/provider-server.ts';

const QUESTION = { response: 'token-of-a-widget', mark: '0123456789ABCDEFGHIJ', hostname: 'verify.example' };
const SOLVED = { success: true, hostname: 'verify.example', action: 'hosted_start', cdata: QUESTION.mark };
const PLAIN = { success: true, hostname: 'verify.example' };
const SCHEMES = ['turnstile', 'hcaptcha', 'recaptcha'] as const;
type Scheme = (typeof SCHEMES)[number];

let server: ProviderServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** Only silence is waited for. */
async function captchaAt(scheme: Scheme, reply: ProviderReply, options = '') {
  const timeout = reply === 'silent' ? 500 : 8000;
  server = await startProviderServer(reply);
  const dsn = `${scheme}://SITE-KEY:SEC%2FRET@127.0.0.1:${server.port}?tls=0&timeout_ms=${timeout}${options}`;
  return createCaptcha(secret(dsn));
}

const say = (body: unknown, status = 200): ProviderReply => ({ status, body: JSON.stringify(body) });
const no = (...codes: readonly string[]) => say({ success: false, 'error-codes': codes });

describe('a CAPTCHA at its provider', () => {
  it.each([
    ['turnstile', '/turnstile/v0/siteverify', SOLVED, null],
    ['hcaptcha', '/siteverify', PLAIN, 'SITE-KEY'],
    ['recaptcha', '/recaptcha/api/siteverify', PLAIN, null],
  ] as const)('%s is one POST with secret and token, and nothing about the browser', async (scheme, path, yes, key) => {
    const captcha = await captchaAt(scheme, say(yes));
    expect(await captcha.ask(QUESTION)).toEqual({ type: 'passed' });
    const [call] = server?.calls ?? [];
    expect([call?.method, call?.url]).toEqual(['POST', path]);
    const fields = Object.fromEntries(new URLSearchParams(call?.body));
    expect(fields).toEqual({
      secret: 'SEC/RET',
      response: QUESTION.response,
      ...(key === null ? {} : { sitekey: key }),
    });
  });

  it.each([
    ['turnstile', 'missing-input-secret', 'failed'],
    ['turnstile', 'invalid-input-secret', 'failed'],
    ['turnstile', 'missing-input-response', 'refused'],
    ['turnstile', 'invalid-input-response', 'refused'],
    ['turnstile', 'bad-request', 'refused'],
    ['turnstile', 'timeout-or-duplicate', 'refused'],
    ['turnstile', 'internal-error', 'failed'],
    ['hcaptcha', 'missing-input-secret', 'failed'],
    ['hcaptcha', 'invalid-input-secret', 'failed'],
    ['hcaptcha', 'missing-input-response', 'refused'],
    ['hcaptcha', 'invalid-input-response', 'refused'],
    ['hcaptcha', 'expired-input-response', 'refused'],
    ['hcaptcha', 'already-seen-response', 'refused'],
    ['hcaptcha', 'invalid-or-already-seen-response', 'refused'],
    ['hcaptcha', 'bad-request', 'refused'],
    ['hcaptcha', 'missing-remoteip', 'failed'],
    ['hcaptcha', 'invalid-remoteip', 'refused'],
    ['hcaptcha', 'not-using-dummy-passcode', 'failed'],
    ['hcaptcha', 'sitekey-secret-mismatch', 'refused'],
    ['recaptcha', 'missing-input-secret', 'failed'],
    ['recaptcha', 'invalid-input-secret', 'failed'],
    ['recaptcha', 'missing-input-response', 'refused'],
    ['recaptcha', 'invalid-input-response', 'refused'],
    ['recaptcha', 'bad-request', 'refused'],
    ['recaptcha', 'timeout-or-duplicate', 'refused'],
    ['recaptcha', 'a-code-of-tomorrow', 'refused'],
  ] as const)('%s: %s is %s, which no browser can turn into the other', async (scheme, code, type) => {
    const verdict = await (await captchaAt(scheme, no(code))).ask(QUESTION);
    expect(verdict).toMatchObject({ type });
    expect(JSON.stringify(verdict)).toContain(code);
  });

  it('also where the answer has another status than 200', async () => {
    const captcha = await captchaAt(
      'turnstile',
      say({ success: false, 'error-codes': ['invalid-input-response'] }, 400),
    );
    expect(await captcha.ask(QUESTION)).toEqual({ type: 'refused', reason: 'invalid-input-response' });
  });

  it.each([
    ['silence', 'silent', 'did not answer in time'],
    ['a broken line', 'reset', 'could not be reached (ECONNRESET)'],
    ['an outage', say(SOLVED, 503), 'answered 503'],
    ['a page in between', { status: 200, body: '<h1>Welcome</h1>' }, 'answered 200 without a verdict'],
    ['half of an answer', { status: 200, body: '{"success":tr' }, 'answered 200 without a verdict'],
    ['null', { status: 200, body: 'null' }, 'answered 200 without a verdict'],
    ['a yes that is none', say({ ...SOLVED, success: 'true' }), 'without a verdict'],
    ['a redirect', { status: 302, body: '', headers: { location: '/elsewhere' } }, 'answered 302'],
  ] as const)('takes %s for a failure, never for a yes', async (_what, reply, detail) => {
    const captcha = await captchaAt('turnstile', reply);
    expect(await captcha.ask(QUESTION)).toEqual({ type: 'failed', detail: expect.stringContaining(detail) });
  });

  it.each([
    ['turnstile', { ...SOLVED, hostname: 'evil.example' }, 'other_hostname'],
    ['turnstile', { ...SOLVED, hostname: undefined }, 'other_hostname'],
    ['turnstile', { ...SOLVED, action: 'sign_up' }, 'other_action'],
    ['turnstile', { ...SOLVED, cdata: '99999999999999999999' }, 'other_visit'],
    ['turnstile', PLAIN, 'other_action'],
    ['hcaptcha', { ...PLAIN, hostname: 'evil.example' }, 'other_hostname'],
    ['recaptcha', { ...PLAIN, hostname: 'evil.example' }, 'other_hostname'],
    ['recaptcha', { success: true }, 'other_hostname'],
  ] as const)('%s: a yes about something else is a no (%s)', async (scheme, body, reason) => {
    expect(await (await captchaAt(scheme, say(body))).ask(QUESTION)).toEqual({ type: 'refused', reason });
  });

  it('hCaptcha may leave the host out while it has much to do, no other', async () => {
    const busy = say({ success: true, hostname: 'not-provided' });
    expect(await (await captchaAt('hcaptcha', busy)).ask(QUESTION)).toEqual({ type: 'passed' });
    await server?.close();
    expect(await (await captchaAt('recaptcha', busy)).ask(QUESTION)).toMatchObject({ type: 'refused' });
  });

  it('takes no score of reCAPTCHA v3 for a verdict', async () => {
    const captcha = await captchaAt('recaptcha', say({ ...PLAIN, score: 0.1, action: 'hosted_start' }));
    expect(await captcha.ask(QUESTION)).toEqual({ type: 'failed', detail: expect.stringContaining('v2 key') });
  });

  it('compares the host that the DSN names in place of our own', async () => {
    const captcha = await captchaAt('recaptcha', say({ ...PLAIN, hostname: 'verify.other' }), '&hostname=verify.other');
    expect(await captcha.ask(QUESTION)).toEqual({ type: 'passed' });
  });
});

describe('the widget', () => {
  const widgetOf = (dsn: string) => createCaptcha(secret(dsn)).widget;

  it.each([
    ['turnstile', 'https://challenges.cloudflare.com/turnstile/v0/api.js', 'cf-turnstile'],
    ['hcaptcha', 'https://js.hcaptcha.com/1/api.js', 'h-captcha'],
    ['recaptcha', 'https://www.google.com/recaptcha/api.js', 'g-recaptcha'],
  ] as const)('of %s is the provider’s own', (scheme, script, className) => {
    expect(widgetOf(`${scheme}://KEY:SECRET@default`)).toMatchObject({ siteKey: 'KEY', script, className });
  });

  it('comes from the host that the DSN names, as where google.com cannot be reached', () => {
    const { script, sources } = widgetOf('recaptcha://KEY:SECRET@www.recaptcha.net');
    expect(script).toBe('https://www.recaptcha.net/recaptcha/api.js');
    expect(sources.scripts).toEqual(['https://www.recaptcha.net/recaptcha/', 'https://www.gstatic.com/recaptcha/']);
  });

  it('tells nobody the secret', () => {
    expect(JSON.stringify(widgetOf('turnstile://KEY:SECRET@default'))).not.toContain('SECRET');
  });
});

describe('a DSN of a CAPTCHA', () => {
  it.each(SCHEMES)('may be %s', (scheme) => {
    expect(captchaProblem(`${scheme}://KEY:SECRET@default?timeout_ms=8000&hostname=verify.example`)).toBe(null);
  });

  it.each([
    ['webhook://KEY:SECRET@default', 'scheme must be one of turnstile, hcaptcha, recaptcha'],
    ['constructor://KEY:SECRET@default', 'scheme must be one of'],
    ['turnstile://KEY@default', 'password is missing: the secret key'],
    ['turnstile://:SECRET@default', 'user is missing: the site key'],
    ['turnstile://KEY:SECRET@', 'host is missing'],
    ['turnstile://K%22EY:SECRET@default', 'site key has characters'],
    ['turnstile://KEY:SECRET@default/path', 'takes no path'],
    ['turnstile://KEY:SECRET@default?tls=1', 'tls may only be 0'],
    ['turnstile://KEY:SECRET@default?timeout_ms=60000', 'timeout_ms must be 500 to 8000'],
    ['turnstile://KEY:SECRET@default?timeout_ms=soon', 'timeout_ms must be 500 to 8000'],
    ['turnstile://KEY:SECRET@default?hostname=a;b', 'hostname must be a host'],
    ['turnstile://KEY:SECRET@default?on_failure=allow', 'an option it does not know'],
    ['turnstile://KEY:SECRET@default?tls=0&tls=0', 'given more than once'],
  ])('is not %s', (dsn, problem) => {
    expect(captchaProblem(dsn)).toContain(problem);
    expect(captchaProblem(dsn)).not.toContain('SECRET');
  });
});
