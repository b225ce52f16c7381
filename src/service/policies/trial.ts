import { policyOf } from '../../core/compat.ts';
import { ok, refuse, type Result } from '../../core/errors.ts';
import { effectsOf, isErased, notTold } from '../../core/policy-trial.ts';
import { idTime } from '../../core/id.ts';
import type { PolicyOverrides } from '../../core/policy.ts';
import type { PolicyTrialView } from '../../core/policy-views.ts';
import type { Verification } from '../../core/verification.ts';
import { timestamp } from '../../core/views.ts';
import type { RecordQuery } from '../../ports/records.ts';
import type { Caller } from '../api.ts';
import type { TenantDeps } from '../application-deps.ts';
import { MISSING } from '../application-problems.ts';
import type { ServiceDeps } from '../deps.ts';
import { conflictProblem } from './conflict.ts';

const WEEK_MS = 7 * 86_400_000;
/** The newest that are looked at. */
const MOST = 2_000;
const PAGE = 500;
/** Of other purposes and applications, passed over in one look. */
const PATIENCE = 10_000;
const MOST_LOOKS = 12;

/** What a policy would have changed in the last seven days. Reads at most {@link MOST} records. */
export async function tryPolicy(
  deps: TenantDeps,
  caller: Caller,
  purpose: string,
  draft: PolicyOverrides,
): Promise<Result<PolicyTrialView>> {
  const tenant = await deps.tenants.find(caller.application.id);
  if (tenant === null) return refuse(MISSING);
  const policy = policyOf(tenant.application, purpose, draft);
  const conflict = conflictProblem(policy);
  if (conflict) return refuse(conflict);
  const now = await deps.store.verifications.time();
  const { records, reached } = await lastWeek(deps, {
    application: caller.application.id,
    mode: caller.mode,
    purpose,
    now,
    createdAfter: now - WEEK_MS,
    limit: PAGE,
    patience: PATIENCE,
  });
  return ok({
    object: 'policy_trial',
    purpose,
    since: timestamp(reached === null ? now - WEEK_MS : idTime(reached)),
    until: timestamp(now),
    complete: reached === null,
    starts: records.length,
    approved: records.filter(({ status }) => status === 'approved').length,
    erased: records.filter(isErased).length,
    effects: effectsOf(policy, records),
    not_told: notTold(policy, tenant.policy(purpose)),
  });
}

/** `reached`: older ones than this id were not looked at. */
async function lastWeek(
  deps: Pick<ServiceDeps, 'store'>,
  query: RecordQuery,
): Promise<{ readonly records: readonly Verification[]; readonly reached: string | null }> {
  const records: Verification[] = [];
  let reached: string | null = null;
  for (let looks = 0; looks < MOST_LOOKS && records.length < MOST; looks++) {
    const limit = Math.min(query.limit, MOST - records.length);
    const from = reached === null ? {} : { before: reached };
    const page = await deps.store.records.search({ ...query, ...from, limit });
    records.push(...page.rows);
    reached = page.reached ?? (page.hasMore ? (page.rows.at(-1)?.id ?? null) : null);
    if (reached === null) break;
  }
  return { records, reached };
}
