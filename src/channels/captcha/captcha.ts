import type { CaptchaWidget } from '../../core/captcha.ts';
import type { Secret } from '../../core/redacted.ts';
import type { Captcha } from '../../ports/captcha.ts';
import { optionsProblem, parseDsn, type Parsed, readTimeout, wrong } from '../dsn.ts';
import { COMMON_OPTIONS, readAccount } from '../provider/account.ts';
import { callProvider } from '../provider/call.ts';
import { formRequest } from '../provider/requests.ts';
import type { Account } from '../provider/spec.ts';
import { type CaptchaSpec, CAPTCHAS } from './spec.ts';
import { verdictOf } from './verdict.ts';

const TIMEOUT_MS = { least: 500, usual: 3_000, most: 8_000 };
/** A key stands in an address and in a page; providers use no other characters. */
const SITE_KEY = /^[\w.-]{1,100}$/;
const HOSTNAME = /^[a-z0-9.:[\]-]{1,253}$/;

interface CaptchaSettings {
  readonly spec: CaptchaSpec;
  readonly account: Account;
  readonly timeoutMs: number;
  /** In place of the host of our own address; null = that. */
  readonly hostname: string | null;
}

/** Null when a CAPTCHA can be opened from the DSN, else what is wrong with it; never quotes a value. */
export function captchaProblem(dsn: string): string | null {
  const read = readSettings(dsn);
  return read.ok ? null : read.problem;
}

/**
 * `turnstile://SITEKEY:SECRET@default`, likewise `hcaptcha://` and `recaptcha://` (v2). Another host than `default` is where both the
 * widget and the verdict come from. Throws on what {@link captchaProblem} refuses.
 */
export function createCaptcha(dsn: Secret): Captcha {
  const read = readSettings(dsn.reveal());
  if (!read.ok) throw new Error(`The CAPTCHA cannot be used: ${read.problem}.`);
  const { spec, account, timeoutMs, hostname } = read.value;
  return {
    widget: widgetOf(spec, account),
    async ask(question) {
      const { user, password } = account;
      const fields = { secret: password, response: question.response, sitekey: spec.takesSiteKey ? user : null };
      const answer = await callProvider(formRequest(spec.verifyPath, fields), account, AbortSignal.timeout(timeoutMs));
      if ('type' in answer) return { type: 'failed', detail: answer.detail };
      return verdictOf(spec, answer, { ...question, hostname: hostname ?? question.hostname });
    },
  };
}

function widgetOf(spec: CaptchaSpec, { user, baseUrl, isOverridden }: Account): CaptchaWidget {
  const own = isOverridden ? baseUrl : `https://${spec.scriptHost}`;
  return { className: spec.className, siteKey: user, script: `${own}${spec.scriptPath}`, sources: spec.sources(own) };
}

function readSettings(text: string): Parsed<CaptchaSettings> {
  const parsed = parseDsn(text);
  if (!parsed.ok) return parsed;
  const dsn = parsed.value;
  const spec = Object.hasOwn(CAPTCHAS, dsn.scheme) ? CAPTCHAS[dsn.scheme] : undefined;
  if (spec === undefined) return wrong(`its scheme must be one of ${Object.keys(CAPTCHAS).join(', ')}`);
  const problem = optionsProblem(dsn.options, [...COMMON_OPTIONS, ...Object.keys(spec.options)]);
  if (problem !== null) return wrong(problem);
  const account = readAccount(spec, dsn, () => 0);
  if (!account.ok) return account;
  if (!SITE_KEY.test(account.value.user)) return wrong('the site key has characters that no site key has');
  const hostname = account.value.option('hostname');
  if (hostname !== null && !HOSTNAME.test(hostname)) return wrong('option hostname must be a host in small letters');
  const timeout = readTimeout(dsn.options, TIMEOUT_MS);
  if (!timeout.ok) return timeout;
  return { ok: true, value: { spec, account: account.value, timeoutMs: timeout.value, hostname } };
}
