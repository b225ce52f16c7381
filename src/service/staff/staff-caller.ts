import { may, type Role } from '../../core/staff.ts';
import type { Application, Scope } from '../../ports/settings.ts';
import type { Caller, Origin } from '../api.ts';

/** An agent as the use cases see it: live messages, and the scopes its role stands for. */
export function staffCaller(
  application: Application,
  agent: { readonly id: string; readonly role: Role },
  browser: Origin | null,
): Caller {
  const scopes: Scope[] = ['read'];
  if (may(agent.role, 'desk.send')) scopes.push('send', 'check');
  if (may(agent.role, 'administration')) scopes.push('admin');
  const caller: Caller = { application, mode: 'live', actor: { type: 'agent', id: agent.id }, scopes, browserIp: null };
  return browser === null ? caller : { ...caller, origin: { ip: browser.ip, userAgent: browser.userAgent } };
}
