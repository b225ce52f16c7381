import { drawCode, foldCode } from '../core/code.ts';
import { ok, refuse, WatchwordError, type Problem, type Result } from '../core/errors.ts';
import { newId, newShortId } from '../core/id.ts';
import type { Refusal } from '../core/limits.ts';
import { start, type StartFields } from '../core/machine/index.ts';
import { settleLocale } from '../core/templates/template.ts';
import { maskedDestination, type Destination } from '../core/address.ts';
import { isCountryAllowed } from '../core/countries.ts';
import { mustShowDetails } from '../core/payment.ts';
import type { Policy } from '../core/policy.ts';
import type { Code } from '../core/redacted.ts';
import { STAFF_SIGN_IN } from '../core/staff.ts';
import { subjectKey } from '../core/subject.ts';
import type { ChannelName } from '../core/verification.ts';
import type { Changes, Found } from '../ports/verification-store.ts';
import type { Caller, IdempotencyRequest, StartInput, Started, Verifier } from './api.ts';
import { reserving, type Outgoing } from './budget.ts';
import { ladder } from './channels.ts';
import { changesOf } from './commit.ts';
import type { ServiceDeps } from './deps.ts';
import { reasonProblem } from './desk/reason.ts';
import { address, newest, type Addressed } from './destination.ts';
import { deviceKeys, knownDeviceHits, limitContext, startHits } from './limits.ts';
import { insertBlocked, type Rules } from './lists/index.ts';
import { once, type Ticket } from './once.ts';
import { findOpen, isReusable, replaceOpen, type Subject } from './open-subject.ts';
import { codeFormatProblem, limitProblem } from './problems.ts';
import { isStopped, STOPPED } from './stopped.ts';
import { SUPPRESSED, type Suppressions } from './suppressions/index.ts';
import { contextProblem, type Templates } from './templates/index.ts';
import type { Tenant, Tenants } from './tenants.ts';
import type { Turns } from './turns.ts';
import { viewOf } from './view.ts';

/** What start needs of its neighbours: the wake-up of delivery, and the resend that `on_open: reuse` turns into. */
export interface StartDeps extends ServiceDeps {
  readonly tenants: Tenants;
  readonly templates: Templates;
  readonly suppressions: Suppressions;
  readonly rules: Rules;
  /** Keeps starts of one subject apart within this process. */
  readonly turns: Turns;
  wake(): void;
}

const DEFAULT_PURPOSE = 'login';
/** Only other processes can take the subject in between: each lost round is a start of theirs that went through. */
const MOST_SUBJECT_ROUNDS = 128;

/** Everything about a start that is settled before the store is asked. */
interface Prepared {
  readonly caller: Caller;
  readonly input: StartInput;
  readonly policy: Policy;
  readonly purpose: string;
  readonly addressed: Addressed;
  readonly channels: readonly ChannelName[];
  readonly chosenCode: Code | null;
  readonly silent: boolean;
  readonly locale: string;
}

export async function startVerification(
  deps: StartDeps,
  resend: Verifier['resend'],
  caller: Caller,
  input: StartInput,
  idempotency?: IdempotencyRequest | null,
): Promise<Result<Started>> {
  return once<Started>(deps, caller, idempotency, async (ticket) => {
    const prepared = await prepare(deps, caller, input);
    const result = prepared.ok ? await open(deps, resend, prepared.value, ticket) : prepared;
    if (!result.ok) await countRefusal(deps, caller, result.problem);
    return result;
  });
}

/** Checks everything that needs no verification: address, policy, channel, return address, recipient. */
export async function prepare(deps: StartDeps, caller: Caller, input: StartInput): Promise<Result<Prepared>> {
  const tenant = await tenantOf(deps, caller);
  const purpose = input.purpose ?? DEFAULT_PURPOSE;
  const policy = tenant.policy(purpose);
  const addressed = address(deps.ring, tenant.application, input.to);
  if (!addressed.ok) return addressed;
  const { destination } = addressed.value;
  const refused =
    (isStopped(tenant.application, purpose) ? STOPPED : null) ??
    countryProblem(tenant, destination) ??
    landlineProblem(destination, input) ??
    returnUrlProblem(tenant, input) ??
    channelsProblem(input) ??
    reasonProblem(tenant.application, caller, policy, input);
  if (refused) return refuse(refused);
  const channels = ladder(deps, {
    application: tenant.application,
    mode: caller.mode,
    policy,
    type: destination.type,
    channel: input.channel,
    channels: input.channels,
    showsDetails: mustShowDetails(purpose, input.context ?? null),
    routed: { to: destination.value, country: destination.country, purpose },
  });
  if (!channels.ok) return channels;
  const templates = await deps.templates.of(tenant.application);
  const locale = settleLocale(templates, purpose, input.locale ?? null, tenant.application.locale);
  const unshown = contextProblem(templates, { input, purpose, locale, tenant, channels: channels.value });
  if (unshown) return refuse(unshown);
  const chosen = chosenCode(tenant, caller, policy, input);
  if (!chosen.ok) return chosen;
  const silent = await silence(deps, tenant, { caller, policy, addressed: addressed.value });
  if (!silent.ok) return silent;
  return ok({
    caller: { ...caller, application: tenant.application },
    input,
    policy,
    purpose,
    addressed: addressed.value,
    channels: channels.value,
    chosenCode: chosen.value,
    silent: silent.value,
    locale,
  });
}

/** As much of {@link prepare} as a record needs that sends nothing: no channel, no code, no silence. */
export async function prepareDestination(
  deps: StartDeps,
  caller: Caller,
  input: Pick<StartInput, 'to' | 'purpose' | 'reason' | 'reference'>,
): Promise<Result<Prepared>> {
  const tenant = await tenantOf(deps, caller);
  const purpose = input.purpose ?? DEFAULT_PURPOSE;
  const policy = tenant.policy(purpose);
  const addressed = address(deps.ring, tenant.application, input.to);
  if (!addressed.ok) return addressed;
  const refused = reasonProblem(tenant.application, caller, policy, input);
  if (refused) return refuse(refused);
  return ok({
    caller: { ...caller, application: tenant.application },
    input,
    policy,
    purpose,
    addressed: addressed.value,
    channels: [addressed.value.destination.type === 'email' ? 'email' : 'sms'],
    chosenCode: null,
    silent: false,
    locale: settleLocale([], purpose, null, tenant.application.locale),
  });
}

/** Whether the person is unknown to a silent directory. There all are asked the same, and of who said stop delivery drops the message. */
async function silence(
  deps: StartDeps,
  tenant: Tenant,
  { caller, policy, addressed }: Pick<Prepared, 'caller' | 'policy' | 'addressed'>,
): Promise<Result<boolean>> {
  const unknown = policy.recipients !== 'any' && !(await isKnown(deps, tenant, addressed));
  if (policy.recipients === 'directory_silent') return ok(unknown);
  if (unknown) {
    return refuse({ code: 'recipient_unknown', detail: 'Nobody in the directory has this destination.' });
  }
  const suppressed = await deps.suppressions.holds(tenant.application.id, caller.mode, addressed);
  return suppressed ? refuse(SUPPRESSED) : ok(false);
}

async function tenantOf(deps: StartDeps, caller: Caller): Promise<Tenant> {
  const tenant = await deps.tenants.find(caller.application.id);
  if (tenant === null) throw new WatchwordError('unavailable', 'The application is not there any more.');
  return tenant;
}

function countryProblem(tenant: Tenant, destination: Destination): Problem | null {
  if (isCountryAllowed(destination, tenant.application.countries)) return null;
  return { code: 'country_not_allowed', detail: 'The application does not send to the country of this number.' };
}

function landlineProblem(destination: Destination, { facade, channel }: StartInput): Problem | null {
  if (facade?.no_landline !== true || channel !== 'sms' || destination.type !== 'phone') return null;
  if (destination.lineType !== 'fixed_line') return null;
  const detail = 'A fixed line takes no SMS.';
  return { code: 'unreachable_destination', detail, errors: [{ pointer: '/to', code: 'landline', detail }] };
}

function returnUrlProblem(tenant: Tenant, input: StartInput): Problem | null {
  if (input.return_url === undefined || tenant.application.return_urls.includes(input.return_url)) return null;
  const detail = 'return_url must equal one of the application’s return_urls.';
  return { code: 'invalid_request', detail, errors: [{ pointer: '/return_url', code: 'not_registered', detail }] };
}

function channelsProblem(input: StartInput): Problem | null {
  if (input.channel === undefined || input.channels === undefined) return null;
  const detail = 'Give either channel or channels, not both.';
  return { code: 'invalid_request', detail, errors: [{ pointer: '/channel', code: 'conflict', detail }] };
}

function isKnown(deps: ServiceDeps, tenant: Tenant, addressed: Addressed): Promise<boolean> {
  return deps.store.directory.has(tenant.application.id, addressed.toIndexes);
}

/** A code given from outside: the caller's own where the policy takes one, or the application's fixed code for test keys. */
function chosenCode(tenant: Tenant, caller: Caller, policy: Policy, input: StartInput): Result<Code | null> {
  if (input.code !== undefined) {
    if (!policy.custom_code) {
      return refuse({
        code: 'forbidden',
        detail: 'The policy of this purpose does not take a code of your own (custom_code).',
      });
    }
    const folded = foldCode(policy.code, input.code);
    return folded === null ? refuse(codeFormatProblem(policy)) : ok(folded);
  }
  const fixed = caller.mode === 'test' ? tenant.application.test_code : null;
  return ok(fixed === null ? null : foldCode(policy.code, fixed));
}

/** Inserts the verification; under `replace` and `reuse` one start of a subject comes after the other. */
async function open(
  deps: StartDeps,
  resend: Verifier['resend'],
  prepared: Prepared,
  ticket: Ticket | null,
): Promise<Result<Started>> {
  const { caller, policy, purpose, addressed } = prepared;
  const rule = purpose === STAFF_SIGN_IN ? null : await deps.rules.against(caller.application.id, addressed);
  if (rule !== null) return block(deps, prepared, ticket, rule);
  if (policy.on_open === 'parallel') return (await insert(deps, prepared, ticket)) ?? tooMany();
  const subject = subjectKey(caller.application.id, caller.mode, purpose, newest(addressed.toIndexes));
  return deps.turns.take(subject, () => openAlone(deps, resend, prepared, ticket));
}

/** A start that a list stops. */
async function block(
  deps: StartDeps,
  prepared: Prepared,
  ticket: Ticket | null,
  rule: 'block_list' | 'allow_list',
): Promise<Result<Started>> {
  const { caller, addressed, input } = prepared;
  const now = await deps.store.verifications.time();
  const fields = fieldsOf(deps, prepared, now, ticket);
  const take = startHits(limitContext(deps.ring, deps.settings.limits, caller, addressed), input.signals);
  return insertBlocked(deps, caller, { fields, rule, take, now }, (value) => ticket?.store(value) ?? null);
}

/**
 * Reuses the open verification of the subject, or inserts a new one in its place. The store says first whether there is
 * room for the new one: a start that a limit refuses must not end the code somebody waits for.
 */
async function openAlone(
  deps: StartDeps,
  resend: Verifier['resend'],
  prepared: Prepared,
  ticket: Ticket | null,
): Promise<Result<Started>> {
  for (let round = 0; round < MOST_SUBJECT_ROUNDS; round++) {
    const held = await findOpen(deps, subjectOfStart(prepared));
    const reused = await reuse(deps, resend, prepared, held);
    if (reused !== null) return reused;
    const inserted = await insert(deps, prepared, ticket);
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
    // A code of the caller's own is a new one.
    input.code !== undefined
  )
    return null;
  const anyChannel = input.facade?.resend_open === true;
  if (!isReusable(record, input.context ?? null, anyChannel ? record.channels : prepared.channels)) return null;
  if (!anyChannel && record.nextSendAt !== null && now < record.nextSendAt) {
    return ok({ verification: viewOf(deps, record, now), created: false });
  }
  const again = await resend(caller, record.id, input.channel === undefined ? {} : { channel: input.channel });
  if (again.ok) return ok({ verification: again.value, created: false });
  // Closed meanwhile: the subject is free.
  return again.problem.code === 'verification_closed' ? null : again;
}

/** Null when another start took the subject meanwhile. */
async function insert(deps: StartDeps, prepared: Prepared, ticket: Ticket | null): Promise<Result<Started> | null> {
  const now = await deps.store.verifications.time();
  const fields = fieldsOf(deps, prepared, now, ticket);
  const step = start(fields, now);
  const value: Started = { verification: viewOf(deps, step.next, now), created: true };
  const { caller, addressed, input } = prepared;
  const context = limitContext(deps.ring, deps.settings.limits, caller, addressed);
  const take = startHits(context, input.signals);
  const planned = changesOf(deps, step, caller.actor, now);
  const changes = reserving(
    deps,
    {
      ...planned,
      events: withSignals(planned.events, prepared),
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
  if (written.type === 'refused') return refuse(limitProblem(written.refusal, now));
  if (written.type === 'subject_busy') {
    ticket?.retract();
    return null;
  }
  deps.wake();
  return ok(value);
}

/** The first message of a start. */
export function outgoing({ caller, input, policy, purpose, locale, addressed, channels }: Prepared): Outgoing {
  const { value: to, country } = addressed.destination;
  return {
    application: caller.application,
    mode: caller.mode,
    channel: channels[0] ?? 'sms',
    routed: { to, country, purpose },
    locale,
    policy,
    context: input.context ?? null,
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
    locale: prepared.locale,
    policy,
    digest: deps.ring.digestCode(drawn, binding),
    sealedCode: deps.ring.seal('code', drawn.reveal(), id),
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

/** The IP of the signals is kept with the start, unless the record is to be dropped at its end. */
function withSignals(events: Changes['events'], prepared: Prepared): Changes['events'] {
  const ip = prepared.input.signals?.ip ?? prepared.caller.browserIp;
  if (!ip || prepared.policy.retention_days === 0) return events;
  return events.map((event) => (event.type === 'started' ? { ...event, data: { ...event.data, ip } } : event));
}

async function countRefusal(deps: ServiceDeps, caller: Caller, problem: Problem): Promise<void> {
  const counted = [
    'limit_exceeded',
    'country_not_allowed',
    'unreachable_destination',
    'recipient_unknown',
    'destination_suppressed',
    'budget_exhausted',
    'sends_stopped',
  ];
  if (!counted.includes(problem.code)) return;
  const reason = problem.limit ? `limit:${problem.limit.name}` : problem.code;
  await deps.store.records.countRefused(caller.application.id, caller.mode, reason, deps.env.now());
}
