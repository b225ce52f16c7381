import { facadeOf, policyOf } from '../core/compat.ts';
import { effectivePolicy, type Policy, type PolicyOverrides } from '../core/policy.ts';
import { STAFF_SIGN_IN } from '../core/staff.ts';
import { APPLICATION_DEFAULTS, type Application } from '../ports/settings.ts';
import type { ManagedApplication, ServiceDeps } from './deps.ts';
import { readThrough } from './read-through.ts';

/** An application with its policies as the service uses them: stored, then overlaid with what the configuration file sets. */
export interface Tenant {
  readonly application: Application;
  readonly managed: ManagedApplication | null;
  readonly overrides: Readonly<Record<string, PolicyOverrides>>;
  /** The effective policy of a purpose; the same object for the same settings. */
  policy(purpose: string): Policy;
}

export interface Tenants {
  /** By id or name. At most a second behind a change made by any instance. */
  find(idOrName: string): Promise<Tenant | null>;
  /** After a write by this instance. */
  forget(): void;
  /** Another number after every write by this instance: what was made of a tenant before is old. */
  generation(): number;
}

const FRESH_MS = 1000;

/** A read-through cache of applications and policies, small and loaded whole. */
export function createTenants(deps: ServiceDeps): Tenants {
  const known = readThrough<ByName>(deps.env, { forMs: FRESH_MS });
  let generation = 0;
  return {
    async find(idOrName) {
      const all = await known.of('', (before) => load(deps, before ?? new Map()));
      return all.get(idOrName)?.tenant ?? null;
    },
    forget() {
      known.forget();
      generation++;
    },
    generation: () => generation,
  };
}

/** A tenant and what it was made of. */
interface Known {
  readonly tenant: Tenant;
  readonly text: string;
}

type ByName = ReadonlyMap<string, Known>;

/**
 * Who did not change stays the same object: one made anew has another hidden class each time, and what V8 compiled for a start would
 * be thrown away every second.
 */
async function load(deps: ServiceDeps, known: ByName): Promise<ByName> {
  const loaded = new Map<string, Known>();
  for (const stored of await deps.store.applications.list()) {
    const policies = await deps.store.applications.policies(stored.id);
    const text = JSON.stringify([stored, policies]);
    const before = known.get(stored.id);
    const entry = before?.text === text ? before : { tenant: createTenant(deps, stored, policies), text };
    loaded.set(stored.id, entry).set(stored.name, entry);
  }
  return loaded;
}

function createTenant(
  deps: ServiceDeps,
  stored: Application,
  storedPolicies: Readonly<Record<string, PolicyOverrides>>,
): Tenant {
  const managed = deps.settings.managed.find((entry) => entry.name === stored.name) ?? null;
  const application: Application = { ...APPLICATION_DEFAULTS, ...stored, ...managed?.fields };
  const overrides = { ...storedPolicies, ...managed?.policies };
  const effective = new Map<string, Policy>();
  return {
    application,
    managed,
    overrides,
    policy(purpose) {
      const known = effective.get(purpose);
      if (known) return known;
      // Signing in to the desk must not depend on whom the application sends codes to.
      if (purpose === STAFF_SIGN_IN) return effectivePolicy(overrides[purpose] ?? {}, 'default');
      // Purposes come from callers: only those with a policy of their own are remembered one by one.
      const base = facadeOf(application.compat, purpose)?.purpose ?? '';
      const named = [purpose, base].find((name) => Object.hasOwn(overrides, name)) ?? base;
      const policy = effective.get(named) ?? policyOf(application, named, overrides[named] ?? {});
      effective.set(named, policy);
      return policy;
    },
  };
}
