import type { CaptchaWidget } from '../../core/captcha.ts';
import type { AccountSpec } from '../provider/spec.ts';

/** What differs between the providers of CAPTCHAs. All are asked in the same way (`siteverify`). */
export interface CaptchaSpec extends AccountSpec {
  readonly title: string;
  readonly host: string;
  /** Where a token is looked at. */
  readonly verifyPath: string;
  /** Where the widget comes from; another host in the DSN replaces this one too. */
  readonly scriptHost: string;
  readonly scriptPath: string;
  readonly className: string;
  /** Whether an answer says again which action and mark the widget was told. */
  readonly echoes: boolean;
  /** Whether it is told for which site key the token must be. */
  readonly takesSiteKey: boolean;
  /** Whether it may leave out what host a token comes from. */
  readonly mayHideHost: boolean;
  /** Whether it also has keys of a kind whose yes is no verdict, only a score. */
  readonly mayScore: boolean;
  /** What a page must allow; `own` is the server that the script comes from. */
  sources(own: string): CaptchaWidget['sources'];
}

const ACCOUNT = {
  user: 'site key',
  password: 'secret key',
  options: {
    hostname: { doc: 'The host that tokens must come from, where it is not that of `WATCHWORD_PUBLIC_URL`.' },
    timeout_ms: { doc: 'How long a start waits for the provider, 500 to 8000; 3000 without it.' },
  },
} as const;

/** By the scheme of the DSN. */
export const CAPTCHAS: Readonly<Record<string, CaptchaSpec>> = {
  turnstile: {
    ...ACCOUNT,
    title: 'Cloudflare Turnstile',
    host: 'challenges.cloudflare.com',
    verifyPath: '/turnstile/v0/siteverify',
    scriptHost: 'challenges.cloudflare.com',
    scriptPath: '/turnstile/v0/api.js',
    className: 'cf-turnstile',
    echoes: true,
    takesSiteKey: false,
    mayHideHost: false,
    mayScore: false,
    sources: (own) => ({ scripts: [own], frames: [own], styles: [], connections: [] }),
  },
  hcaptcha: {
    ...ACCOUNT,
    title: 'hCaptcha',
    host: 'api.hcaptcha.com',
    verifyPath: '/siteverify',
    scriptHost: 'js.hcaptcha.com',
    scriptPath: '/1/api.js',
    className: 'h-captcha',
    echoes: false,
    takesSiteKey: true,
    mayHideHost: true,
    mayScore: false,
    sources: (own) => {
      const all = [own, 'https://hcaptcha.com', 'https://*.hcaptcha.com'];
      return { scripts: all, frames: all, styles: all, connections: all };
    },
  },
  recaptcha: {
    ...ACCOUNT,
    title: 'reCAPTCHA v2',
    host: 'www.google.com',
    verifyPath: '/recaptcha/api/siteverify',
    scriptHost: 'www.google.com',
    scriptPath: '/recaptcha/api.js',
    className: 'g-recaptcha',
    echoes: false,
    takesSiteKey: false,
    mayHideHost: false,
    mayScore: true,
    // By path: the same hosts serve other scripts, too.
    sources: (own) => ({
      scripts: [`${own}/recaptcha/`, 'https://www.gstatic.com/recaptcha/'],
      frames: [`${own}/recaptcha/`, 'https://recaptcha.google.com/recaptcha/'],
      styles: [],
      connections: [],
    }),
  },
};
