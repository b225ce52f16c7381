import type { FieldError, Problem } from '../../core/errors.ts';
import { detailProblems, detailsOf, NO_DETAILS, PAYMENT } from '../../core/payment.ts';
import { asks, chooseTemplate, missingDetails, type Template } from '../../core/templates/template.ts';
import type { ChannelName } from '../../core/verification.ts';
import type { StartInput } from '../api.ts';
import type { Tenant } from '../tenants.ts';

interface Asked {
  readonly input: StartInput;
  readonly tenant: Tenant;
  readonly purpose: string;
  readonly locale: string;
  readonly channels: readonly ChannelName[];
}

/**
 * Why the context of a start will not do, null when it will: the policy or the template of a channel asks for what is not there, or what
 * a message is to show cannot be shown as it is.
 */
export function contextProblem(templates: readonly Template[], asked: Asked): Problem | null {
  const { input, tenant, purpose } = asked;
  const context = input.context ?? null;
  const details = detailsOf(context);
  const { required_context: required } = tenant.policy(purpose);
  const used = asked.channels.flatMap((channel) => wantedTemplate(templates, asked, channel) ?? []);
  const missing = new Set([
    ...required.filter((name) => context === null || !Object.hasOwn(context, name)),
    ...used.flatMap((template) => missingDetails(template, details)),
  ]);
  const isShown =
    purpose === PAYMENT || used.some((template) => asks(template).has('amount') || asks(template).has('payee'));
  const errors = [...[...missing].map(missingError), ...detailProblems(isShown ? details : NO_DETAILS)];
  if (errors.length === 0) return null;
  const detail =
    missing.size > 0 ? 'Messages of this purpose say more than this context has.' : 'The context cannot be shown.';
  return { code: 'invalid_request', detail, errors };
}

/** The template that a complete context would get. */
function wantedTemplate(templates: readonly Template[], asked: Asked, channel: ChannelName): Template | null {
  const { input, tenant, purpose, locale } = asked;
  const given = detailsOf(input.context ?? null);
  return chooseTemplate(templates, {
    channel,
    purpose,
    locale,
    fallbackLocale: tenant.application.locale,
    details: { amount: given.amount ?? '', payee: given.payee ?? '' },
    domain: tenant.policy(purpose).sms_domain,
    link: tenant.policy(purpose).confirm_link === 'email',
  });
}

function missingError(name: string): FieldError {
  const step = name.replaceAll('~', '~0').replaceAll('/', '~1');
  return { pointer: `/context/${step}`, code: 'missing', detail: 'is required: the message of this purpose says it' };
}
