import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Actor } from '../../../core/verification.ts';
import type { Evidence } from '../../../service/evidence/api.ts';
import type { ClientWithPeople } from '../../../service/people/api.ts';
import { href } from '../../site.ts';
import type { Page } from '../page.tsx';
import { Moment } from '../moment.tsx';
import type { Visit } from '../visit.ts';
import { actsOn, AuditCard } from './audit-card.tsx';
import { Details, SkipCard } from './details.tsx';
import { NotesCard, type Typed } from './notes.tsx';
import { placeOf, recordPath, RECORDS_PATH } from './place.ts';
import { Timeline, TrailCard } from './trail.tsx';
import { Verdict } from './verdict.tsx';
import { type NameOf, namesOf } from '../names.ts';

export const RECORD_CRUMBS = [{ path: RECORDS_PATH, word: 'Records' }];
const VERIFY_PATH = '/desk/verifications';

/** A record and the names in it, and of `others` who acted on it; null when there is none for this application. */
export async function readEvidence(
  visit: Visit,
  others: readonly Actor[] = [],
): Promise<{ evidence: Evidence; nameOf: NameOf } | null> {
  const found = await visit.service.evidence.read(visit.caller, visit.param('id'));
  if (!found.ok) return null;
  const { record, events, notes, review } = found.value;
  const reviewer = review?.reviewed_by ?? null;
  const acted = [...events, ...notes].map(({ actor }) => actor);
  const nameOf = await namesOf(visit, [record.actor, ...acted, ...others, ...(reviewer === null ? [] : [reviewer])]);
  return { evidence: found.value, nameOf: nameInCall(record, nameOf) };
}

/** Of a call that an agent took, who types on a hosted page is the caller. */
function nameInCall({ actor: { type: starter } }: Evidence['record'], nameOf: NameOf): NameOf {
  return (actor) => (actor.type === 'hosted' && starter === 'agent' ? 'the caller' : nameOf(actor));
}

/** One verification as evidence. */
export async function recordPage(own: Visit, typed: Typed | null = null): Promise<Page | null> {
  const visit = await placeOf(own);
  if (visit === null) return null;
  const acts = await actsOn(visit, visit.param('id'));
  const actors = acts.flatMap(({ actor }) => actor ?? []);
  const read = await readEvidence(visit, actors);
  if (read === null) return null;
  const { evidence, nameOf } = read;
  const { record } = evidence;
  const timeZone = visit.application.time_zone;
  const withCosts = visit.may('costs.view');
  const facts = { evidence, nameOf, timeZone };
  const skipped = record.status === 'skipped';
  return {
    title: titleOf(evidence),
    lead: <Lead record={record} />,
    crumbs: RECORD_CRUMBS,
    actions: <Actions visit={visit} evidence={evidence} />,
    error: typed !== null,
    status: typed === null ? 200 : 422,
    body: (
      <div class="stack-wide">
        <Verdict {...facts} />
        {skipped ? null : <TrailCard evidence={evidence} timeZone={timeZone} />}
        <div class="cols cols-main">
          <div class="stack-wide">
            {skipped ? <SkipCard {...facts} /> : null}
            <section class="card">
              <h2>Timeline</h2>
              <Timeline {...facts} withCosts={withCosts} exact={false} />
              <p class="small quiet">Times in {timeZone} time. What was typed is never kept.</p>
            </section>
          </div>
          <div class="stack">
            <Details evidence={evidence} timeZone={timeZone} withCosts={withCosts}>
              {await whose(visit, record.id)}
            </Details>
            <NotesCard visit={visit} evidence={evidence} nameOf={nameOf} typed={typed} />
            <AuditCard {...{ visit, acts, nameOf }} id={record.id} when={(at) => <Moment visit={visit} at={at} />} />
          </div>
        </div>
      </div>
    ),
  };
}

/** Whom the destination belongs to in the directory, as facts of the record. */
export async function whose(visit: Visit, id: string): Promise<JSX.Element> {
  const clients = visit.may('people.view') ? await visit.service.people.ofRecord(visit.caller, id) : [];
  return (
    <>
      {clients.map((client) => (
        <Whose visit={visit} client={client} />
      ))}
    </>
  );
}

function Whose({ visit, client }: { visit: Visit; client: ClientWithPeople }): JSX.Element {
  return (
    <>
      <dt>Client</dt>
      <dd>
        <a href={href(visit.options, `/desk/people/${client.id}`)}>
          <bdi>{client.company}</bdi>
        </a>
        {client.representatives.map(({ first_name: first, last_name: last, role }) => (
          <bdi>
            , {first} {last}
            {role === null ? '' : ` (${role})`}
          </bdi>
        ))}
      </dd>
    </>
  );
}

/** The masked destination, or what stands for it once it was erased. */
export function titleOf({ record, erased }: Evidence): string {
  return erased ? 'Erased destination' : record.to.masked;
}

export function Lead({ record }: { record: Evidence['record'] }): JSX.Element {
  return (
    <>
      <bdi>{record.reason ?? record.purpose}</bdi>
      {record.reference === null ? null : (
        <>
          , ticket <bdi>{record.reference}</bdi>
        </>
      )}
    </>
  );
}

function Actions({ visit, evidence }: { visit: Visit; evidence: Evidence }): JSX.Element {
  const { record, erased } = evidence;
  const path = (rest: string): string => href(visit.options, recordPath(visit, record.id, rest));
  const resumable = record.status === 'pending' && visit.may('desk.verify') && visit.hasPage(`${VERIFY_PATH}/:id`);
  return (
    <>
      {resumable ? (
        <a class="btn btn-main" href={href(visit.options, `${VERIFY_PATH}/${record.id}`)}>
          Enter the code
        </a>
      ) : null}
      <a class="btn" href={path('/evidence')}>
        Print evidence
      </a>
      {!erased && visit.may('records.reveal') ? (
        <a class="btn" href={path('/reveal')}>
          Reveal
        </a>
      ) : null}
      {!erased && visit.may('people.erase') ? (
        <a class="btn btn-danger" href={path('/erase')}>
          Erase
        </a>
      ) : null}
    </>
  );
}

/** The words around a page about one record. */
export function underRecord(visit: Visit, evidence: Evidence): NonNullable<Page['crumbs']> {
  const path = recordPath(visit, evidence.record.id);
  return [...RECORD_CRUMBS, { path, word: titleOf(evidence) }];
}

/** A line that only paper shows: what this is, of when, and by whom. */
export function PrintedBy({ visit, when, id }: { visit: Visit; when: string; id: string }): JSX.Element {
  return (
    <p>
      Verification evidence, <bdi>{visit.application.brand}</bdi>. Made {when} by <bdi>{visit.agent.name}</bdi>.{' '}
      <span class="mono">{id}</span>
    </p>
  );
}
