import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import type { Hit, Refusal } from '../../core/limits.ts';
import { startRemembered, type StartFields } from '../../core/machine/index.ts';
import type { Caller, Started } from '../api.ts';
import { changesOf } from '../commit.ts';
import type { ServiceDeps } from '../deps.ts';
import { viewOf } from '../view.ts';
import { rotateDevice, unrotateDevice, type HeldDevice } from './device.ts';

interface SignIn {
  readonly fields: StartFields;
  readonly held: HeldDevice;
  /** It counts like any start that sends nothing. */
  readonly take: readonly Hit[];
  readonly now: number;
}

/**
 * Records a sign-in that needs no code. The token is spent first, so that of two that bring the same one only one signs in; null is
 * the other, which gets a code like anybody.
 */
export async function insertRemembered(
  deps: ServiceDeps,
  caller: Caller,
  { fields, held, take, now }: SignIn,
  refusalOf: (refusal: Refusal) => Problem,
): Promise<Result<Started> | null> {
  const device = await rotateDevice(deps, held);
  if (device === null) return null;
  const step = startRemembered(fields, now);
  const written = await deps.store.verifications.insert(step.next, { ...changesOf(deps, step, caller, now), take });
  if (written.type === 'inserted') return ok({ verification: viewOf(deps, step.next, now), created: true, device });
  await unrotateDevice(deps, held);
  return written.type === 'refused' ? refuse(refusalOf(written.refusal)) : null;
}
