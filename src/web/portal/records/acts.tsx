import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Problem } from '../../../core/errors.ts';
import { NOTE_LENGTH } from '../../../core/overrides.ts';
import type { Evidence } from '../../../service/evidence/api.ts';
import { htmlAnswer, renderPage } from '../../answer.ts';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { DeskPage } from '../desk-page.tsx';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { Answer } from '../route.ts';
import type { Visit } from '../visit.ts';
import { TextArea, type Typed } from './notes.tsx';
import { RECORDS_PATH } from './place.ts';
import { readEvidence, recordPage, titleOf, underRecord } from './record.tsx';

export async function addNote(visit: Visit, fields: FormFields): Promise<Done | Page | null> {
  const id = visit.param('id');
  const text = fields.text('note');
  const added = await visit.service.evidence.addNote(visit.caller, id, text);
  if (added.ok) return { to: `${RECORDS_PATH}/${id}`, flash: { tone: 'good', title: 'Note added.' } };
  if (added.problem.code === 'verification_not_found') return null;
  return recordPage(visit, { text, error: text === '' ? 'Write the note.' : errorOf(added.problem) });
}

/** Asks why, before a destination is uncovered. */
export async function revealPage(visit: Visit, typed: Typed | null = null): Promise<Page | null> {
  const read = await readEvidence(visit);
  if (read === null) return null;
  const { evidence } = read;
  const path = `${RECORDS_PATH}/${evidence.record.id}`;
  return {
    title: 'Reveal the destination?',
    lead: titleOf(evidence),
    crumbs: underRecord(visit, evidence),
    error: typed !== null,
    status: typed === null ? 200 : 422,
    body: evidence.erased ? (
      <Gone />
    ) : (
      <form class="card" method="post" action={href(visit.options, `${path}/reveal`)}>
        <OnceField visit={visit} />
        <p>It is shown once. Who looked, when and why stays in the audit log and in the record’s notes.</p>
        <TextArea
          id="why"
          label="Why you need it"
          hint={`${NOTE_LENGTH.min} to ${NOTE_LENGTH.max} characters`}
          typed={typed}
        />
        <div class="row">
          <button class="btn btn-danger-main">Reveal the destination</button>
          <a class="btn" href={href(visit.options, path)}>
            Keep it masked
          </a>
        </div>
      </form>
    ),
  };
}

/** The destination, in this answer only: neither an address nor a reload brings it back. */
export async function reveal(visit: Visit, fields: FormFields): Promise<Page | Answer | null> {
  const why = fields.text('why');
  const { min } = NOTE_LENGTH;
  if (why.length < min)
    return revealPage(visit, { text: why, error: `Write at least ${min} characters: why you need it.` });
  const revealed = await visit.service.evidence.reveal(visit.caller, visit.param('id'), why);
  if (!revealed.ok) {
    return revealed.problem.code === 'verification_not_found'
      ? null
      : revealPage(visit, { text: why, error: errorOf(revealed.problem) });
  }
  const id = visit.param('id');
  const page = (
    <DeskPage
      visit={visit}
      head={{ title: 'The destination', crumbs: [{ path: `${RECORDS_PATH}/${id}`, word: 'Record' }] }}
    >
      <section class="card">
        <p class="count">
          <bdi dir="ltr">{revealed.value.to}</bdi>
        </p>
        <p>It is shown this once. Your reason is in the record’s notes.</p>
        <p>
          <a class="btn" href={href(visit.options, `${RECORDS_PATH}/${id}`)}>
            Back to the record
          </a>
        </p>
      </section>
    </DeskPage>
  );
  return htmlAnswer(visit.options, 200, await renderPage(page));
}

/** Asks before everything of a destination is erased. */
export async function erasePage(visit: Visit, problem: string | null = null): Promise<Page | null> {
  const read = await readEvidence(visit);
  if (read === null) return null;
  const { evidence } = read;
  const path = `${RECORDS_PATH}/${evidence.record.id}`;
  return {
    title: evidence.erased ? 'The data is erased' : 'Erase this person’s data?',
    lead: titleOf(evidence),
    crumbs: underRecord(visit, evidence),
    error: problem !== null,
    status: problem === null ? 200 : 422,
    body: evidence.erased ? <Gone /> : <EraseForm visit={visit} path={path} evidence={evidence} problem={problem} />,
  };
}

function EraseForm(props: { visit: Visit; path: string; evidence: Evidence; problem: string | null }): JSX.Element {
  const { visit, path, problem } = props;
  return (
    <form class="card" method="post" action={href(visit.options, `${path}/erase`)}>
      <OnceField visit={visit} />
      <p>
        Every record of this destination loses its address, ticket, notes and context; an open code of it is canceled.
        That a verification took place, when, and how it ended stays. This cannot be undone.
      </p>
      {problem === null ? null : <p class="error">{problem}</p>}
      <div class="row">
        <button class="btn btn-danger-main">Erase the data</button>
        <a class="btn" href={href(visit.options, path)}>
          Keep it
        </a>
      </div>
    </form>
  );
}

export async function erase(visit: Visit): Promise<Done | Page | null> {
  const id = visit.param('id');
  const done = await visit.service.evidence.erase(visit.caller, id);
  if (!done.ok) return done.problem.code === 'verification_not_found' ? null : erasePage(visit, errorOf(done.problem));
  const { erased } = done.value;
  const text = `${erased === 1 ? '1 record' : `${erased} records`} changed. What is left tells that it took place.`;
  return { to: `${RECORDS_PATH}/${id}`, flash: { tone: 'good', title: 'The data is erased.', text } };
}

function Gone(): JSX.Element {
  return <p class="card">The destination of this record was erased. Nothing is left to reveal or to erase.</p>;
}

function errorOf({ errors, detail }: Problem): string {
  return errors?.[0]?.detail ?? detail;
}
