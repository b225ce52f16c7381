import { atRestView, type VerificationView } from '../core/views.ts';
import type { ServiceDeps } from './deps.ts';
import { hostedUrl } from './hosted/link.ts';

/**
 * What an idempotency key remembers of an answer: nothing of a verification that its record may have to forget earlier
 * (destination, context, metadata, reference).
 */
export function remembered(answer: unknown): string {
  return JSON.stringify(answer, (_name, value: unknown) => (isVerification(value) ? atRestView(value) : value));
}

/** The answer again; what was left out comes from the record, as far as that still has it. */
export async function recalled(deps: ServiceDeps, text: string): Promise<unknown> {
  const answer: unknown = JSON.parse(text);
  if (isVerification(answer)) return filled(deps, answer);
  if (typeof answer !== 'object' || answer === null || !('verification' in answer)) return answer;
  const { verification } = answer;
  return isVerification(verification) ? { ...answer, verification: await filled(deps, verification) } : answer;
}

async function filled(deps: ServiceDeps, view: VerificationView): Promise<VerificationView> {
  const { record } = await deps.store.verifications.get(view.id);
  if (record === null) return view;
  const { to, context, metadata, reference } = record;
  return { ...view, to, context, metadata, reference, hosted_url: hostedUrl(deps, record) };
}

function isVerification(value: unknown): value is VerificationView {
  return typeof value === 'object' && value !== null && 'object' in value && value.object === 'verification';
}
