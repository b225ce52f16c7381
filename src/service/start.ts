import { drawCode } from '../core/code.ts';
import { unprovenHits } from '../core/challenge.ts';
import { ok, refuse, WatchwordError, type Problem, type Result } from '../core/errors.ts';
import type { EventData } from '../core/events.ts';
import { newId, newShortId } from '../core/id.ts';
import type { Refusal } from '../core/limits.ts';
import { start, type StartFields } from '../core/machine/index.ts';
import { maskedDestination } from '../core/address.ts';
import { STAFF_SIGN_IN } from '../core/staff.ts';
import { subjectKey } from '../core/subject.ts';
import type { Found } from '../ports/verification-store.ts';
import type { Caller, IdempotencyRequest, Origin, StartInput, Started, Verifier } from './api.ts';
import { reserving, type Outgoing } from './budget.ts';
import { changesOf } from './commit.ts';
import type { ServiceDeps } from './deps.ts';
import { newest } from './destination.ts';
import { findDevice, insertRemembered } from './devices/index.ts';
import { deviceKeys, knownDeviceHits, limitContext, quietHits, startHits } from './limits.ts';
import { type BlockingRule, insertBlocked } from './lists/index.ts';
import { once, type Ticket } from './once.ts';
import { findOpen, isReusable, replaceOpen, type Subject } from './open-subject.ts';
import { originFacts, withFacts } from './origin-facts.ts';
import { limitProblem } from './problems.ts';
import { viewOf } from './view.ts';
import { prepare, type Prepared, type StartDeps } from './prepare.ts';
import { CHALLENGE_REQUIRED, passage, type RiskVerdict } from './risk/index.ts';

/** A start that may begin. */
interface Admitted {
  readonly prepared: Prepared;
  /** It showed that a person asks, or nobody wants to know. */
  readonly proven: boolean;
  /** What the operator's hook said; null where it was not asked. */
  readonly risk: RiskVerdict | null;
}

/** Only other processes can take the subject in between: each lost round is a start of theirs that went through. */
const MOST_SUBJECT_ROUNDS = 128;

export function startVerification(
  deps: StartDeps,
  resend: Verifier['resend'],
  caller: Caller,
  input: StartInput,
  idempotency?: IdempotencyRequest | null,
): Promise<Result<Started>> {
  return once<Started>(deps, caller, idempotency, async (ticket) => {
    const prepared = await prepare(deps, caller, input);
    const result = prepared.ok ? await open(deps, resend, prepared.value, ticket) : prepared;
    // What is counted is what an application's own people are sent, not how its agents sign in.
    if (!result.ok && input.purpose !== STAFF_SIGN_IN) await countRefusal(deps, caller, result.problem);
    return result;
  });
}
/** Inserts the verification; under `replace` and `reuse` one start of a subject comes after the other. */
async function open(
  deps: StartDeps,
  resend: Verifier['resend'],
  prepared: Prepared,
  ticket: Ticket | null,
): Promise<Result<Started>> {
  const { caller, purpose, addressed } = prepared;
  const rule = purpose === STAFF_SIGN_IN ? null : await deps.rules.against(caller.application.id, addressed);
  if (rule !== null) return block(deps, prepared, ticket, { rule, risk: null });
  const passed = await passage(deps, prepared);
  if (passed.type === 'refused') return refuse(passed.problem);
  const { risk } = passed;
  if (passed.type === 'blocked') return block(deps, prepared, ticket, { rule: 'risk_hook', risk });
  const admitted: Admitted = { prepared, proven: passed.proven, risk };
  const known = passed.asked ? null : await signInRemembered(deps, admitted);
  return known ?? (await openPassed(deps, resend, admitted, ticket));
}

/** The sign-in of a browser that is remembered, where the policy still wants that; null for any other. */
async function signInRemembered(deps: StartDeps, admitted: Admitted): Promise<Result<Started> | null> {
  const { prepared, proven } = admitted;
  const { caller, input, policy, purpose, addressed, silent } = prepared;
  const { devices = [] } = input;
  const days = policy.remember_device_days;
  if (devices.length === 0 || days === 0 || caller.actor.type !== 'hosted' || caller.mode !== 'live' || silent)
    return null;
  const subject = { application: caller.application.id, purpose, toIndexes: addressed.toIndexes, days };
  const held = await findDevice(deps, subject, devices);
  if (held === null) return null;
  const now = await deps.store.verifications.time();
  const hits = startHits(limitContext(deps.ring, deps.settings.limits, caller, addressed), input.signals, now);
  const take = quietHits(proven ? hits : unprovenHits(hits));
  const signIn = { fields: fieldsOf(deps, prepared, now, null), held, take, now };
  return insertRemembered(deps, caller, signIn, (refusal) => refusalOf(admitted, refusal, now));
}

async function openPassed(
  deps: StartDeps,
  resend: Verifier['resend'],
  admitted: Admitted,
  ticket: Ticket | null,
): Promise<Result<Started>> {
  const { caller, policy, purpose, addressed } = admitted.prepared;
  if (policy.on_open === 'parallel') return (await insert(deps, admitted, ticket)) ?? tooMany();
  const subject = subjectKey(caller.application.id, caller.mode, purpose, newest(addressed.toIndexes));
  return deps.turns.take(subject, () => openAlone(deps, resend, admitted, ticket));
}

/** A start that a list or the risk hook stops. */
async function block(
  deps: StartDeps,
  prepared: Prepared,
  ticket: Ticket | null,
  { rule, risk }: { readonly rule: BlockingRule; readonly risk: RiskVerdict | null },
): Promise<Result<Started>> {
  const { caller, addressed, input } = prepared;
  const now = await deps.store.verifications.time();
  const fields = fieldsOf(deps, prepared, now, ticket);
  const take = startHits(limitContext(deps.ring, deps.settings.limits, caller, addressed), input.signals, now);
  return insertBlocked(
    deps,
    caller,
    { fields, rule, facts: riskFacts(risk), take, now },
    (value) => ticket?.store(value) ?? null,
  );
}

/**
 * Reuses the open verification of the subject, or inserts a new one in its place. The store says first whether there is
 * room for the new one: a start that a limit refuses must not end the code somebody waits for.
 */
async function openAlone(
  deps: StartDeps,
  resend: Verifier['resend'],
  admitted: Admitted,
  ticket: Ticket | null,
): Promise<Result<Started>> {
  const { prepared } = admitted;
  for (let round = 0; round < MOST_SUBJECT_ROUNDS; round++) {
    const held = await findOpen(deps, subjectOfStart(prepared));
    const reused = await reuse(deps, resend, prepared, held);
    if (reused !== null) return reused;
    const inserted = await insert(deps, admitted, ticket);
    if (inserted !== null && !inserted.ok) return inserted;
    // Inserted beside an open one: that holds the subject under an older key of the ring.
    if (held.record !== null) await replaceOpen(deps, held.record, prepared.caller);
    if (inserted !== null) return inserted;
  }
  return tooMany();
}

function subjectOfStart({ caller, purpose, addressed }: Prepared): Subject {
  return { caller, purpose, toIndexes: addressed.toIndexes };
}

function tooMany(): never {
  throw new WatchwordError('unavailable', 'Too many starts for one destination at once; try again.');
}

/** The answer when the open verification serves the start too, else null. */
async function reuse(
  deps: ServiceDeps,
  resend: Verifier['resend'],
  prepared: Prepared,
  { record, now }: Found,
): Promise<Result<Started> | null> {
  const { caller, policy, input } = prepared;
  if (
    record === null ||
    policy.on_open !== 'reuse' ||
    now >= record.expiresAt ||
    // A code or words of the caller's own are new ones.
    input.code !== undefined ||
    prepared.text !== null
  )
    return null;
  const anyChannel = input.facade?.resend_open === true;
  const wanted = {
    context: input.context ?? null,
    channels: anyChannel ? record.channels : prepared.channels,
    waits: input.channel_wait_seconds ?? null,
  };
  if (!isReusable(record, wanted)) return null;
  if (!anyChannel && record.nextSendAt !== null && now < record.nextSendAt) {
    return ok({ verification: viewOf(deps, record, now), created: false });
  }
  const again = await resend(caller, record.id, input.channel === undefined ? {} : { channel: input.channel });
  if (again.ok) return ok({ verification: again.value, created: false });
  // Closed meanwhile: the subject is free.
  return again.problem.code === 'verification_closed' ? null : again;
}

/** Null when another start took the subject meanwhile. */
async function insert(deps: StartDeps, admitted: Admitted, ticket: Ticket | null): Promise<Result<Started> | null> {
  const { prepared, proven, risk } = admitted;
  const now = await deps.store.verifications.time();
  const fields = fieldsOf(deps, prepared, now, ticket);
  const step = start(fields, now);
  const value: Started = { verification: viewOf(deps, step.next, now), created: true };
  const { caller, addressed, input } = prepared;
  const context = limitContext(deps.ring, deps.settings.limits, caller, addressed);
  const hits = startHits(context, input.signals, now);
  const take = proven ? hits : unprovenHits(hits);
  const planned = changesOf(deps, step, caller, now);
  const changes = reserving(
    deps,
    {
      ...planned,
      events: withFacts(planned.events, ['started'], {
        ...originFacts(step.next, asker(prepared)),
        ...riskFacts(risk),
      }),
      take,
      answer: ticket?.store(value) ?? null,
    },
    outgoing(prepared),
    now,
  );
  let written = await deps.store.verifications.insert(step.next, changes);
  if (written.type === 'refused' && input.signals?.device_id !== undefined) {
    const devices = deviceKeys(context, input.signals.device_id);
    const known = await isKnownDevice(deps, devices, written.refusal);
    const allowed = { ...changes, take: knownDeviceHits(context, changes.take, devices) };
    if (known) written = await deps.store.verifications.insert(step.next, allowed);
  }
  if (written.type === 'refused') return refuse(refusalOf(admitted, written.refusal, now));
  if (written.type === 'subject_busy') {
    ticket?.retract();
    return null;
  }
  deps.wake();
  return ok(value);
}

/** An address that showed nothing has only a part of its allowance: beyond it, it may show something. */
function refusalOf({ proven }: Admitted, refusal: Refusal, now: number): Problem {
  return !proven && refusal.name === 'hosted_ip' ? CHALLENGE_REQUIRED : limitProblem(refusal, now);
}

/** The first message of a start. */
export function outgoing(prepared: Prepared): Outgoing {
  const { caller, input, policy, purpose, locale, addressed, channels, text } = prepared;
  const { value: to, country } = addressed.destination;
  return {
    application: caller.application,
    mode: caller.mode,
    channel: channels[0] ?? 'sms',
    routed: { to, country, purpose },
    locale,
    policy,
    context: input.context ?? null,
    text,
  };
}

async function isKnownDevice(deps: ServiceDeps, devices: readonly string[], refusal: Refusal): Promise<boolean> {
  if (!refusal.name.startsWith('destination_')) return false;
  for (const device of devices) if (await deps.store.destinations.knowsDevice(device)) return true;
  return false;
}

export function fieldsOf(deps: ServiceDeps, prepared: Prepared, now: number, ticket: Ticket | null): StartFields {
  const { caller, input, policy, purpose, addressed, channels } = prepared;
  const fresh = input.facade?.short_id === true ? newShortId : newId;
  const id = ticket === null ? fresh('vrf', now, deps.env.randomText(20)) : `vrf_${ticket.id}`;
  const toIndex = newest(addressed.toIndexes);
  const context = input.context ?? null;
  const drawn = prepared.chosenCode ?? drawCode(policy.code, deps.env.randomInt);
  const binding = {
    application: caller.application.id,
    verification: id,
    generation: 1,
    to: toIndex,
    purpose,
    context,
  };
  const device = input.signals?.device_id;
  return {
    id,
    application: caller.application.id,
    mode: caller.mode,
    purpose,
    to: maskedDestination(addressed.destination),
    sealedTo: deps.ring.seal('address', addressed.destination.value, id),
    toIndex,
    limitIndex: newest(addressed.limitIndexes),
    channel: channels[0] ?? 'sms',
    channels,
    channelWaitSeconds: input.channel_wait_seconds ?? null,
    locale: prepared.locale,
    policy,
    digest: deps.ring.digestCode(drawn, binding),
    sealedCode: deps.ring.seal('code', drawn.reveal(), id),
    ownCode: input.code !== undefined,
    sealedText: prepared.text === null ? null : deps.ring.seal('message', prepared.text.text, id),
    context,
    metadata: input.metadata ?? {},
    reference: input.reference ?? null,
    reason: input.reason ?? null,
    returnUrl: input.return_url ?? null,
    actor: caller.actor,
    deviceIndex: device === undefined ? null : deps.ring.index('device', `${caller.application.id}|${device}`),
    silent: prepared.silent,
  };
}

/** Where the person is that asks: what the signals say, else the browser. The server that calls the API says nothing of it. */
function asker({ input: { signals }, caller: { actor, origin } }: Prepared): Origin {
  const browser = actor.type === 'api_key' ? undefined : origin;
  return { ip: signals?.ip ?? browser?.ip ?? null, userAgent: signals?.user_agent ?? browser?.userAgent ?? '' };
}

function riskFacts(risk: RiskVerdict | null): EventData {
  if (risk === null) return {};
  return { risk: risk.decision, ...(risk.reason === null ? {} : { risk_reason: risk.reason }) };
}

async function countRefusal(deps: StartDeps, caller: Caller, problem: Problem): Promise<void> {
  const counted = [
    'limit_exceeded',
    'country_not_allowed',
    'unreachable_destination',
    'recipient_unknown',
    'destination_suppressed',
    'budget_exhausted',
    'sends_stopped',
    'challenge_required',
  ];
  if (!counted.includes(problem.code)) return;
  const reason = problem.limit ? `limit:${problem.limit.name}` : problem.code;
  await deps.store.records.countRefused(caller.application.id, caller.mode, reason, deps.env.now());
  if (caller.mode === 'live') await deps.abuse.refused(caller.application.id, problem);
}
