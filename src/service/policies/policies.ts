import { policyOf } from '../../core/compat.ts';
import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import type { PolicyOverrides } from '../../core/policy.ts';
import type { PolicyVersionView } from '../../core/policy-views.ts';
import { testCodeConflict } from '../../core/test-code.ts';
import type { ListView, PolicyView } from '../../core/views.ts';
import type { Caller, PageInput } from '../api.ts';
import type { AuditedDeps, TenantDeps } from '../application-deps.ts';
import { CHANGED, MISSING, readOnly } from '../application-problems.ts';
import { noteApplication } from '../audit/application-notes.ts';
import type { ManagedApplication } from '../deps.ts';
import { liveSettingsProblem } from '../live-settings.ts';
import { BAD_CURSOR } from '../problems.ts';
import { conflictProblem } from './conflict.ts';
import type { Tenant } from '../tenants.ts';
import { setPolicy, versionOf, versionsOf, versionView } from './versions.ts';

const PAGE = 20;

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

/** A policy to set: with `version` (a fingerprint) only while that is what stands; `restored` is the number of an older one. */
interface Input {
  readonly overrides: PolicyOverrides;
  readonly version: string | undefined;
  readonly restored?: number;
}

/** Sets the policy of a purpose. */
export async function putPolicy(
  deps: AuditedDeps,
  caller: Caller,
  purpose: string,
  input: Input,
): Promise<Result<PolicyView>> {
  const tenant = await deps.tenants.find(caller.application.id);
  if (tenant === null) return refuse(MISSING);
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  if (isManaged(tenant.managed, purpose)) return refuse(readOnly(['']));
  const conflict = conflictProblem(policyOf(tenant.application, purpose, input.overrides));
  if (conflict) return refuse(conflict);
  return deps.turns.take(`policies|${tenant.application.id}`, () => write(deps, caller, purpose, { ...input, tenant }));
}

async function write(
  deps: AuditedDeps,
  caller: Caller,
  purpose: string,
  { tenant, overrides, version, restored }: Input & { readonly tenant: Tenant },
): Promise<Result<PolicyView>> {
  const { id: application } = tenant.application;
  const stored = await deps.store.applications.policies(application);
  const unused = testCodeProblem(tenant, stored, { [purpose]: overrides });
  if (unused) return refuse(unused);
  const wanted = { actor: caller.actor, overrides, expected: version, restored, stored };
  const number = await setPolicy(deps, { application, purpose }, wanted);
  deps.tenants.forget();
  if (number === null) return refuse(CHANGED);
  const fields = Object.keys(overrides).join();
  const data = { purpose, fields, version: number, ...(restored === undefined ? {} : { restored }) };
  await noteApplication(deps.audit, caller, 'policy.changed', data);
  const after = await deps.tenants.find(application);
  return after === null ? refuse(MISSING) : ok(policyView(after, purpose));
}

/** The numbered versions of the policy of a purpose, newest first. */
export async function policyVersions(
  deps: TenantDeps,
  caller: Caller,
  purpose: string,
  { limit = PAGE, cursor }: PageInput,
): Promise<Result<ListView<PolicyVersionView>>> {
  if (cursor !== undefined && !/^[1-9]\d{0,7}$/.test(cursor)) return refuse(BAD_CURSOR);
  const place = { application: caller.application.id, purpose };
  const before = cursor === undefined ? undefined : Number(cursor);
  const found = await versionsOf(deps, place, { limit: limit + 1, before });
  const data = found.slice(0, limit).map((version) => versionView(purpose, version));
  const hasMore = found.length > limit;
  return ok({ data, has_more: hasMore, next_cursor: hasMore ? String(data.at(-1)?.version) : null });
}

/** Sets what a version had set, as a new version. */
export async function restorePolicy(
  deps: AuditedDeps,
  caller: Caller,
  purpose: string,
  { number, version }: { readonly number: number; readonly version: string | undefined },
): Promise<Result<PolicyView>> {
  const found = await versionOf(deps, { application: caller.application.id, purpose }, number);
  if (found === null) return refuse({ code: 'not_found', detail: 'There is no such version.' });
  return putPolicy(deps, caller, purpose, { overrides: found.overrides, version, restored: number });
}

/** A change that leaves the application's fixed test code without any policy that could use it. */
function testCodeProblem(
  { application, managed }: Tenant,
  stored: Readonly<Record<string, PolicyOverrides>>,
  change: Readonly<Record<string, PolicyOverrides>>,
): Problem | null {
  const before = { ...stored, ...managed?.policies };
  const wasUnused = testCodeConflict({ ...application, policies: before }) !== null;
  if (wasUnused || testCodeConflict({ ...application, policies: { ...before, ...change } }) === null) return null;
  const detail = 'With this code no policy could use the test_code of the application any more; change that first.';
  return { code: 'conflict', detail, errors: [{ pointer: '/code', code: 'conflict', detail }] };
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
