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

/**
 * Who works at the desk, who calls there, what is done and how live traffic does is nothing that tests need: in production a test key
 * does not read it. Null when the caller may.
 */
export function liveDataProblem(deps: Pick<ServiceDeps, 'settings'>, caller: Caller): Problem | null {
  if (caller.mode === 'live' || deps.settings.mode === 'development') return null;
  return { code: 'forbidden', detail: 'In production a test key sees test data only.' };
}
