import { STAFF_SIGN_IN } from '../../core/staff.ts';
import { effectiveStatus, type Verification } from '../../core/verification.ts';
import type { Found } from '../../ports/verification-store.ts';
import type { Caller } from '../api.ts';
import { load } from '../load.ts';
import type { ServiceDeps } from '../deps.ts';

/** The record as agents may see it: codes that people sign in to the desk with are nobody's case. */
export async function loadCase(
  deps: ServiceDeps,
  caller: Pick<Caller, 'application' | 'mode' | 'actor'>,
  id: string,
): Promise<Found> {
  const found = await load(deps, caller, id);
  return found.record?.purpose === STAFF_SIGN_IN ? { ...found, record: null } : found;
}

/** Tells states of one record apart. Nothing can be read from it. */
export function markOf(record: Verification, now: number): string {
  return `${record.version}${effectiveStatus(record, now).slice(0, 1)}`;
}
