import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Evidence } from '../../../service/evidence/api.ts';
import { href, baseUrl } from '../../site.ts';
import type { Page } from '../page.tsx';
import type { Visit } from '../visit.ts';
import { actsOn, AuditCard } from './audit-card.tsx';
import { Details, SkipCard } from './details.tsx';
import { instantWords } from './instants.tsx';
import { placeOf, recordPath } from './place.ts';
import { Lead, PrintedBy, readEvidence, titleOf, underRecord, whose } from './record.tsx';
import { Timeline } from './trail.tsx';
import { Verdict } from './verdict.tsx';

/** A record for paper, or a PDF by the browser's print: with the signed receipt, without the menu. */
export async function evidenceSheet(own: Visit): Promise<Page | null> {
  const visit = await placeOf(own);
  if (visit === null) return null;
  const acts = await actsOn(visit, visit.param('id'));
  const read = await readEvidence(
    visit,
    acts.flatMap(({ actor }) => actor ?? []),
  );
  if (read === null) return null;
  const { evidence, nameOf } = read;
  const { record, notes } = evidence;
  const timeZone = visit.application.time_zone;
  const facts = { evidence, nameOf, timeZone };
  const when = instantWords(new Date(visit.options.now()).toISOString(), timeZone);
  return {
    title: `Evidence: ${titleOf(evidence)}`,
    lead: <Lead record={record} />,
    crumbs: underRecord(visit, evidence),
    actions: (
      <a class="btn" href={href(visit.options, recordPath(visit, record.id))}>
        Back to the record
      </a>
    ),
    body: (
      <div class="stack-wide">
        <p class="no-print">Print this page, or save it as a PDF, with your browser (Ctrl+P or ⌘P).</p>
        <PrintedBy visit={visit} when={`${when} (${timeZone})`} id={record.id} />
        <Verdict {...facts} />
        <Details evidence={evidence} timeZone={timeZone} withCosts={false}>
          {await whose(visit, record.id)}
        </Details>
        <SkipCard {...facts} />
        <section class="card">
          <h2>Timeline</h2>
          <Timeline {...facts} withCosts={false} exact />
        </section>
        {notes.length === 0 ? null : (
          <section class="card">
            <h2>Notes</h2>
            {notes.map((note) => (
              <p>
                <bdi>{note.text ?? 'No longer readable.'}</bdi>{' '}
                <span class="quiet">
                  (<bdi>{nameOf(note.actor)}</bdi>, {instantWords(note.created_at, timeZone)})
                </span>
              </p>
            ))}
          </section>
        )}
        <AuditCard {...{ visit, acts, nameOf }} id={record.id} when={(at) => instantWords(at, timeZone)} />
        <Receipt visit={visit} evidence={evidence} />
      </div>
    ),
  };
}

function Receipt({ visit, evidence }: { visit: Visit; evidence: Evidence }): JSX.Element | null {
  const { receipt, record } = evidence;
  if (record.status !== 'approved') return null;
  return (
    <section class="card">
      <h2>Receipt</h2>
      {receipt === null ? (
        <p>The signed receipt can be printed ten minutes after the approval, when nobody can use it any more.</p>
      ) : (
        <>
          <p>
            Signed (JWS, EdDSA): whoever has the keys at{' '}
            <span class="mono">{`${baseUrl(visit.options)}/.well-known/jwks.json`}</span> can check it without us. It
            was good for ten minutes: check it as of{' '}
            <span class="mono" id="receipt-time">
              {record.approved_at}
            </span>
            .
          </p>
          <p class="mono" id="receipt">
            {receipt}
          </p>
        </>
      )}
    </section>
  );
}
