import { maskedDestination } from '../core/address.ts';
import { ok, type Result } from '../core/errors.ts';
import { MICROS, moneyText } from '../core/money.ts';
import type { PreviewView } from '../core/views.ts';
import type { Caller, StartInput } from './api.ts';
import { countedAgainst, dearestPrice } from './budget.ts';
import { sampleConfirmLink } from './confirm/index.ts';
import { limitContext, startHits } from './limits.ts';
import { sampleNotMeLink } from './not-me/index.ts';
import { prepare, type Prepared, type StartDeps } from './prepare.ts';
import { outgoing } from './start.ts';
import { chosenMessage } from './templates/index.ts';

const DAY_SECONDS = 86_400;

/** What a start with this body would send, the code as dots. Sends nothing, and counts only what it tells of the suppression list. */
export async function preview(deps: StartDeps, caller: Caller, input: StartInput): Promise<Result<PreviewView>> {
  const prepared = await prepare(deps, caller, input);
  if (!prepared.ok) return prepared;
  const { policy, purpose, addressed, channels } = prepared.value;
  const { application } = prepared.value.caller;
  const channel = channels[0] ?? 'sms';
  const { message, template } = chosenMessage(await deps.templates.of(application), {
    application,
    policy,
    channel,
    purpose,
    locale: input.locale ?? application.locale,
    context: input.context ?? null,
    code: '•'.repeat(policy.code.length),
    minutes: Math.max(1, Math.round(policy.ttl_seconds / 60)),
    notMeUrl: sampleNotMeLink(deps, policy, channel),
    confirmUrl: sampleConfirmLink(deps, policy, channel),
  });
  const estimate = dearestPrice(deps, outgoing(prepared.value));
  return ok({
    to: maskedDestination(addressed.destination),
    channel,
    subject: message.subject,
    text: message.text,
    html: message.html,
    locale: message.locale,
    template: template?.id ?? null,
    encoding: message.encoding,
    segments: message.segments,
    limits: limitsOf(deps, prepared.value),
    estimated_cost: estimate === null ? null : moneyText(estimate),
    warnings: message.warnings,
  });
}

/** Everything the start would count against: the limits, and the day's money where the message costs some. */
function limitsOf(deps: StartDeps, prepared: Prepared): PreviewView['limits'] {
  const context = limitContext(deps.ring, deps.settings.limits, prepared.caller, prepared.addressed);
  // Windows that lie side by side are whole at their beginning.
  const counted = startHits(context, prepared.input.signals, 0).map(({ name, max, windowMs }) => ({
    name,
    max,
    window_seconds: windowMs === null ? null : windowMs / 1000,
  }));
  const money = countedAgainst(deps, outgoing(prepared))?.budget;
  if (money === undefined) return counted;
  const { maxMicros, currency } = money;
  return [...counted, { name: 'money_day', max: maxMicros / MICROS, currency, window_seconds: DAY_SECONDS }];
}
