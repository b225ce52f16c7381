import { ok, refuse, type Result } from '../../core/errors.ts';
import { mustShowDetails } from '../../core/payment.ts';
import { type ChannelName, CHANNELS, type Verification } from '../../core/verification.ts';
import type { CheckView } from '../../core/views.ts';
import type { Caller, HostedFlow, HostedService, HostedStart, HostedState, Verifier } from '../api.ts';
import { channelProblem, providersFor } from '../channels.ts';
import { NOT_FOUND } from '../problems.ts';
import { issueReceipt, receiptFacts } from '../receipts.ts';
import type { StartDeps } from '../prepare.ts';
import { viewOf } from '../view.ts';
import { callerWords } from '../desk/caller-link.ts';
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
    state: (flow) => state(deps, flow),
    check: (flow, code, browserIp) => check(deps, flow, code, browserIp),
    resend: async (flow, channel, browserIp) => {
      const caller = await callerOf(deps, flow, browserIp);
      return caller === null
        ? refuse(NOT_FOUND)
        : deps.verify.resend(caller, flow.id, channel === null ? {} : { channel });
    },
    restart: (flow, locale, browserIp) => restart(deps, flow, { locale, browserIp }),
    flowOfLink: (token) => flowOfLink(deps, token),
    isClaimed: async (flow) => (await deps.store.documents.get(CLAIM_KIND, flow.id)) !== null,
    claim: (flow) => keep(deps, CLAIM_KIND, flow.id, flow),
    receipt: (flow) => receipt(deps, flow),
    signIn: (flow, facts) => openSession(deps, flow, facts),
    session: (token) => findSession(deps, token),
    signOut: (token) => closeSession(deps, token),
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

async function begin(deps: HostedDeps, start: HostedStart): Promise<Result<HostedFlow>> {
  const { application, to, channel, locale, returnUrl, state: kept, browserIp } = start;
  const caller = hostedCaller(application, 'live', browserIp);
  const started = await deps.verify.start(caller, {
    to,
    ...(channel === null ? {} : { channel }),
    purpose: PURPOSE,
    locale,
    ...(returnUrl === null ? {} : { return_url: returnUrl }),
  });
  if (!started.ok) return started;
  const { id } = started.value.verification;
  const flow = { id, application: application.id, mode: 'live', state: kept, returnUrl } as const;
  return ok({ ...flow, origin: 'request', bound: false, mark: newMark(deps) });
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
    showsDetails: mustShowDetails(record.purpose, record.context),
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
  code: string,
  browserIp: string | null,
): Promise<Result<CheckView>> {
  const caller = await callerOf(deps, flow, browserIp);
  if (caller === null) return refuse(NOT_FOUND);
  const context = flow.bound ? ((await load(deps, flow))?.record.context ?? null) : null;
  const bound = context === null ? {} : { context };
  const checked = await deps.verify.check(caller, flow.id, { code, receipt: true, ...bound });
  if (checked.ok && checked.value.result === 'approved') await keep(deps, PROOF_KIND, proofId(flow), flow);
  return checked;
}

/** A new code to the same destination after the old one ended; null when the destination is forgotten or not ours to use again. */
async function restart(
  deps: HostedDeps,
  flow: HostedFlow,
  { locale, browserIp }: { readonly locale: string; readonly browserIp: string | null },
): Promise<Result<HostedFlow> | null> {
  const [found, tenant] = await Promise.all([load(deps, flow), deps.tenants.find(flow.application)]);
  if (found === null || tenant === null || flow.origin !== 'request' || found.record.sealedTo === null) return null;
  const { record } = found;
  const to = record.sealedTo === null ? null : deps.ring.open('address', record.sealedTo, record.id);
  if (to === null) return null;
  const { returnUrl, state: kept } = flow;
  const { channel } = record;
  return begin(deps, { application: tenant.application, to, channel, locale, returnUrl, state: kept, browserIp });
}

async function flowOfLink(deps: HostedDeps, token: string): Promise<HostedFlow | null> {
  const id = verificationOfToken(deps.ring, token);
  const record = id === null ? null : (await deps.store.verifications.get(id)).record;
  if (record === null) return null;
  // Without somewhere to return to, only the link that an agent made for the caller is one.
  if (record.returnUrl === null && (await callerWords(deps, record)) === null) return null;
  const { application, mode, returnUrl, context } = record;
  const flow = { id: record.id, application, mode, state: record.id, returnUrl } as const;
  return { ...flow, origin: 'link', bound: context !== null, mark: newMark(deps) };
}

function newMark({ env }: HostedDeps): string {
  return env.randomText(20);
}

function proofId({ id, mark }: HostedFlow): string {
  return `${id}|${mark}`;
}

/** True when nobody kept the same before. */
async function keep(deps: HostedDeps, kind: string, id: string, { application }: HostedFlow): Promise<boolean> {
  const now = await deps.store.verifications.time();
  return deps.store.documents.put({
    kind,
    id,
    application,
    index: null,
    version: 1,
    body: '{}',
    createdAt: now,
    dueAt: null,
    endsAt: now + CLAIM_MS,
  });
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

async function callerOf(deps: HostedDeps, flow: HostedFlow, browserIp: string | null): Promise<Caller | null> {
  const tenant = await deps.tenants.find(flow.application);
  return tenant === null ? null : hostedCaller(tenant.application, flow.mode, browserIp);
}

function hostedCaller(application: Caller['application'], mode: Caller['mode'], browserIp: string | null): Caller {
  return { application, mode, actor: { type: 'hosted', id: null }, scopes: ['send', 'check'], browserIp };
}
