import { CAPTCHA_ACTION } from '../../core/captcha.ts';
import type { CaptchaQuestion, CaptchaVerdict } from '../../ports/captcha.ts';
import { member } from '../provider/answers.ts';
import type { ProviderAnswer } from '../provider/spec.ts';
import type { CaptchaSpec } from './spec.ts';

/** Codes that speak of our account or of the provider, whatever the browser brought: no browser can bring them about. */
const NOT_THE_BROWSERS = new Set([
  'missing-input-secret',
  'invalid-input-secret',
  'missing-remoteip',
  'not-using-dummy-passcode',
  'internal-error',
]);
const CODE = /^[a-z0-9-]{1,60}$/;
/** What hCaptcha says in place of a host while it has much to do. */
const HOST_NOT_PROVIDED = 'not-provided';

type Judged = Pick<CaptchaSpec, 'echoes' | 'mayHideHost' | 'mayScore'>;

/** What an answer of `siteverify` means for this question. Anything but a plain yes about this very page is none. */
export function verdictOf(
  spec: Judged,
  { status, json }: Pick<ProviderAnswer, 'status' | 'json'>,
  question: CaptchaQuestion,
): CaptchaVerdict {
  const success = member(json, 'success');
  if (status >= 500 || typeof success !== 'boolean')
    return { type: 'failed', detail: `it answered ${status} without a verdict` };
  if (!success) return refusal(codesOf(member(json, 'error-codes')));
  // Its yes says only that the token is one, whoever brings it.
  if (spec.mayScore && member(json, 'score') !== undefined)
    return { type: 'failed', detail: 'the key is of reCAPTCHA v3, which only scores; a v2 key is needed' };
  return mismatch(spec, json, question);
}

function refusal(codes: readonly string[]): CaptchaVerdict {
  const ours = codes.find((code) => NOT_THE_BROWSERS.has(code));
  if (ours !== undefined) return { type: 'failed', detail: `it answered ${ours}` };
  return { type: 'refused', reason: codes[0] ?? 'no_reason' };
}

function mismatch({ echoes, mayHideHost }: Judged, json: unknown, { hostname, mark }: CaptchaQuestion): CaptchaVerdict {
  const host = member(json, 'hostname');
  const isUntold = mayHideHost && (host === HOST_NOT_PROVIDED || host === undefined || host === null);
  if (hostname !== null && !isUntold && host !== hostname) return { type: 'refused', reason: 'other_hostname' };
  if (echoes && member(json, 'action') !== CAPTCHA_ACTION) return { type: 'refused', reason: 'other_action' };
  if (echoes && member(json, 'cdata') !== mark) return { type: 'refused', reason: 'other_visit' };
  return { type: 'passed' };
}

function codesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((code) => typeof code === 'string' && CODE.test(code)) : [];
}
