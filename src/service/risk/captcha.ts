import { ok, refuse, type Result } from '../../core/errors.ts';
import type { CaptchaVerdict } from '../../ports/captcha.ts';
import type { ServiceDeps } from '../deps.ts';
import { takeDocumented } from '../document-limits.ts';
import { isFirstTime } from '../first-time.ts';
import { captchaHits, limitContext } from '../limits.ts';
import type { Prepared } from '../prepare.ts';
import { limitProblem } from '../problems.ts';

/** That the provider could not say what became of a challenge. */
const FAILED_KIND = 'captcha_failed';
const SEEN_KIND = 'captcha_seen';
/** Longer than any provider's, and made of other characters, it is no token: nobody is asked. */
const RESPONSE = /^[\w.-]{1,7000}$/;

export type CaptchaDeps = Pick<ServiceDeps, 'store' | 'ring' | 'env' | 'captcha' | 'settings'>;

/** What a browser brought for one challenge; `endsAt` is when nothing of it can come again (epoch ms). */
export interface CaptchaAnswer {
  readonly salt: string;
  readonly response: string;
  readonly now: number;
  readonly endsAt: number;
  /** Uses the challenge up; true once. */
  use(): Promise<boolean>;
}

/**
 * Whether the provider says yes, to a token that nobody brought before. The challenge is used up before it is asked, so that one
 * challenge is one question. A refusal is that of the limit.
 */
export async function redeemCaptcha(
  deps: CaptchaDeps,
  prepared: Prepared,
  { salt, response, now, endsAt, use }: CaptchaAnswer,
): Promise<Result<boolean>> {
  if (deps.captcha === undefined || !RESPONSE.test(response)) return ok(false);
  const application = prepared.caller.application.id;
  const hits = captchaHits(limitContext(deps.ring, deps.settings.limits, prepared.caller, prepared.addressed));
  const refusal = await takeDocumented(deps, application, hits, now);
  if (refusal !== null) return refuse(limitProblem(refusal, now));
  if (!(await use())) return ok(false);
  const keep = (kind: string, id: string): Promise<boolean> =>
    isFirstTime(deps, { kind, id, application, at: now, endsAt });
  const verdict = await deps.captcha.ask({ response, mark: salt, hostname: hostOf(deps.settings.publicUrl) });
  note(deps, prepared, verdict);
  if (verdict.type === 'failed') await keep(FAILED_KIND, salt);
  // The provider takes a token once; so do we, whatever it says.
  return ok(verdict.type === 'passed' && (await keep(SEEN_KIND, deps.ring.hashToken(`captcha|${response}`))));
}

/** Whether the provider could not say what became of a challenge. */
export async function hasFailed({ store }: Pick<CaptchaDeps, 'store'>, salt: string): Promise<boolean> {
  return (await store.documents.get(FAILED_KIND, salt)) !== null;
}

function note({ env }: CaptchaDeps, { caller, purpose }: Prepared, verdict: CaptchaVerdict): void {
  const about = { application: caller.application.id, purpose };
  if (verdict.type === 'refused')
    env.log({ event: 'captcha.refused', level: 'info', ...about, reason: verdict.reason });
  if (verdict.type === 'failed')
    env.log({ event: 'captcha.failed', level: 'error', ...about, decision: 'proof_of_work', detail: verdict.detail });
}

function hostOf(publicUrl: string | null): string | null {
  return publicUrl === null ? null : new URL(publicUrl).hostname;
}
