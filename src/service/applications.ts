import { ok, refuse, type Problem, type Result } from '../core/errors.ts';
import { newId } from '../core/id.ts';
import { compatMode, policyOf } from '../core/compat.ts';
import { policyConflict, type PolicyOverrides } from '../core/policy.ts';
import { testCodeConflict, type CodeSettings } from '../core/test-code.ts';
import { timestamp, type ApplicationView, type PolicyView } from '../core/views.ts';
import { APPLICATION_DEFAULTS, type Application } from '../ports/settings.ts';
import type { ApplicationInput, ApplicationsService, Caller, IdempotencyRequest } from './api.ts';
import { twilioSid } from '../crypto/index.ts';
import type { ManagedApplication, ServiceDeps } from './deps.ts';
import { liveSettingsProblem } from './live-settings.ts';
import { once } from './once.ts';
import type { Tenant, Tenants } from './tenants.ts';

interface TenantDeps extends ServiceDeps {
  readonly tenants: Tenants;
}

const MISSING: Problem = { code: 'not_found', detail: 'There is no such application.' };
/** Tenants and their policies. What the configuration file sets is shown, and refused to be changed here. */
export function createApplications(deps: TenantDeps): ApplicationsService {
  return {
    find: async (idOrName) => (await deps.tenants.find(idOrName))?.application ?? null,
    create: (caller, input, idempotency) => create(deps, caller, input, idempotency),
    get: async (caller, id) => {
      const tenant = await visible(deps, caller, id);
      return tenant === null ? refuse(MISSING) : ok(applicationView(tenant));
    },
    update: (caller, id, input) => update(deps, caller, id, input),
    sids: sidsOf,
    policy: async (caller, purpose) => {
      const tenant = await deps.tenants.find(caller.application.id);
      return tenant === null ? refuse(MISSING) : ok(policyView(tenant, purpose));
    },
    putPolicy: (caller, purpose, overrides) => putPolicy(deps, caller, purpose, overrides),
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
  deps: TenantDeps,
  caller: Caller,
  input: ApplicationInput & { readonly name: string },
  idempotency?: IdempotencyRequest | null,
): Promise<Result<ApplicationView>> {
  return once(deps, caller, idempotency, async () => {
    const barred = liveSettingsProblem(deps, caller);
    if (barred) return refuse(barred);
    if (caller.application.name !== 'default') {
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
  deps: TenantDeps,
  caller: Caller,
  id: string,
  input: ApplicationInput,
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
  const stored = await deps.store.applications.list();
  const before = stored.find((application) => application.id === tenant.application.id);
  if (!before) return refuse(MISSING);
  await deps.store.applications.update({ ...before, ...input });
  deps.tenants.forget();
  const after = await deps.tenants.find(before.id);
  return after === null ? refuse(MISSING) : ok(applicationView(after));
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

function readOnly(fields: readonly string[]): Problem {
  const detail = 'Set by the configuration file (or fixed); change it there.';
  return {
    code: 'conflict',
    detail,
    errors: fields.map((field) => ({ pointer: `/${field}`, code: 'read_only', detail })),
  };
}

async function visible(deps: TenantDeps, caller: Caller, id: string): Promise<Tenant | null> {
  const tenant = await deps.tenants.find(id);
  return tenant !== null && tenant.application.id === caller.application.id && id === caller.application.id
    ? tenant
    : null;
}

async function putPolicy(
  deps: TenantDeps,
  caller: Caller,
  purpose: string,
  overrides: PolicyOverrides,
): Promise<Result<PolicyView>> {
  const tenant = await deps.tenants.find(caller.application.id);
  if (tenant === null) return refuse(MISSING);
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  if (isManaged(tenant.managed, purpose)) return refuse(readOnly(['']));
  const conflict = policyConflict(policyOf(tenant.application, purpose, overrides));
  if (conflict) {
    return refuse({ code: 'invalid_request', detail: conflict.detail, errors: [{ ...conflict, code: 'conflict' }] });
  }
  await deps.store.applications.putPolicy(tenant.application.id, purpose, overrides);
  deps.tenants.forget();
  const after = await deps.tenants.find(tenant.application.id);
  return after === null ? refuse(MISSING) : ok(policyView(after, purpose));
}

function isManaged(managed: ManagedApplication | null, purpose: string): boolean {
  return managed !== null && Object.hasOwn(managed.policies, purpose);
}

function policyView(tenant: Tenant, purpose: string): PolicyView {
  return {
    ...tenant.policy(purpose),
    object: 'policy',
    purpose,
    overrides: Object.hasOwn(tenant.overrides, purpose) ? (tenant.overrides[purpose] ?? {}) : {},
    managed: isManaged(tenant.managed, purpose),
  };
}

function applicationView(tenant: Pick<Tenant, 'application' | 'managed'>): ApplicationView {
  const { createdAt, ...fields } = tenant.application;
  return {
    ...fields,
    object: 'application',
    twilio: compatMode(fields.compat, 'twilio') === 'off' ? null : sidsOf(tenant.application),
    managed: Object.keys(tenant.managed?.fields ?? {}),
    created_at: timestamp(createdAt),
  };
}

type Sids = ReturnType<ApplicationsService['sids']>;

/** Asked for several times by each request of that dialect; there are as many as applications. */
const knownSids = new Map<string, Sids>();

function sidsOf({ id }: Pick<Application, 'id'>): Sids {
  let sids = knownSids.get(id);
  if (sids === undefined) {
    sids = { account_sid: twilioSid('AC', id), service_sid: twilioSid('VA', id) };
    knownSids.set(id, sids);
  }
  return sids;
}
