import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { skip } from '../../core/machine/index.ts';
import type { Caller } from '../api.ts';
import { changesOf, commit } from '../commit.ts';
import { load } from '../load.ts';
import { once } from '../once.ts';
import { CLOSED, NOT_FOUND } from '../problems.ts';
import type { DeskRecordView, DeskService, NoteView, SkipInput } from './api.ts';
import { makeLink } from './caller-link.ts';
import { openCase } from './case.ts';
import type { DeskDeps } from './deps.ts';
import { deskView } from './desk-view.ts';
import { createLive } from './live.ts';
import { MOST_NOTES, noteDocument, notesOf } from './notes.ts';
import { openReviews, review, reviewDocuments } from './reviews.ts';
import { sendForm } from './send-form.ts';
import { factsOf, noteProblem, overrideProblem, skipWithoutSending } from './skip.ts';
import { today } from './today.ts';

export type * from './api.ts';

const TOO_MANY: Problem = { code: 'conflict', detail: `A record takes at most ${MOST_NOTES} notes.` };

/** What agents do beyond what an API key can. */
export function createDesk(deps: DeskDeps): DeskService {
  return {
    skip: (caller, id, input, idempotency) =>
      once(deps, caller, idempotency, () => skipVerification(deps, caller, id, input)),
    skipWithoutSending: (caller, input, idempotency) =>
      once(deps, caller, idempotency, async () => {
        const skipped = await skipWithoutSending(deps, caller, input);
        return skipped.ok ? ok(deskView(skipped.value.record, skipped.value.now)) : skipped;
      }),
    record: (caller, id) => record(deps, caller, id),
    async search(caller, input) {
      const found = await deps.records.rows(caller, input);
      if (!found.ok) return found;
      const { rows, hasMore, reached, now } = found.value;
      const next = hasMore ? (reached ?? rows.at(-1)?.id ?? null) : null;
      return ok({ data: rows.map((row) => deskView(row, now)), has_more: hasMore, next_cursor: next });
    },
    async notes(caller, id) {
      const found = await load(deps, caller, id);
      return found.record === null ? refuse(NOT_FOUND) : ok(await notesOf(deps, id));
    },
    addNote: (caller, id, text) => addNote(deps, caller, id, text),
    sendForm: (caller, purpose) => sendForm(deps, caller, purpose),
    open: (caller, id) => openCase(deps, caller, id),
    today: (caller) => today(deps, caller),
    makeLink: (caller, id) => makeLink(deps, caller, id),
    openReviews: (caller) => openReviews(deps, caller),
    review: (caller, id) => review(deps, caller, id),
    live: createLive(deps),
  };
}

async function record(deps: DeskDeps, caller: Caller, id: string): Promise<Result<DeskRecordView>> {
  const { record: found, now } = await load(deps, caller, id);
  return found === null ? refuse(NOT_FOUND) : ok(deskView(found, now));
}

async function skipVerification(
  deps: DeskDeps,
  caller: Caller,
  id: string,
  input: SkipInput,
): Promise<Result<DeskRecordView>> {
  const bad = noteProblem(input.note);
  if (bad) return refuse(bad);
  const done = await commit(
    deps,
    () => load(deps, caller, id),
    (found, now) => {
      const barred = overrideProblem(found.policy);
      if (barred) return { problem: barred };
      const step = skip(found, factsOf(input), now);
      const note = noteDocument(deps, step.next, { actor: caller.actor, text: input.note.trim(), now });
      const changes = changesOf(deps, step, caller, now);
      const beside = [...changes.documents, note, ...reviewDocuments(step.next, now)];
      return { step, changes: { ...changes, documents: beside } };
    },
  );
  if (!done.ok) return done;
  const { step, now } = done.value;
  return step.outcome === 'skipped' ? ok(deskView(step.next, now)) : refuse(CLOSED);
}

async function addNote(deps: DeskDeps, caller: Caller, id: string, text: string): Promise<Result<NoteView>> {
  const { record: found, now } = await load(deps, caller, id);
  if (found === null) return refuse(NOT_FOUND);
  const bad = noteProblem(text, 1);
  if (bad) return refuse(bad);
  if ((await notesOf(deps, id)).length >= MOST_NOTES) return refuse(TOO_MANY);
  const note = noteDocument(deps, found, { actor: caller.actor, text: text.trim(), now });
  await deps.store.documents.put(note);
  const notes = await notesOf(deps, id);
  const added = notes.find((view) => view.id === note.id);
  return added === undefined ? refuse(NOT_FOUND) : ok(added);
}
