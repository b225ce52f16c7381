import type { Problem } from '../core/errors.ts';
import type { Application } from '../ports/settings.ts';
import type { Caller } from './api.ts';

/** Whether the caller manages every application of the installation. */
export function seesAll({ application }: Pick<Caller, 'application'>): boolean {
  return application.name === 'default';
}

/** Whether the caller may manage the application of this id: its own, and from `default` any. */
export function administered(caller: Pick<Caller, 'application'>, id: string): boolean {
  return caller.application.id === id || seesAll(caller);
}

/** Why an API key may not act on another application than its own; null when it may. */
export function actingProblem(caller: Caller): Problem | null {
  if (seesAll(caller) && caller.mode === 'live' && caller.scopes.includes('admin')) return null;
  return {
    code: 'forbidden',
    detail: 'Only a live key of the application "default" with the scope `admin` acts on another application.',
  };
}

/** The caller as one of an application that it manages. What it does there tells where it comes from. */
export function callerIn(caller: Caller, application: Application): Caller {
  const home = caller.application.id;
  const actor = home === application.id ? caller.actor : { application: home, ...caller.actor };
  return { ...caller, application, actor };
}
