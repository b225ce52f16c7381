import type { Caller } from './api.ts';

/** Whether the caller manages every application of the installation. */
export function seesAll({ application }: Pick<Caller, 'application'>): boolean {
  return application.name === 'default';
}

/** Whether the caller may manage the application of this id: its own, and from `default` any. */
export function administered(caller: Pick<Caller, 'application'>, id: string): boolean {
  return caller.application.id === id || seesAll(caller);
}
