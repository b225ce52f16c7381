import { newId } from '../../core/id.ts';
import { retentionEnd } from '../../core/machine/index.ts';
import { sealed } from '../../core/redacted.ts';
import type { Actor, Verification } from '../../core/verification.ts';
import { timestamp } from '../../core/views.ts';
import type { CommittedDocument } from '../../ports/documents.ts';
import type { ServiceDeps } from '../deps.ts';
import type { NoteView } from './api.ts';

const NOTE_KIND = 'note';
/** More notes of a record than anybody reads. */
export const MOST_NOTES = 200;

interface Body {
  readonly actor: Actor;
  /** Text that may hold personal data, sealed for the note's id. */
  readonly sealed: string;
}

/** A note about a verification, found by its id. It goes when the record does. */
export function noteDocument(
  deps: { readonly ring: ServiceDeps['ring']; readonly env: Pick<ServiceDeps['env'], 'randomText'> },
  record: Verification,
  { actor, text, now }: { readonly actor: Actor; readonly text: string; readonly now: number },
): CommittedDocument {
  const id = newId('not', now, deps.env.randomText(20));
  const body: Body = { actor, sealed: deps.ring.seal('note', text, id).reveal() };
  return {
    kind: NOTE_KIND,
    id,
    application: record.application,
    index: record.id,
    version: 1,
    body: JSON.stringify(body),
    createdAt: now,
    dueAt: null,
    // An open record ends at its code's end at the latest.
    endsAt: retentionEnd({ ...record, closedAt: record.closedAt ?? record.expiresAt }),
  };
}

/** Oldest first. A note whose key is gone says so instead of vanishing. */
export async function notesOf(deps: ServiceDeps, verification: string): Promise<readonly NoteView[]> {
  const found = await deps.store.documents.list({ kind: NOTE_KIND, index: verification, limit: MOST_NOTES });
  return found.map(({ id, body, createdAt }) => {
    const { actor, sealed: text } = JSON.parse(body) as Body;
    return {
      id,
      object: 'note',
      actor,
      text: deps.ring.open('note', sealed(text), id),
      created_at: timestamp(createdAt),
    };
  });
}

/** Forgets what was written about a verification. */
export async function forgetNotes(deps: ServiceDeps, verification: string): Promise<void> {
  const found = await deps.store.documents.list({ kind: NOTE_KIND, index: verification, limit: MOST_NOTES });
  for (const { kind, id } of found) await deps.store.documents.remove(kind, id);
  if (found.length === MOST_NOTES) await forgetNotes(deps, verification);
}
