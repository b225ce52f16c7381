import { policyOf } from '../core/compat.ts';
import { ok, refuse, type Result } from '../core/errors.ts';
import { fingerprint } from '../core/fingerprint.ts';
import { policyConflict, type PolicyOverrides } from '../core/policy.ts';
import type { ListView, PolicyView } from '../core/views.ts';
import type { Caller } from './api.ts';
import type { AuditedDeps, TenantDeps } from './application-deps.ts';
import { CHANGED, MISSING, readOnly } from './application-problems.ts';
import { noteApplication } from './audit/application-notes.ts';
import type { ManagedApplication } from './deps.ts';
import { liveSettingsProblem } from './live-settings.ts';
import type { Tenant } from './tenants.ts';

/** Policies that were set, by purpose. */
export async function policies(deps: TenantDeps, caller: Caller): Promise<Result<ListView<PolicyView>>> {
  const tenant = await deps.tenants.find(caller.application.id);
  if (tenant === null) return refuse(MISSING);
  const purposes = Object.keys(tenant.overrides).toSorted();
  return ok({ data: purposes.map((purpose) => policyView(tenant, purpose)), has_more: false, next_cursor: null });
}

/** The effective policy of a purpose. */
export async function policy(deps: TenantDeps, caller: Caller, purpose: string): Promise<Result<PolicyView>> {
  const tenant = await deps.tenants.find(caller.application.id);
  return tenant === null ? refuse(MISSING) : ok(policyView(tenant, purpose));
}

/** Sets the policy of a purpose. */
export async function putPolicy(
  deps: AuditedDeps,
  caller: Caller,
  purpose: string,
  { overrides, version }: { readonly overrides: PolicyOverrides; readonly version: string | undefined },
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
  const { id } = tenant.application;
  return deps.turns.take(`policies|${id}`, async () => {
    const stored = await deps.store.applications.policies(id);
    const before = Object.hasOwn(stored, purpose) ? stored[purpose] : {};
    if (version !== undefined && version !== fingerprint(before)) return refuse(CHANGED);
    await deps.store.applications.putPolicy(id, purpose, overrides);
    deps.tenants.forget();
    const after = await deps.tenants.find(id);
    await noteApplication(deps.audit, caller, 'policy.changed', { purpose, fields: Object.keys(overrides).join() });
    return after === null ? refuse(MISSING) : ok(policyView(after, purpose));
  });
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
