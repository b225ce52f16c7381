import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { type Money, moneyText } from '../../core/money.ts';
import { detailProblems, detailsOf, PAYMENT } from '../../core/payment.ts';
import { dearestPrice } from '../../core/prices.ts';
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
import { carriersFor } from '../channels.ts';
import type { ServiceDeps } from '../deps.ts';
import { sampleConfirmLink } from '../confirm/index.ts';
import { sampleNotMeLink } from '../not-me/index.ts';
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

/** What the links of messages are made from. */
type LinkDeps = Pick<ServiceDeps, 'ring' | 'settings'>;

/** Whose words a template is: the application, with the policy of its purpose. */
export function senderOf(deps: LinkDeps, { application, policy }: Tenant, { channel, purpose }: Template): Sender {
  const { brand, locale } = application;
  const used = policy(purpose ?? USUAL_PURPOSE);
  return { brand, locale, policy: used, notMeUrl: sampleNotMeLink(deps, used, channel) };
}

/** What a message with these words, or with those in use, would be; dots stand for the code. */
export function previewTemplate(
  deps: ServiceDeps,
  { tenant, templates }: Visible,
  { text, context, ...input }: TemplatePreviewInput,
): Result<TemplatePreviewView> {
  const facts = factsOf(deps, tenant, input, context ?? null);
  const refused = unshownProblem(facts.context);
  if (refused !== null) return refuse(refused);
  if (text === undefined) {
    const { message, template } = chosenMessage(templates, { ...facts, context: withSamples(facts, null) });
    return ok(
      view({ deps, tenant }, facts, {
        source: template === null ? 'built_in' : 'template',
        template: template?.id ?? null,
        message,
      }),
    );
  }
  const template = templateFrom({ ...input, text });
  if (template === null) return refuse(BAD_LOCALE);
  const findings = findingsFor(template, senderOf(deps, tenant, template));
  const problem = lintProblem(findings);
  if (problem !== null) return refuse(problem);
  const message = messageFrom(template, { ...facts, context: withSamples(facts, template) });
  const warnings = new Set([...message.warnings, ...warningsOf(findings), ...unused(facts, template)]);
  return ok({
    ...view({ deps, tenant }, facts, { source: 'request', template: null, message }),
    warnings: [...warnings],
  });
}

function factsOf(
  deps: LinkDeps,
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
  const notMeUrl = sampleNotMeLink(deps, policy, channel);
  const links = { notMeUrl, confirmUrl: sampleConfirmLink(deps, policy, channel) };
  return { application, policy, channel, purpose: used, locale: tag, context, code, minutes, ...links };
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

function unused({ policy, confirmUrl }: MessageFacts, template: Template): readonly string[] {
  const asked = asks(template);
  const lacks = [
    ...(asked.has('domain') && policy.sms_domain === null ? ['sms_domain'] : []),
    ...(asked.has('link') && confirmUrl === null ? ['confirm_link'] : []),
  ];
  return lacks.map((name) => `The policy has no ${name}: this template would be passed over.`);
}

interface Shown extends Pick<TemplatePreviewView, 'source' | 'template'> {
  readonly message: ReturnType<typeof messageFrom>;
}

interface Place {
  readonly deps: ServiceDeps;
  readonly tenant: Tenant;
}

function view(place: Place, facts: MessageFacts, { source, template, message }: Shown): TemplatePreviewView {
  const { channel, purpose } = facts;
  const cost = costOf(place, facts, message.segments);
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
    estimated_cost: cost === null ? null : moneyText(cost),
    warnings,
  };
}

/** The most it may cost to a number of the application's own country; without one, by the prices for the rest of the world. */
function costOf(
  { deps, tenant: { application } }: Place,
  { channel, purpose }: MessageFacts,
  segments: number | null,
): Money | null {
  const routed = { to: '', country: application.default_country, purpose };
  return dearestPrice(carriersFor(deps, application, 'live', channel, routed), routed, segments);
}
