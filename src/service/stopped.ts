import type { Problem } from '../core/errors.ts';
import { STAFF_SIGN_IN } from '../core/staff.ts';
import type { Application } from '../ports/settings.ts';

/** Why a message that waited was dropped. */
export const STOPPED_ERROR = 'sends_stopped';
export const STOPPED: Problem = {
  code: 'sends_stopped',
  detail: 'An administrator stopped all sends of this application.',
};

/** Whether nothing may be sent for this purpose. Agents still get the codes they sign in with: one of them must be able to end it. */
export function isStopped({ sends_stopped: stopped }: Pick<Application, 'sends_stopped'>, purpose: string): boolean {
  return stopped && purpose !== STAFF_SIGN_IN;
}
