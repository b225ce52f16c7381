import type { Problem } from '../../core/errors.ts';
import { sealed } from '../../core/redacted.ts';
import type { Agent } from './agent.ts';
import type { StaffDeps } from './deps.ts';

/** For a browser outside the networks from which an application's desk is used. */
export const ELSEWHERE: Problem = { code: 'forbidden', detail: 'This desk is not used from your network.' };

/** The browser's own id when it signed in as this agent before. */
export function deviceOf({ ring }: Pick<StaffDeps, 'ring'>, text: string, agent: Agent | null): string | null {
  return text === '' || agent === null ? null : ring.open('browser', sealed(text), `device|${agent.id}`);
}
