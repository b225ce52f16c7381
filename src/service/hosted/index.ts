import { challengeBits } from '../../core/challenge.ts';
import { ok, refuse, type Result } from '../../core/errors.ts';
import { type ChannelName, CHANNELS, REMEMBERED_DEVICE, type Verification } from '../../core/verification.ts';
import type { CheckView, VerificationView } from '../../core/views.ts';
import type {
  Caller,
  CheckInput,
  HostedBegun,
  HostedChallenge,
  HostedCheck,
  HostedFlow,
  HostedService,
  HostedStart,
  HostedState,
  Origin,
  RememberedDevice,
  TypedCode,
  Verifier,
} from '../api.ts';
import { channelProblem, providersFor } from '../channels.ts';
import { address } from '../destination.ts';
import { forgetDevices, forgetTokens, rememberDevice } from '../devices/index.ts';
import { isFirstTime } from '../first-time.ts';
import { needsOwnWords } from '../own-text.ts';
import { NOT_FOUND } from '../problems.ts';
import { issueReceipt, receiptFacts } from '../receipts.ts';
import type { StartDeps } from '../prepare.ts';
import { nextChallenge } from '../risk/index.ts';
import { viewOf } from '../view.ts';
import { isConfirmToken } from '../confirm/index.ts';
import { idOfToken } from '../letter-token.ts';
import { callerWords } from '../desk/caller-link.ts';
import { indexesOfRecord } from '../suppressions/index.ts';
import { openFlows, sealFlows } from './flow.ts';
import { verificationOfToken } from './link.ts';
import { closeSession, findSession, openSession } from './session.ts';

/** Pages that start a verification themselves always ask for this. What a browser says about purposes is not believed. */
const PURPOSE = 'login';
const CLAIM_KIND = 'hosted_claim';
/** That the right code was entered in this very flow. */
const PROOF_KIND = 'hosted_proof';
/** Claims and proofs outlive every code. */
const CLAIM_MS = 3 * 86_400_000;

export interface HostedDeps extends StartDeps {
  readonly verify: Verifier;
  /** Notes where browsers reach the pages. */
  readonly servedAt: (url: string) => void;
}

/** What hosted pages do beside the verifier. A flow is one verification that this browser may enter the code of. */
export function createHosted(deps: HostedDeps): HostedService {
  return {
    servedAt: deps.servedAt,
    sealFlows: (flows) => sealFlows(deps.ring, flows),
    openFlows: (text) => openFlows(deps.ring, text),
    choices: (application) => choices(deps, application),
    begin: (start) => begin(deps, start),
    challenge: (start) => challengeOf(deps, start),
    state: (flow) => state(deps, flow),
    check: (flow, typed, browser) => checkTyped(deps, flow, typed, browser),
    flowOfConfirm: (token) => flowOfConfirm(deps, token),
    confirm: (flow, link, browser) => check(deps, flow, { code: '', link }, browser),
    resend: async (flow, channel, browser) => {
      const caller = await callerOf(deps, flow, browser);
      return caller === null
        ? refuse(NOT_FOUND)
        : deps.verify.resend(caller, flow.id, channel === null ? {} : { channel });
    },
    restart: (flow, locale, browser) => restart(deps, flow, { locale, browser }),
    flowOfLink: (token) => flowOfLink(deps, token),
    isClaimed: async (flow) => (await deps.store.documents.get(CLAIM_KIND, flow.id)) !== null,
    claim: async (flow) => keep(deps, CLAIM_KIND, { id: flow.id, flow, at: await deps.store.verifications.time() }),
    receipt: (flow) => receipt(deps, flow),
    signIn: (flow, verification) => signIn(deps, flow, verification),
    session: (token) => findSession(deps, token),
    signOut: (token) => closeSession(deps, token),
    forgetDevice: (application, devices) => forgetTokens(deps, application, devices),
    forgetEveryDevice: (session) => forgetEveryDevice(deps, session),
  };
}

/** Channels a person may choose from: the policy's, else text message and e-mail, as far as providers carry them. */
async function choices(deps: HostedDeps, idOrName: string): ReturnType<HostedService['choices']> {
  const tenant = await deps.tenants.find(idOrName);
  if (tenant === null) return null;
  const { application } = tenant;
  const policy = tenant.policy(PURPOSE);
  const listed: readonly ChannelName[] = policy.channels.length > 0 ? policy.channels : ['sms', 'email'];
  const channels = listed.filter((channel) => providersFor(deps, application, 'live', channel).length > 0);
  return { application, channels };
}

async function begin(deps: HostedDeps, start: HostedStart): Promise<Result<HostedBegun>> {
  const { application, to, channel, locale, returnUrl, state: kept, browser, challenge, devices } = start;
  const caller = hostedCaller(application, 'live', browser);
  const started = await deps.verify.start(caller, {
    to,
    ...(channel === null ? {} : { channel }),
    purpose: PURPOSE,
    locale,
    ...(returnUrl === null ? {} : { return_url: returnUrl }),
    ...(challenge === null ? {} : { challenge }),
    devices,
  });
  if (!started.ok) return started;
  const { verification, device } = started.value;
  const where = { id: verification.id, application: application.id, mode: 'live', state: kept, returnUrl } as const;
  const flow: HostedFlow = { ...where, origin: 'request', bound: false, mark: newMark(deps) };
  if (device === undefined) return ok({ flow, approved: null });
  await keepProof(deps, flow, verification);
  return ok({ flow, approved: { verification, device } });
}

async function challengeOf(deps: HostedDeps, start: HostedStart): Promise<Result<HostedChallenge>> {
  const tenant = await deps.tenants.find(start.application.id);
  if (tenant === null) return refuse(NOT_FOUND);
  const addressed = address(deps.ring, tenant.application, start.to);
  if (!addressed.ok) return addressed;
  const subject = { application: tenant.application.id, to: addressed.value.destination.value };
  const bits = challengeBits(tenant.policy(PURPOSE).challenge);
  return ok(await nextChallenge(deps, subject, { token: start.challenge?.token ?? null, bits }));
}

async function load(deps: HostedDeps, flow: HostedFlow): Promise<{ record: Verification; now: number } | null> {
  const { record, now } = await deps.store.verifications.get(flow.id);
  return record === null || record.application !== flow.application ? null : { record, now };
}

async function state(deps: HostedDeps, flow: HostedFlow): Promise<HostedState | null> {
  const [found, tenant] = await Promise.all([load(deps, flow), deps.tenants.find(flow.application)]);
  if (found === null || tenant === null) return null;
  const { record, now } = found;
  const wanted = {
    application: tenant.application,
    mode: record.mode,
    policy: record.policy,
    type: record.to.type,
    ownWords: needsOwnWords(record),
    routed: null,
  };
  const listed = record.policy.channels.length > 0 ? record.policy.channels : record.channels;
  return {
    verification: viewOf(deps, record, now),
    policy: record.policy,
    application: tenant.application,
    channels: CHANNELS.filter((name) => listed.includes(name) && channelProblem(deps, wanted, name) === null),
    words: await callerWords(deps, record),
    now,
  };
}

/** The pages know what the code was bound to at its start; the person does not have to. */
async function check(
  deps: HostedDeps,
  flow: HostedFlow,
  shown: Pick<CheckInput, 'code' | 'link'>,
  browser: Origin,
): Promise<Result<CheckView>> {
  const caller = await callerOf(deps, flow, browser);
  if (caller === null) return refuse(NOT_FOUND);
  const context = flow.bound ? ((await load(deps, flow))?.record.context ?? null) : null;
  const bound = context === null ? {} : { context };
  const checked = await deps.verify.check(caller, flow.id, { ...shown, receipt: true, ...bound });
  if (checked.ok && checked.value.result === 'approved') await keepProof(deps, flow, checked.value.verification);
  return checked;
}

/** A check by hand; the right code may have this browser remembered, where the policy of the verification allows it. */
async function checkTyped(
  deps: HostedDeps,
  flow: HostedFlow,
  { code, remember }: TypedCode,
  browser: Origin,
): Promise<Result<HostedCheck>> {
  // Before: what is dropped at its end does not know afterwards whose it was.
  const before = remember && flow.origin === 'request' ? ((await load(deps, flow))?.record ?? null) : null;
  const checked = await check(deps, flow, { code }, browser);
  if (!checked.ok) return checked;
  const isRight = checked.value.result === 'approved';
  return ok({ ...checked.value, device: isRight && before !== null ? await remembered(deps, before) : null });
}

async function remembered(deps: HostedDeps, record: Verification): Promise<RememberedDevice | null> {
  const { application, mode, purpose, toIndex, limitIndex, policy } = record;
  const days = policy.remember_device_days;
  if (mode !== 'live' || toIndex === null || !(days > 0)) return null;
  return rememberDevice(deps, { application, purpose, toIndex, limitIndex, days });
}

/** A session knows, as a blind index, whose devices it may have forgotten. */
async function signIn(deps: HostedDeps, flow: HostedFlow, verification: VerificationView): Promise<string> {
  const { purpose, to, status_reason: reason } = verification;
  const method = reason === REMEMBERED_DEVICE ? REMEMBERED_DEVICE : 'code';
  const found = await load(deps, flow);
  const limitIndexes = found === null ? [] : indexesOfRecord(deps, found.record).limitIndexes;
  return openSession(deps, flow, { purpose, masked: to.masked, method, limitIndexes });
}

async function forgetEveryDevice(deps: HostedDeps, token: string): Promise<void> {
  const session = await findSession(deps, token);
  if (session !== null) await forgetDevices(deps, session.application, session.limitIndexes);
}

/** A new code to the same destination after the old one ended; null when the destination is forgotten or not ours to use again. */
async function restart(
  deps: HostedDeps,
  flow: HostedFlow,
  { locale, browser }: { readonly locale: string; readonly browser: Origin },
): Promise<Result<HostedFlow> | null> {
  const [found, tenant] = await Promise.all([load(deps, flow), deps.tenants.find(flow.application)]);
  if (found === null || tenant === null || flow.origin !== 'request' || found.record.sealedTo === null) return null;
  const { record } = found;
  const to = record.sealedTo === null ? null : deps.ring.open('address', record.sealedTo, record.id);
  if (to === null) return null;
  const { returnUrl, state: kept } = flow;
  const { channel } = record;
  const { application } = tenant;
  const again = { application, to, channel, locale, returnUrl, state: kept, browser, challenge: null, devices: [] };
  const begun = await begin(deps, again);
  return begun.ok ? ok(begun.value.flow) : begun;
}

async function flowOfLink(deps: HostedDeps, token: string): Promise<HostedFlow | null> {
  const id = verificationOfToken(deps.ring, token);
  const record = id === null ? null : (await deps.store.verifications.get(id)).record;
  if (record === null) return null;
  // Without somewhere to return to, only the link that an agent made for the caller is one.
  if (record.returnUrl === null && (await callerWords(deps, record)) === null) return null;
  return flowOf(deps, record);
}

async function flowOfConfirm(deps: HostedDeps, token: string): ReturnType<HostedService['flowOfConfirm']> {
  const id = idOfToken(token);
  const record = id === null ? null : (await deps.store.verifications.get(id)).record;
  if (record === null || !isConfirmToken(deps.ring, record, token)) return null;
  return { flow: flowOf(deps, record), browserOnly: record.actor.type === 'hosted' };
}

/** A flow of its own about a verification that the pages did not begin. */
function flowOf(deps: HostedDeps, { id, application, mode, returnUrl, context }: Verification): HostedFlow {
  const flow = { id, application, mode, state: id, returnUrl } as const;
  return { ...flow, origin: 'link', bound: context !== null, mark: newMark(deps) };
}

function newMark({ env }: HostedDeps): string {
  return env.randomText(20);
}

function proofId({ id, mark }: HostedFlow): string {
  return `${id}|${mark}`;
}

/** That this flow entered the right code: the one row a hosted approval has beside that of the API, written at the time of its verdict. */
async function keepProof(deps: HostedDeps, flow: HostedFlow, { approved_at: time }: VerificationView): Promise<void> {
  const at = time === null ? await deps.store.verifications.time() : Date.parse(time);
  await keep(deps, PROOF_KIND, { id: proofId(flow), flow, at });
}

/** True when nobody kept the same before. */
function keep(
  deps: HostedDeps,
  kind: string,
  { id, flow, at }: { readonly id: string; readonly flow: HostedFlow; readonly at: number },
): Promise<boolean> {
  return isFirstTime(deps, { kind, id, application: flow.application, at, endsAt: at + CLAIM_MS });
}

/**
 * The receipt of an approved verification again, the same `jti`, for the browser that the code was entered in. One that only knows
 * the verification (it began it for somebody else's address, or shares it under `on_open: reuse`) proved nothing.
 */
async function receipt(deps: HostedDeps, flow: HostedFlow): Promise<string | null> {
  const found = await load(deps, flow);
  if (found === null || found.record.status !== 'approved') return null;
  if ((await deps.store.documents.get(PROOF_KIND, proofId(flow))) === null) return null;
  return issueReceipt(deps.ring, viewOf(deps, found.record, found.now), receiptFacts(deps.ring, found.record));
}

async function callerOf(deps: HostedDeps, flow: HostedFlow, browser: Origin): Promise<Caller | null> {
  const tenant = await deps.tenants.find(flow.application);
  return tenant === null ? null : hostedCaller(tenant.application, flow.mode, browser);
}

function hostedCaller(application: Caller['application'], mode: Caller['mode'], browser: Origin): Caller {
  return {
    application,
    mode,
    actor: { type: 'hosted', id: null },
    scopes: ['send', 'check'],
    browserIp: browser.ip,
    origin: browser,
  };
}
