import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import type { EventData } from '../../core/events.ts';
import { startClosed } from '../../core/machine/index.ts';
import { NOTE_LENGTH } from '../../core/overrides.ts';
import type { Policy } from '../../core/policy.ts';
import type { Verification } from '../../core/verification.ts';
import type { Caller, StartInput } from '../api.ts';
import { changesOf } from '../commit.ts';
import { limitProblem } from '../problems.ts';
import { prepareDestination, type StartDeps } from '../prepare.ts';
import { fieldsOf } from '../start.ts';
import type { SkipInput } from './api.ts';
import { noteDocument } from './notes.ts';
import { reviewDocuments } from './reviews.ts';

/** What the event keeps: choices from lists, never free text. */
export function factsOf({ cause, confirmation }: SkipInput): EventData {
  return { cause, confirmation };
}

export function noteProblem(note: string, min: number = NOTE_LENGTH.min): Problem | null {
  const { length } = note.trim();
  if (length >= min && length <= NOTE_LENGTH.max) return null;
  const detail =
    length < min
      ? `Write at least ${min} characters: what you checked, and who the representative is.`
      : `Write at most ${NOTE_LENGTH.max} characters.`;
  return { code: 'invalid_request', detail, errors: [{ pointer: '/note', code: 'invalid_length', detail }] };
}

/** Records of an older release know no overrides: nobody may. */
export function overrideProblem({ override = 'never' }: Partial<Pick<Policy, 'override'>>): Problem | null {
  if (override !== 'never') return null;
  return {
    code: 'forbidden',
    detail: 'The policy of this purpose does not let agents go on without a code (override).',
  };
}

/** A record that begins as skipped: nothing is sent, no limit is used. */
export async function skipWithoutSending(
  deps: StartDeps,
  caller: Caller,
  input: Pick<StartInput, 'to' | 'purpose' | 'reason' | 'reference'> & SkipInput,
): Promise<Result<{ readonly record: Verification; readonly now: number }>> {
  const bad = noteProblem(input.note);
  if (bad) return refuse(bad);
  const prepared = await prepareDestination(deps, caller, input);
  if (!prepared.ok) return prepared;
  const barred = overrideProblem(prepared.value.policy);
  if (barred) return refuse(barred);
  const now = await deps.store.verifications.time();
  const fields = fieldsOf(deps, prepared.value, now, null);
  const step = startClosed(fields, { status: 'skipped', reason: 'override', data: factsOf(input) }, now);
  const note = noteDocument(deps, step.next, { actor: caller.actor, text: input.note.trim(), now });
  const planned = changesOf(deps, step, caller, now);
  const changes = { ...planned, documents: [...planned.documents, note, ...reviewDocuments(step.next, now)] };
  const written = await deps.store.verifications.insert(step.next, changes);
  return written.type === 'refused' ? refuse(limitProblem(written.refusal, now)) : ok({ record: step.next, now });
}
