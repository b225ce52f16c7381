import { drawCode } from '../core/code.ts';
import { ok, refuse, type Problem, type Result } from '../core/errors.ts';
import type { Hit } from '../core/limits.ts';
import { nextChannel, resend, resendNeedsNewCode, type NextSend, type ResendOutcome } from '../core/machine/index.ts';
import type { ChannelName, Verification } from '../core/verification.ts';
import type { VerificationView } from '../core/views.ts';
import type { Caller, IdempotencyRequest } from './api.ts';
import { outgoingOf, reserving } from './budget.ts';
import { bindingOf } from './check.ts';
import { channelProblem } from './channels.ts';
import { changesOf, commit, type Decision } from './commit.ts';
import type { ServiceDeps } from './deps.ts';
import { deviceKey, knownDeviceHits, sendHits } from './limits.ts';
import { load } from './load.ts';
import { once, type Ticket } from './once.ts';
import { needsOwnWords } from './own-text.ts';
import { CLOSED } from './problems.ts';
import { limitsOfRecord } from './record-limits.ts';
import type { StartDeps } from './prepare.ts';
import { tellsNobody } from './silence.ts';
import { isStopped, STOPPED } from './stopped.ts';
import { SUPPRESSED } from './suppressions/index.ts';
import { viewOf } from './view.ts';

interface Request {
  readonly caller: Caller;
  readonly channel: ChannelName | 'next' | null;
  readonly ticket: Ticket | null;
  /** After the destination's own limit said no, a known device may use its allowance. */
  readonly knownDevice: boolean;
}

/** Another message of an open verification. */
export async function resendCode(
  deps: StartDeps,
  caller: Caller,
  id: string,
  input: { readonly channel?: ChannelName | 'next' },
  idempotency?: IdempotencyRequest | null,
): Promise<Result<VerificationView>> {
  const result = await once<VerificationView>(deps, caller, idempotency, async (ticket) => {
    const request: Request = { caller, channel: input.channel ?? null, ticket, knownDevice: false };
    const first = await attempt(deps, id, request);
    if (first.ok || !first.problem.limit?.name.startsWith('destination_')) return first;
    return (await isKnownDevice(deps, caller, id)) ? attempt(deps, id, { ...request, knownDevice: true }) : first;
  });
  if (result.ok) deps.wake();
  else if (caller.mode === 'live') await deps.abuse.refused(caller.application.id, result.problem);
  return result;
}

async function attempt(deps: StartDeps, id: string, request: Request): Promise<Result<VerificationView>> {
  let suppressed = false;
  let stopped = false;
  const done = await commit<ResendOutcome>(
    deps,
    async () => {
      const found = await load(deps, request.caller, id);
      await deps.templates.of(request.caller.application);
      const tenant = await deps.tenants.find(request.caller.application.id);
      stopped = found.record !== null && tenant !== null && isStopped(tenant.application, found.record.purpose);
      suppressed = found.record !== null && (await deps.suppressions.holdsRecord(found.record));
      return found;
    },
    (record, now) => decide(deps, record, { ...request, suppressed, stopped }, now),
  );
  if (!done.ok) return done;
  const { step, now } = done.value;
  const problem = problemOf(step.outcome, step.next, now);
  return problem === null ? ok(viewOf(deps, step.next, now)) : refuse(problem);
}

function decide(
  deps: StartDeps,
  record: Verification,
  request: Request & { readonly suppressed: boolean; readonly stopped: boolean },
  now: number,
): Decision<ResendOutcome> {
  const chosen = channelOf(deps, record, request);
  if (!chosen.ok) return { problem: chosen.problem };
  const newCode = resendNeedsNewCode(record, now) ? drawNew(deps, record) : null;
  const step = resend(record, { channel: chosen.value, newCode }, now);
  if (step.outcome.type !== 'queued') return { step, changes: changesOf(deps, step, request.caller, now) };
  if (request.stopped) return { problem: STOPPED };
  // Where the refusal would tell, delivery drops the message.
  if (request.suppressed && !tellsNobody(request.caller, record.policy)) return { problem: SUPPRESSED };
  const changes = {
    ...changesOf(deps, step, request.caller, now),
    take: hitsOf(deps, record, request),
    answer: request.ticket?.store(viewOf(deps, step.next, now)) ?? null,
  };
  const message = outgoingOf(deps, request.caller.application, record, chosen.value);
  return { step, changes: reserving(deps, changes, message, now) };
}

function channelOf(deps: ServiceDeps, record: Verification, request: Request): Result<ChannelName> {
  const { caller, channel } = request;
  const asked = channel === 'next' ? nextChannel(record, record.channel) : (channel ?? record.channel);
  if (asked === null) return refuse(channelRefused('The channel ladder of this verification has no next step.'));
  const { application, mode } = caller;
  const wanted = {
    application,
    mode,
    policy: record.policy,
    type: record.to.type,
    ownWords: needsOwnWords(record),
    routed: null,
  };
  const problem = channelProblem(deps, wanted, asked);
  return problem === null ? ok(asked) : refuse(channelRefused(problem));
}

function channelRefused(detail: string): Problem {
  return {
    code: 'channel_unavailable',
    detail,
    errors: [{ pointer: '/channel', code: 'channel_unavailable', detail }],
  };
}

function drawNew(deps: ServiceDeps, record: Verification): NextSend['newCode'] {
  const drawn = drawCode(record.policy.code, deps.env.randomInt);
  return {
    digest: deps.ring.digestCode(drawn, { ...bindingOf(record), generation: record.generation + 1 }),
    sealedCode: deps.ring.seal('code', drawn.reveal(), record.id),
  };
}

function hitsOf(deps: ServiceDeps, record: Verification, request: Request): readonly Hit[] {
  const context = limitsOfRecord(deps, record, request.caller);
  const hits = sendHits(context);
  if (!request.knownDevice || record.deviceIndex === null) return hits;
  return knownDeviceHits(context, hits, [deviceKey(request.caller, record.limitIndex, record.deviceIndex)]);
}

async function isKnownDevice(deps: ServiceDeps, caller: Caller, id: string): Promise<boolean> {
  const { record } = await load(deps, caller, id);
  if (record === null || record.deviceIndex === null) return false;
  return deps.store.destinations.knowsDevice(deviceKey(caller, record.limitIndex, record.deviceIndex));
}

function problemOf(outcome: ResendOutcome, record: Verification, now: number): Problem | null {
  if (outcome.type === 'queued') return null;
  if (outcome.type === 'closed') return CLOSED;
  if (outcome.type === 'cooldown') {
    const retryAfterMs = Math.max(1, outcome.nextSendAt - now);
    const detail = `The next message can be sent in ${Math.ceil(retryAfterMs / 1000)} seconds.`;
    return { code: 'send_cooldown', detail, nextSendAt: outcome.nextSendAt, retryAfterMs };
  }
  return {
    code: 'limit_exceeded',
    detail: 'No sends are left for this verification. Start a new one.',
    limit: { name: 'max_sends', scope: 'verification', resetAt: null },
    retryAfterMs: Math.max(1000, record.expiresAt - now),
  };
}
