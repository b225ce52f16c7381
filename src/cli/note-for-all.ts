import type { Composition } from '../compose.ts';
import type { AuditAction } from '../core/audit.ts';
import { operator } from './open.ts';

/** What the operator did for all applications at once stands in the log of `default`. */
export async function noteForAll(
  { applications, audit }: Composition['service'],
  action: AuditAction,
  data: Readonly<Record<string, string | number | boolean | null>>,
): Promise<void> {
  const main = await applications.find('default');
  if (main === null) return;
  await audit.note({ application: main.id, actor: operator(main).actor, action, target: null, data });
}
