import { may, type Role } from '../../core/staff.ts';
import type { Application, Scope } from '../../ports/settings.ts';
import type { Caller } from '../api.ts';

/** An agent as the use cases see it: live messages, and the scopes its role stands for. */
export function staffCaller(
  application: Application,
  agent: { readonly id: string; readonly role: Role },
  browserIp: string | null,
): Caller {
  const scopes: Scope[] = ['read'];
  if (may(agent.role, 'desk.send')) scopes.push('send', 'check');
  if (may(agent.role, 'administration')) scopes.push('admin');
  return { application, mode: 'live', actor: { type: 'agent', id: agent.id }, scopes, browserIp };
}
