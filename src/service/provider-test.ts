import { maskedDestination, type Destination } from '../core/address.ts';
import { isCountryAllowed } from '../core/countries.ts';
import { ok, refuse, type Problem, type Result } from '../core/errors.ts';
import { newId } from '../core/id.ts';
import type { ProviderTestView } from '../core/provider-views.ts';
import { code } from '../core/redacted.ts';
import type { Channel, Message } from '../ports/channel.ts';
import type { Caller, ProviderTestInput } from './api.ts';
import { type AuditTrail, doneBy } from './audit/trail.ts';
import { providersFor } from './channels.ts';
import { sendThrough } from './delivery/index.ts';
import type { ServiceDeps } from './deps.ts';
import { address } from './destination.ts';
import { liveSettingsProblem } from './live-settings.ts';
import { isStopped, STOPPED } from './stopped.ts';
import { SUPPRESSED, type Suppressions } from './suppressions/index.ts';

const KIND = 'provider_test';
const HOUR_MS = 3_600_000;
const MOST_AN_HOUR = 10;
/** What a provider of approved words carries instead of a code. */
const NO_CODE = '000000';

export interface ProviderTestDeps extends ServiceDeps {
  readonly audit: AuditTrail;
  readonly suppressions: Suppressions;
}

/** One message through one provider, to see that it works. It is no verification, and its code opens nothing. */
export async function testProvider(
  deps: ProviderTestDeps,
  caller: Caller,
  { channel, provider: name, to }: ProviderTestInput,
): Promise<Result<ProviderTestView>> {
  const { application } = caller;
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  const provider = providersFor(deps, application, 'live', channel).find((one) => one.name === name);
  if (provider === undefined) return refuse(fieldProblem('/provider', 'There is no such provider of this channel.'));
  const addressed = address(deps.ring, application, to);
  if (!addressed.ok) return addressed;
  const { destination } = addressed.value;
  if ((channel === 'email') !== (destination.type === 'email'))
    return refuse(fieldProblem('/to', 'The channel does not reach this kind of address.'));
  if (!isCountryAllowed(destination, application.countries))
    return refuse({
      code: 'country_not_allowed',
      detail: 'The application does not send to the country of this number.',
    });
  if (isStopped(application, '')) return refuse(STOPPED);
  if (await deps.suppressions.holds(application.id, 'live', addressed.value)) return refuse(SUPPRESSED);
  const full = await counted(deps, application.id);
  if (full) return refuse(full);
  return ok(await send(deps, caller, provider, { channel, destination }));
}

function fieldProblem(pointer: string, detail: string): Problem {
  return { code: 'invalid_request', detail, errors: [{ pointer, code: 'invalid_value', detail }] };
}

/** Counts the try before anything is sent; each is noted for an hour. */
async function counted({ store, env }: ProviderTestDeps, application: string): Promise<Problem | null> {
  const now = await store.verifications.time();
  const id = newId('pts', now, env.randomText(20));
  const common = { kind: KIND, application, index: null, version: 1, body: '{}', dueAt: null } as const;
  await store.documents.put({ ...common, id, createdAt: now, endsAt: now + HOUR_MS });
  const query = { kind: KIND, application, newestFirst: true, limit: MOST_AN_HOUR + 1 } as const;
  const recent = (await store.documents.list(query)).filter(({ createdAt }) => createdAt > now - HOUR_MS);
  const oldest = recent.at(-1);
  if (recent.length <= MOST_AN_HOUR || oldest === undefined) return null;
  const resetAt = oldest.createdAt + HOUR_MS;
  const limit = { name: 'provider_tests', scope: 'application', resetAt };
  const detail = `An application sends at most ${MOST_AN_HOUR} test messages an hour.`;
  return { code: 'limit_exceeded', detail, limit, retryAfterMs: Math.max(1000, resetAt - now) };
}

type Reached = { readonly channel: ProviderTestInput['channel']; readonly destination: Destination };

async function send(
  deps: ProviderTestDeps,
  caller: Caller,
  provider: Channel,
  { channel, destination }: Reached,
): Promise<ProviderTestView> {
  const { application } = caller;
  const now = await deps.store.verifications.time();
  const message: Message = {
    sendId: newId('snd', now, deps.env.randomText(20)),
    verification: '',
    channel,
    to: destination.value,
    from: null,
    subject: `${application.brand}: a test message`,
    text: `${application.brand}: this is a test message. There is nothing to enter.`,
    html: null,
    locale: 'en',
    code: code(NO_CODE),
    expiresAt: now + HOUR_MS,
  };
  const outcome = await sendThrough(deps, provider, message);
  const accepted = outcome.type === 'accepted';
  await deps.audit.note({
    ...doneBy(caller),
    action: 'provider.tested',
    target: null,
    data: { provider: provider.name, channel, accepted, country: destination.country },
  });
  return {
    object: 'provider_test',
    provider: provider.name,
    channel,
    to: maskedDestination(destination),
    accepted,
    message_id: accepted ? outcome.messageId : null,
    detail: accepted ? null : `${outcome.kind}: ${outcome.detail}`,
  };
}
