import { WatchwordError } from '../../core/errors.ts';
import { fingerprint } from '../../core/fingerprint.ts';
import type { PolicyOverrides } from '../../core/policy.ts';
import type { PolicyVersionView } from '../../core/policy-views.ts';
import { SYSTEM, type Actor } from '../../core/verification.ts';
import { timestamp } from '../../core/views.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { ServiceDeps } from '../deps.ts';

const KIND = 'policy_version';
/** The newest that are kept of a purpose. */
const MOST_KEPT = 200;
/** So long after a version its writer may still be about to put it in force; until then the version is what stands. */
const SETTLING_MS = 10_000;
const MOST_ROUNDS = 16;
const DIGITS = 8;

type Deps = Pick<ServiceDeps, 'store'>;

/** Whose policy. */
export interface Place {
  readonly application: string;
  readonly purpose: string;
}

/** A policy to set. `expected` is the fingerprint of what its author looked at; absent = whatever is there. */
export interface Wanted {
  readonly actor: Actor;
  readonly overrides: PolicyOverrides;
  readonly expected?: string | undefined;
  readonly restored?: number | undefined;
  /** Every policy of the application as the caller has just read them; read when absent, and again when others changed one. */
  readonly stored?: Stored;
}

type Stored = Readonly<Record<string, PolicyOverrides>>;

/** One numbered version as it is kept. */
export interface PolicyVersion {
  readonly number: number;
  readonly createdAt: number;
  readonly actor: Actor;
  readonly restored: number | null;
  readonly before: PolicyOverrides;
  readonly overrides: PolicyOverrides;
}

type Body = Omit<PolicyVersion, 'number' | 'createdAt'>;

/**
 * Sets a policy as the next version and returns its number; null when `expected` is not what stands any more. The number decides between
 * instances: whoever writes it first has changed the policy, and the other one looks again.
 */
export async function setPolicy(deps: Deps, place: Place, wanted: Wanted): Promise<number | null> {
  const { actor, overrides, expected, restored = null, stored } = wanted;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { before, newest, now } = await standing(deps, place, round === 0 ? stored : undefined);
    if (expected !== undefined && expected !== fingerprint(before)) return null;
    const number = (newest?.number ?? 0) + 1;
    const told = newest?.overrides ?? {};
    // What was set before there were versions, or by an instance that knows none, gets a number first.
    const missed = !same(told, before);
    if (!missed && same(before, overrides)) return settled(deps, place, { number: number - 1, overrides });
    const change = missed
      ? { actor: SYSTEM, restored: null, before: told, overrides: before }
      : { actor, restored, before, overrides };
    if (!(await write(deps, place, { ...change, number, createdAt: now })) || missed) continue;
    await deps.store.documents.remove(KIND, idOf(place, number - MOST_KEPT));
    return settled(deps, place, { number, overrides });
  }
  throw new WatchwordError('unavailable', 'The policy is being changed by others; try again.');
}

/** Newest first, from those before `before` on. */
export async function versionsOf(
  deps: Deps,
  place: Place,
  page: { readonly limit: number; readonly before?: number | undefined },
): Promise<readonly PolicyVersion[]> {
  const { application, purpose } = place;
  const after = page.before === undefined ? {} : { after: idOf(place, page.before) };
  const query = { kind: KIND, application, index: purpose, newestFirst: true, limit: page.limit, ...after };
  return (await deps.store.documents.list(query)).map(versionFrom);
}

export async function versionOf(deps: Deps, place: Place, number: number): Promise<PolicyVersion | null> {
  const found = await deps.store.documents.get(KIND, idOf(place, number));
  return found === null ? null : versionFrom(found);
}

export function versionView(purpose: string, { number, createdAt, ...change }: PolicyVersion): PolicyVersionView {
  return { object: 'policy_version', purpose, version: number, created_at: timestamp(createdAt), ...change };
}

/** What stands: the newest version while its writer may be at work, else what is stored. */
async function standing(deps: Deps, place: Place, read: Stored | undefined) {
  // What was read before it: a version that was written in between is still settling, and stands.
  const [newest = null] = await versionsOf(deps, place, { limit: 1 });
  const stored = read ?? (await deps.store.applications.policies(place.application));
  const now = await deps.store.verifications.time();
  const isSettling = newest !== null && now - newest.createdAt < SETTLING_MS;
  const inForce = Object.hasOwn(stored, place.purpose) ? (stored[place.purpose] ?? {}) : {};
  return { before: isSettling ? newest.overrides : inForce, newest, now };
}

/** Puts a version in force, and after it any that came meanwhile, so that of several writers the last leaves the newest one. */
async function settled(
  deps: Deps,
  place: Place,
  version: Pick<PolicyVersion, 'number' | 'overrides'>,
): Promise<number> {
  for (let at = version; ;) {
    await deps.store.applications.putPolicy(place.application, place.purpose, at.overrides);
    const [newest] = await versionsOf(deps, place, { limit: 1 });
    if (newest === undefined || newest.number <= at.number) return version.number;
    at = newest;
  }
}

function write(deps: Deps, place: Place, { number, createdAt, ...body }: PolicyVersion): Promise<boolean> {
  return deps.store.documents.put({
    kind: KIND,
    id: idOf(place, number),
    application: place.application,
    index: place.purpose,
    version: 1,
    body: JSON.stringify(body satisfies Body),
    createdAt,
    dueAt: null,
    endsAt: null,
  });
}

/** Documents are known by kind and id alone, and lie in the order of ids. */
function idOf({ application, purpose }: Place, number: number): string {
  return `${application}|${purpose}|${String(Math.max(0, number)).padStart(DIGITS, '0')}`;
}

function versionFrom({ id, body, createdAt }: StoredDocument): PolicyVersion {
  return { ...(JSON.parse(body) as Body), number: Number(id.slice(-DIGITS)), createdAt };
}

function same(one: PolicyOverrides, other: PolicyOverrides): boolean {
  return fingerprint(one) === fingerprint(other);
}
