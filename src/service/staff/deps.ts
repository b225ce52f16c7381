import type { Verifier } from '../api.ts';
import type { ServiceDeps } from '../deps.ts';
import type { AuditTrail } from '../audit/trail.ts';
import type { Tenants } from '../tenants.ts';
import type { Turns } from '../turns.ts';

export interface StaffDeps extends ServiceDeps {
  readonly tenants: Tenants;
  readonly turns: Turns;
  readonly audit: AuditTrail;
  readonly verify: Verifier;
  readonly wake: () => void;
}
