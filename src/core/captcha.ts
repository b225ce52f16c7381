/** The fields that the providers' widgets add to a form. Some add two with the same text: the first that is filled counts. */
export const CAPTCHA_FIELDS = ['cf-turnstile-response', 'h-captcha-response', 'g-recaptcha-response'] as const;

/** What a widget is told that it is for; a provider that knows actions says it again. */
export const CAPTCHA_ACTION = 'hosted_start';

/** What a page needs to show the widget of a CAPTCHA's provider. */
export interface CaptchaWidget {
  /** The class by which the provider's script finds its place on the page. */
  readonly className: string;
  readonly siteKey: string;
  /** The script, from the provider's server. */
  readonly script: string;
  /** What the page must allow, as sources of a Content-Security-Policy, and only there. */
  readonly sources: {
    readonly scripts: readonly string[];
    readonly frames: readonly string[];
    readonly styles: readonly string[];
    readonly connections: readonly string[];
  };
}
