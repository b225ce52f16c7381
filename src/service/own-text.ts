import { refuse, ok, type Result } from '../core/errors.ts';
import { mustShowDetails } from '../core/payment.ts';
import { findingsFor, lintProblem } from '../core/templates/as-sent.ts';
import { type Template, templateFrom } from '../core/templates/template.ts';
import type { Verification } from '../core/verification.ts';
import type { StartInput } from './api.ts';
import type { ServiceDeps } from './deps.ts';
import { senderOf } from './templates/index.ts';
import type { Tenant } from './tenants.ts';

type TextDeps = Pick<ServiceDeps, 'ring' | 'settings'>;

/** Texts of one application whose verdict is remembered; the oldest goes first. */
const MOST_TEXTS = 100;
/** A tenant is another object as soon as anything of it changes, so a verdict lives as long as what it depends on. */
const verdicts = new WeakMap<Tenant, Map<string, Result<Template | null>>>();

/** The words a caller sends along for its SMS, looked at by the linter of every text that is not ours; null = none. */
export function ownText(
  deps: TextDeps,
  tenant: Tenant,
  purpose: string,
  { facade }: StartInput,
): Result<Template | null> {
  if (facade?.text === undefined) return ok(null);
  const known = verdicts.get(tenant) ?? new Map<string, Result<Template | null>>();
  // The address of the pages gives a link below the text its length.
  const key = `${purpose} ${deps.settings.publicUrl} ${facade.text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const verdict = lookAt(deps, tenant, smsTemplate(purpose, facade.text));
  const [oldest] = known.keys();
  if (known.size >= MOST_TEXTS && oldest !== undefined) known.delete(oldest);
  verdicts.set(tenant, known.set(key, verdict));
  return verdict;
}

/** A good part of what such a start costs beyond any other, and callers send the same words again and again. */
function lookAt(deps: TextDeps, tenant: Tenant, template: Template | null): Result<Template | null> {
  if (template === null) return ok(null);
  const problem = lintProblem(findingsFor(template, senderOf(deps, tenant, template)));
  return problem === null ? ok(template) : refuse(problem);
}

/** The same words of a record; null where it has none, or no key of the ring opens them. */
export function textOf({ ring }: Pick<TextDeps, 'ring'>, { id, purpose, sealedText }: Verification): Template | null {
  // Drivers from before there were such words give none.
  const text = sealedText ? ring.open('message', sealedText, id) : null;
  return text === null ? null : smsTemplate(purpose, text);
}

/** Whether messages of a record must get through as they are: a provider that sends words of its own may not carry them. */
export function needsOwnWords({ purpose, context, sealedText }: Verification): boolean {
  return Boolean(sealedText) || mustShowDetails(purpose, context);
}

function smsTemplate(purpose: string, text: string): Template | null {
  return templateFrom({ channel: 'sms', purpose, text });
}
