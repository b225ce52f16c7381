import { reportNotMe, unchanged } from '../../core/machine/index.ts';
import type { Policy } from '../../core/policy.ts';
import { effectiveStatus, type ChannelName, type Verification } from '../../core/verification.ts';
import { NO_CHANGES } from '../../ports/verification-store.ts';
import type { NotMeService, NotMeView } from '../api.ts';
import { changesOf, commit } from '../commit.ts';
import { forgetDevices } from '../devices/index.ts';
import type { ServiceDeps } from '../deps.ts';
import { indexesOfRecord, type Suppressions } from '../suppressions/index.ts';
import type { Tenants } from '../tenants.ts';
import { idOfToken, isTokenOf, letterToken } from '../letter-token.ts';
import { publicAddress } from '../public-address.ts';

export const NOT_ME_PATH = '/not-me';
const USE = 'not-me';
/** Longer than any code lives: whoever finds the message the next morning can still say so. */
const LINK_LIFE_MS = 3 * 86_400_000;

type NotMeDeps = ServiceDeps & { readonly suppressions: Suppressions; readonly tenants: Tenants };

/** The link that a message carries, null where the policy wants none, the channel cannot, or nobody knows where the pages are. */
export function notMeLink(
  { ring, settings }: Pick<ServiceDeps, 'ring' | 'settings'>,
  { id, policy }: Pick<Verification, 'id' | 'policy'>,
  channel: ChannelName,
): string | null {
  const { not_me_link: where } = policy;
  const isWanted = channel === 'email' ? where === 'email' || where === 'email_and_sms' : where === 'email_and_sms';
  if (!isWanted || (channel !== 'email' && channel !== 'sms') || settings.publicUrl === null) return null;
  return publicAddress(settings.publicUrl, `${NOT_ME_PATH}/${letterToken(ring, USE, id)}`);
}

/** A link as long as a real one, and good for nothing: for previews, and to count the parts of an SMS. */
export function sampleNotMeLink(
  deps: Pick<ServiceDeps, 'ring' | 'settings'>,
  policy: Policy,
  channel: ChannelName,
): string | null {
  return notMeLink(deps, { id: `vrf_${'0'.repeat(30)}`, policy }, channel);
}

/** “This was not me”: whoever holds the link of a message ends its verification. */
export function createNotMe(deps: NotMeDeps): NotMeService {
  return {
    look: (token) => look(deps, token),
    report: (token, act) => report(deps, token, act),
  };
}

async function look(deps: NotMeDeps, token: string): Promise<NotMeView | null> {
  const found = await find(deps, token);
  return found === null ? null : view(deps, found.record, found.now);
}

async function report(deps: NotMeDeps, token: string, act: 'cancel' | 'suppress'): Promise<NotMeView | null> {
  const found = await find(deps, token);
  if (found === null) return null;
  const { record } = found;
  // First: a closed record may keep no index of its address.
  if (act === 'suppress')
    await deps.suppressions.note(record, 'stop', { provider: 'not_me_link', channel: record.channel });
  await forgetDevices(deps, record.application, indexesOfRecord(deps, record).limitIndexes);
  let isReported = false;
  const load = async (): ReturnType<typeof deps.store.verifications.get> => {
    const loaded = await deps.store.verifications.get(record.id);
    isReported = await wasReported(deps, record.id);
    return loaded;
  };
  await commit(deps, load, (current, now) => {
    if (isReported) return { step: unchanged(current, 'noted'), changes: NO_CHANGES };
    const step = reportNotMe(current, now);
    return { step, changes: changesOf(deps, step, { actor: { type: 'hosted', id: null } }, now) };
  });
  deps.env.log({ event: 'not_me.reported', level: 'warn', verification: record.id, act });
  return look(deps, token);
}

/** Null for a link that was never made, is too old, or whose record is gone: nobody can tell which. */
async function find(
  deps: NotMeDeps,
  token: string,
): Promise<{ readonly record: Verification; readonly now: number } | null> {
  const id = isTokenOf(deps.ring, USE, token) ? idOfToken(token) : null;
  if (id === null) return null;
  const { record, now } = await deps.store.verifications.get(id);
  return record === null || now - record.createdAt > LINK_LIFE_MS ? null : { record, now };
}

async function view(deps: NotMeDeps, record: Verification, now: number): Promise<NotMeView> {
  const tenant = await deps.tenants.find(record.application);
  const isReported = await wasReported(deps, record.id);
  const isOpen = effectiveStatus(record, now) === 'pending';
  return {
    brand: tenant?.application.brand ?? '',
    locale: record.locale,
    to: record.to.masked,
    state: isReported ? 'reported' : isOpen ? 'open' : 'closed',
    suppressed: await deps.suppressions.holdsRecord(record),
  };
}

async function wasReported({ store }: ServiceDeps, id: string): Promise<boolean> {
  return (await store.records.events(id)).some(({ type }) => type === 'not_me');
}
