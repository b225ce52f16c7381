import { ok, refuse, type Problem, type Result } from '../core/errors.ts';
import { newId } from '../core/id.ts';
import { versionOf } from '../core/fingerprint.ts';
import { policyOf } from '../core/compat.ts';
import { policyConflict } from '../core/policy.ts';
import type { ApplicationView, ListView } from '../core/views.ts';
import { testCodeConflict, type CodeSettings } from '../core/test-code.ts';
import { APPLICATION_DEFAULTS, type Application } from '../ports/settings.ts';
import type { ApplicationInput, ApplicationsService, Caller, IdempotencyRequest } from './api.ts';
import type { ServiceDeps } from './deps.ts';
import { liveSettingsProblem } from './live-settings.ts';
import type { AuditedDeps, TenantDeps } from './application-deps.ts';
import { CHANGED, MISSING, readOnly } from './application-problems.ts';
import { applicationView, sidsOf } from './application-view.ts';
import { policies, policy, policyVersions, putPolicy, restorePolicy } from './policies/policies.ts';
import { actingProblem, administered, callerIn, seesAll } from './administered.ts';
import { tryPolicy } from './policies/trial.ts';
import { noteApplication, noteChanges } from './audit/application-notes.ts';
import { once } from './once.ts';
import type { Tenant } from './tenants.ts';

/** Tenants and their policies. What the configuration file sets is shown, and refused to be changed here. */
export function createApplications(deps: AuditedDeps): ApplicationsService {
  return {
    find: async (idOrName) => (await deps.tenants.find(idOrName))?.application ?? null,
    list: (caller) => list(deps, caller),
    async administered(caller, id) {
      const tenant = await visible(deps, caller, id);
      return tenant === null ? null : callerIn(caller, tenant.application);
    },
    actOn: (caller, id) => actOn(deps, caller, id),
    create: (caller, input, idempotency) => create(deps, caller, input, idempotency),
    get: async (caller, id) => {
      const tenant = await visible(deps, caller, id);
      return tenant === null ? refuse(MISSING) : ok(applicationView(tenant));
    },
    update: (caller, id, input, version) => update(deps, caller, id, { input, version }),
    sids: sidsOf,
    policy: (caller, purpose) => policy(deps, caller, purpose),
    policies: (caller) => policies(deps, caller),
    putPolicy: (caller, purpose, overrides, version) => putPolicy(deps, caller, purpose, { overrides, version }),
    policyVersions: (caller, purpose, page = {}) => policyVersions(deps, caller, purpose, page),
    tryPolicy: (caller, purpose, draft) => tryPolicy(deps, caller, purpose, draft),
    restorePolicy: (caller, purpose, number, version) => restorePolicy(deps, caller, purpose, { number, version }),
  };
}

/** Creates the applications that the configuration file names and the store does not have. Safe from several processes. */
export async function ensureManaged(deps: TenantDeps): Promise<void> {
  for (const managed of deps.settings.managed) {
    if ((await deps.tenants.find(managed.name)) === null) {
      await deps.store.applications.insert(newApplication(deps, managed.name, managed.fields));
      deps.tenants.forget();
    }
  }
}

function create(
  deps: AuditedDeps,
  caller: Caller,
  input: ApplicationInput & { readonly name: string },
  idempotency?: IdempotencyRequest | null,
): Promise<Result<ApplicationView>> {
  return once(deps, caller, idempotency, async () => {
    const barred = liveSettingsProblem(deps, caller);
    if (barred) return refuse(barred);
    if (!seesAll(caller)) {
      return refuse({
        code: 'forbidden',
        detail: 'Only an admin key of the application "default" creates applications.',
      });
    }
    const application = newApplication(deps, input.name, input);
    const unusable = testCodeProblem({ ...application, policies: {} });
    if (unusable) return refuse(unusable);
    if (!(await deps.store.applications.insert(application))) {
      const detail = 'An application with this name is there already.';
      return refuse({ code: 'conflict', detail, errors: [{ pointer: '/name', code: 'taken', detail }] });
    }
    deps.tenants.forget();
    await noteApplication(deps.audit, callerIn(caller, application), 'application.created', { name: input.name });
    return ok(applicationView({ application, managed: null }));
  });
}

function newApplication(deps: ServiceDeps, name: string, input: ApplicationInput): Application {
  const now = deps.env.now();
  return {
    ...APPLICATION_DEFAULTS,
    id: newId('app', now, deps.env.randomText(20)),
    createdAt: now,
    ...input,
    name,
    brand: input.brand ?? name,
  };
}

async function update(
  deps: AuditedDeps,
  caller: Caller,
  id: string,
  { input, version }: { readonly input: ApplicationInput; readonly version: string | undefined },
): Promise<Result<ApplicationView>> {
  const tenant = await visible(deps, caller, id);
  if (tenant === null) return refuse(MISSING);
  const codes = { ...tenant.application, ...input, policies: tenant.overrides };
  const barred = liveSettingsProblem(deps, caller) ?? presetProblem(tenant, input) ?? testCodeProblem(codes);
  if (barred) return refuse(barred);
  const fixed = Object.keys(input).filter((field) => Object.hasOwn(tenant.managed?.fields ?? {}, field));
  if (input.name !== undefined && input.name !== tenant.application.name && isFixedName(tenant)) fixed.push('name');
  if (fixed.length > 0) return refuse(readOnly(fixed));
  if (input.name !== undefined && input.name !== tenant.application.name && (await deps.tenants.find(input.name))) {
    const detail = 'An application with this name is there already.';
    return refuse({ code: 'conflict', detail, errors: [{ pointer: '/name', code: 'taken', detail }] });
  }
  return deps.turns.take(`settings|${tenant.application.id}`, () => write(deps, caller, tenant, { input, version }));
}

/** Compared with what is stored now, so that of two forms that were open at once the second is told. */
async function write(
  deps: AuditedDeps,
  caller: Caller,
  { application: { id }, managed }: Tenant,
  { input, version }: { readonly input: ApplicationInput; readonly version: string | undefined },
): Promise<Result<ApplicationView>> {
  const stored = await deps.store.applications.list();
  const before = stored.find((application) => application.id === id);
  if (!before) return refuse(MISSING);
  const shown = applicationView({ application: { ...APPLICATION_DEFAULTS, ...before }, managed });
  if (version !== undefined && version !== versionOf(shown, Object.keys(input))) return refuse(CHANGED);
  await deps.store.applications.update({ ...before, ...input });
  deps.tenants.forget();
  const after = await deps.tenants.find(id);
  if (after === null) return refuse(MISSING);
  await noteChanges(deps.audit, callerIn(caller, after.application), {
    ...APPLICATION_DEFAULTS,
    ...before,
    ...managed?.fields,
  });
  return ok(applicationView(after));
}

/** A new preset or façade must not contradict a policy that is there. */
function presetProblem(tenant: Tenant, input: ApplicationInput): Problem | null {
  if (input.preset === undefined && input.compat === undefined) return null;
  const changed = { ...tenant.application, ...input };
  for (const [purpose, overrides] of Object.entries(tenant.overrides)) {
    const conflict = policyConflict(policyOf(changed, purpose, overrides));
    if (conflict) {
      const field = input.preset === undefined ? 'compat' : 'preset';
      const detail = `With this ${field} the policy of ${purpose} contradicts itself: ${conflict.pointer.slice(1)} ${conflict.detail}.`;
      return { code: 'conflict', detail, errors: [{ pointer: `/${field}`, code: 'conflict', detail }] };
    }
  }
  return null;
}

/** A fixed code that could never be used is a mistake to hear of when it is made. */
function testCodeProblem(settings: CodeSettings): Problem | null {
  const detail = testCodeConflict(settings);
  if (detail === null) return null;
  const error = { pointer: '/test_code', code: 'conflict', detail };
  return { code: 'invalid_request', detail: `test_code ${detail}.`, errors: [error] };
}

function isFixedName(tenant: Pick<Tenant, 'application' | 'managed'>): boolean {
  return tenant.managed !== null || tenant.application.name === 'default';
}

async function visible(deps: TenantDeps, caller: Caller, id: string): Promise<Tenant | null> {
  const tenant = await deps.tenants.find(id);
  return tenant !== null && tenant.application.id === id && administered(caller, id) ? tenant : null;
}

async function actOn(deps: TenantDeps, caller: Caller, id: string): Promise<Result<Caller>> {
  if (id === caller.application.id) return ok(caller);
  const barred = actingProblem(caller);
  if (barred) return refuse(barred);
  const tenant = await visible(deps, caller, id);
  return tenant === null ? refuse(MISSING) : ok(callerIn(caller, tenant.application));
}

async function list(deps: TenantDeps, caller: Caller): Promise<Result<ListView<ApplicationView>>> {
  const stored = await deps.store.applications.list();
  const ids = stored.map(({ id }) => id).filter((id) => administered(caller, id));
  const tenants = await Promise.all(ids.map((id) => deps.tenants.find(id)));
  const data = tenants.flatMap((tenant) => (tenant === null ? [] : applicationView(tenant)));
  return ok({ data, has_more: false, next_cursor: null });
}
