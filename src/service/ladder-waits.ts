import type { Problem } from '../core/errors.ts';
import type { Policy } from '../core/policy.ts';
import type { ChannelName } from '../core/verification.ts';
import type { StartInput } from './api.ts';

const POINTER = '/channel_wait_seconds';

/** Why the ladder of a start cannot go on by itself as it asks, null when it can or does not ask. */
export function waitsProblem(
  { channel_wait_seconds: waits }: StartInput,
  { recipients }: Policy,
  channels: readonly ChannelName[],
): Problem | null {
  if (waits === undefined || waits.length === 0) return null;
  if (recipients === 'directory_silent')
    return problem('conflict', 'would tell who is known: the policy has recipients "directory_silent"');
  if (waits.length < channels.length) return null;
  const steps = channels.length - 1;
  return problem(
    'too_many',
    `has ${waits.length} waits for a ladder with ${steps} further channel${steps === 1 ? '' : 's'}`,
  );
}

function problem(code: string, detail: string): Problem {
  return {
    code: 'invalid_request',
    detail: `${POINTER.slice(1)} ${detail}.`,
    errors: [{ pointer: POINTER, code, detail }],
  };
}
