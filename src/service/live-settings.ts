import type { Problem } from '../core/errors.ts';
import type { Caller } from './api.ts';
import type { ServiceDeps } from './deps.ts';

/**
 * Policies, people and the application itself serve live keys too: in production a test key reads them but changes
 * nothing. Null when the caller may change them.
 */
export function liveSettingsProblem(deps: Pick<ServiceDeps, 'settings'>, caller: Caller): Problem | null {
  if (caller.mode === 'live' || deps.settings.mode === 'development') return null;
  return { code: 'forbidden', detail: 'In production a test key cannot change what live keys use.' };
}
