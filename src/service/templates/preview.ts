import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { detailProblems, detailsOf, PAYMENT } from '../../core/payment.ts';
import {
  findingsFor,
  lintProblem,
  SAMPLE_DETAILS,
  type Sender,
  USUAL_PURPOSE,
  warningsOf,
} from '../../core/templates/as-sent.ts';
import { asks, type Template, templateFrom } from '../../core/templates/template.ts';
import type { TemplatePreviewView } from '../../core/templates/views.ts';
import type { StringMap } from '../../core/verification.ts';
import type { TemplatePreviewInput } from '../api.ts';
import type { Tenant } from '../tenants.ts';
import { chosenMessage, messageFrom, type MessageFacts } from './message.ts';
import type { SavedTemplate } from './saved-template.ts';

export const BAD_LOCALE: Problem = {
  code: 'invalid_request',
  detail: 'locale is no language tag.',
  errors: [{ pointer: '/locale', code: 'invalid_format', detail: 'is no BCP 47 language tag' }],
};

/** An application and its templates, as a caller sees them. */
export interface Visible {
  readonly tenant: Tenant;
  readonly templates: readonly SavedTemplate[];
}

/** Whose words a template is: the application, with the policy of its purpose. */
export function senderOf({ application, policy }: Tenant, { purpose }: Template): Sender {
  return { brand: application.brand, locale: application.locale, policy: policy(purpose ?? USUAL_PURPOSE) };
}

/** What a message with these words, or with those in use, would be; dots stand for the code. */
export function previewTemplate(
  { tenant, templates }: Visible,
  { text, context, ...input }: TemplatePreviewInput,
): Result<TemplatePreviewView> {
  const facts = factsOf(tenant, input, context ?? null);
  const refused = unshownProblem(facts.context);
  if (refused !== null) return refuse(refused);
  if (text === undefined) {
    const { message, template } = chosenMessage(templates, { ...facts, context: withSamples(facts, null) });
    return ok(view(facts, template === null ? 'built_in' : 'template', template?.id ?? null, message));
  }
  const template = templateFrom({ ...input, text });
  if (template === null) return refuse(BAD_LOCALE);
  const findings = findingsFor(template, senderOf(tenant, template));
  const problem = lintProblem(findings);
  if (problem !== null) return refuse(problem);
  const message = messageFrom(template, { ...facts, context: withSamples(facts, template) });
  const warnings = new Set([...message.warnings, ...warningsOf(findings), ...unused(facts, template)]);
  return ok({ ...view(facts, 'request', null, message), warnings: [...warnings] });
}

function factsOf(
  tenant: Tenant,
  { channel, purpose, locale }: Omit<TemplatePreviewInput, 'text' | 'context'>,
  context: StringMap | null,
): MessageFacts {
  const { application } = tenant;
  const used = purpose ?? USUAL_PURPOSE;
  const policy = tenant.policy(used);
  const code = '•'.repeat(policy.code.length);
  const minutes = Math.max(1, Math.round(policy.ttl_seconds / 60));
  const tag = locale ?? application.locale;
  return { application, policy, channel, purpose: used, locale: tag, context, code, minutes, notMeUrl: null };
}

/** A payment, and a template that asks for its details, are shown with some. */
function withSamples({ purpose, context }: MessageFacts, template: Template | null): StringMap | null {
  const asked = template === null ? null : asks(template);
  const isWanted = (name: 'amount' | 'payee'): boolean => purpose === PAYMENT || asked?.has(name) === true;
  const samples = Object.entries(SAMPLE_DETAILS).filter(([name]) => isWanted(name as 'amount' | 'payee'));
  return context === null && samples.length === 0 ? null : { ...Object.fromEntries(samples), ...context };
}

function unshownProblem(context: StringMap | null): Problem | null {
  const errors = detailProblems(detailsOf(context));
  return errors.length === 0 ? null : { code: 'invalid_request', detail: 'The context cannot be shown.', errors };
}

function unused({ policy }: MessageFacts, template: Template): readonly string[] {
  return asks(template).has('domain') && policy.sms_domain === null
    ? ['The policy has no sms_domain: this template would be passed over.']
    : [];
}

function view(
  { channel, purpose }: MessageFacts,
  source: TemplatePreviewView['source'],
  template: string | null,
  message: ReturnType<typeof messageFrom>,
): TemplatePreviewView {
  const { locale, subject, text, html, encoding, segments, warnings } = message;
  return {
    object: 'template_preview',
    channel,
    purpose,
    locale,
    source,
    template,
    subject,
    text,
    html,
    encoding,
    segments,
    // Of nowhere in particular: what a message costs depends on the country and the provider.
    estimated_cost: null,
    warnings,
  };
}
