import { maskedDestination } from '../core/address.ts';
import { ok, refuse, type Result } from '../core/errors.ts';
import { cancel } from '../core/machine/index.ts';
import { moneyText } from '../core/money.ts';
import type { PreviewView, VerificationView } from '../core/views.ts';
import type { Caller, IdempotencyRequest, StartInput, Verifier } from './api.ts';
import { dearestPrice } from './budget.ts';
import { checkByDestination, checkCode, openByDestination } from './check.ts';
import { changesOf, commit } from './commit.ts';
import { limitContext, startHits } from './limits.ts';
import { load } from './load.ts';
import { notMeLink } from './not-me/index.ts';
import { once } from './once.ts';
import { CLOSED, NOT_FOUND } from './problems.ts';
import { resendCode } from './resend.ts';
import { prepare, type StartDeps } from './prepare.ts';
import { outgoing, startVerification } from './start.ts';
import { chosenMessage } from './templates/index.ts';
import { viewOf } from './view.ts';

/** The use cases of a verification. Each parses nothing and renders nothing: the edges do. */
export function createVerifier(deps: StartDeps): Verifier {
  const resend: Verifier['resend'] = (caller, id, input, idempotency) =>
    resendCode(deps, caller, id, input, idempotency);
  return {
    start: (caller, input, idempotency) => startVerification(deps, resend, caller, input, idempotency),
    check: (caller, id, input, idempotency) => checkCode(deps, caller, id, input, idempotency),
    checkByDestination: (caller, input, idempotency) => checkByDestination(deps, caller, input, idempotency),
    resend,
    cancel: (caller, id, idempotency) => cancelVerification(deps, caller, id, idempotency),
    get: (caller, id) => getVerification(deps, caller, id),
    async findOpen(caller, input) {
      const found = await openByDestination(deps, caller, input);
      return found.ok ? ok(viewOf(deps, found.value.record, found.value.now)) : found;
    },
    preview: (caller, input) => preview(deps, caller, input),
  };
}

function cancelVerification(
  deps: StartDeps,
  caller: Caller,
  id: string,
  idempotency?: IdempotencyRequest | null,
): Promise<Result<VerificationView>> {
  return once<VerificationView>(deps, caller, idempotency, async (ticket) => {
    const done = await commit(
      deps,
      () => load(deps, caller, id),
      (record, now) => {
        const step = cancel(record, 'operator', now);
        const answer = ticket?.store(viewOf(deps, step.next, now)) ?? null;
        return { step, changes: { ...changesOf(deps, step, caller.actor, now), answer } };
      },
    );
    if (!done.ok) return done;
    const { step, now } = done.value;
    return step.outcome === 'canceled' ? ok(viewOf(deps, step.next, now)) : refuse(CLOSED);
  });
}

async function getVerification(deps: StartDeps, caller: Caller, id: string): Promise<Result<VerificationView>> {
  const { record, now } = await load(deps, caller, id);
  return record === null ? refuse(NOT_FOUND) : ok(viewOf(deps, record, now));
}

/** What a start with this body would send, the code as dots. Sends nothing, counts nothing. */
async function preview(deps: StartDeps, caller: Caller, input: StartInput): Promise<Result<PreviewView>> {
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
    // As long as a real one, and good for nothing.
    notMeUrl: notMeLink(deps, { id: `vrf_${'0'.repeat(30)}`, policy }, channel),
  });
  const estimate = dearestPrice(deps, outgoing(prepared.value));
  const context = limitContext(deps.ring, deps.settings.limits, prepared.value.caller, addressed);
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
    limits: startHits(context, input.signals).map((hit) => ({
      name: hit.name,
      max: hit.max,
      window_seconds: hit.windowMs === null ? null : hit.windowMs / 1000,
    })),
    estimated_cost: estimate === null ? null : moneyText(estimate),
    warnings: message.warnings,
  });
}
