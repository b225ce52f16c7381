import type { AuditTrail } from './audit/trail.ts';
import type { ServiceDeps } from './deps.ts';
import type { Tenants } from './tenants.ts';
import type { Turns } from './turns.ts';

export interface TenantDeps extends ServiceDeps {
  readonly tenants: Tenants;
}

export interface AuditedDeps extends TenantDeps {
  readonly turns: Turns;
  readonly audit: AuditTrail;
}
