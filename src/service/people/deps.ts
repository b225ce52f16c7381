import type { AuditAction } from '../../core/audit.ts';
import type { Problem } from '../../core/errors.ts';
import type { Caller, RecordsService, Verifier } from '../api.ts';
import { type AuditTrail, doneBy } from '../audit/trail.ts';
import type { ServiceDeps } from '../deps.ts';

export interface PeopleDeps extends ServiceDeps {
  readonly audit: AuditTrail;
  readonly records: Pick<RecordsService, 'erase'>;
  readonly verify: Pick<Verifier, 'start'>;
}

export const NO_CLIENT: Problem = { code: 'not_found', detail: 'There is no such client.' };
export const NO_REPRESENTATIVE: Problem = { code: 'not_found', detail: 'There is no such representative.' };

export function note(
  { audit }: Pick<PeopleDeps, 'audit'>,
  caller: Caller,
  action: AuditAction,
  target: string | null,
  data: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  return audit.note({ ...doneBy(caller), action, target, data });
}
