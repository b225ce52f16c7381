import type { CaptchaWidget } from '../core/captcha.ts';

/** What the browser brought, and what it must be about. */
export interface CaptchaQuestion {
  /** What the widget gave to the form. */
  readonly response: string;
  /** The mark that this very widget was told; a provider that knows marks says it again. */
  readonly mark: string;
  /** The host of the page; null = not known, and not compared. */
  readonly hostname: string | null;
}

/**
 * `refused`: the provider looked at it and says no, or it is about something else. `failed`: nobody knows, because there was no answer
 * that can be read, or because it is the account that is wrong. `reason` and `detail` are safe to log.
 */
export type CaptchaVerdict =
  | { readonly type: 'passed' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'failed'; readonly detail: string };

/** A provider that tells people from programs by something it shows on the page. */
export interface Captcha {
  readonly widget: CaptchaWidget;
  /** One request, within its deadline. Never throws. */
  ask(question: CaptchaQuestion): Promise<CaptchaVerdict>;
}
