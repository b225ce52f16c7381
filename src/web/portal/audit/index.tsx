import type { JSX } from 'hono/jsx/jsx-runtime';
import type { AgentView } from '../../../core/agent-views.ts';
import { isId } from '../../../core/id.ts';
import { zonedText } from '../../../core/zoned-day.ts';
import { securityHeaders } from '../../answer.ts';
import { Empty } from '../../components/empty.tsx';
import { readForm } from '../../form.ts';
import { href } from '../../site.ts';
import { hasBadDay } from '../day-field.tsx';
import { portalAct, portalPage, type Done, type Page } from '../page.tsx';
import type { Answer, StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { EntriesTable } from './entries.tsx';
import { FilterForm } from './filter-form.tsx';
import { AUDIT_PATH, queryOf, readFilters, viewPath, type Filters } from './filters.ts';
import { AuditVerdict } from './verdict.tsx';
import { namesOf } from '../names.ts';

const PAGE = 25;

/** The audit log: whether it is intact, what is in it, and all of it to take away. */
export const AUDIT: readonly StaffRoute[] = [
  portalPage({ path: AUDIT_PATH, right: 'audit.view', show }),
  portalAct({ path: `${AUDIT_PATH}/verify`, right: 'audit.verify', act: verify }),
  { method: 'POST', path: `${AUDIT_PATH}/export`, right: 'audit.export', answer: exportLog },
];

async function show(visit: Visit): Promise<Page> {
  const { service, caller, application } = visit;
  const filters = readFilters(visit);
  const cursor = isId('aud', visit.query('cursor')) ? visit.query('cursor') : '';
  const query = { ...queryOf(filters, application.time_zone), limit: PAGE, ...(cursor === '' ? {} : { cursor }) };
  const isUnreadable = hasBadDay(filters);
  const found = isUnreadable ? null : await service.audit.list(caller, query);
  const page = found?.ok === true ? found.value : { data: [], next_cursor: null };
  const verdict = await service.audit.lastVerdict(caller);
  const actors = page.data.flatMap(({ actor }) => (actor === null ? [] : [actor]));
  const nameOf = await namesOf(visit, actors);
  const agents = await agentsToChoose(visit, filters.who);
  const body = (
    <div class="stack-wide">
      <AuditVerdict verdict={verdict} timeZone={application.time_zone} />
      {visit.may('audit.verify') ? <VerifyForm visit={visit} again={verdict?.intact === false} /> : null}
      <section class="card card-flush">
        <FilterForm visit={visit} filters={filters} agents={agents} />
        {page.data.length === 0 ? (
          <Nothing visit={visit} filtered={viewPath(filters) !== AUDIT_PATH} />
        ) : (
          <EntriesTable visit={visit} entries={page.data} nameOf={nameOf} broken={verdict?.problem?.entry ?? null} />
        )}
        <Pager visit={visit} filters={filters} cursor={cursor} next={page.next_cursor} count={page.data.length} />
      </section>
      <p class="hint pad">Times in {application.time_zone} time.</p>
    </div>
  );
  const lead =
    'Append-only. Entries are sealed in signed batches, each chained to the one before, so a change anywhere shows.';
  return {
    title: 'Audit log',
    lead,
    ...(visit.may('audit.export') ? { actions: <ExportForm visit={visit} /> } : {}),
    body,
    ...(isUnreadable ? { error: true, status: 422 } : {}),
  };
}

/** The first hundred, and the one that is chosen. */
async function agentsToChoose({ service, caller }: Visit, who: string): Promise<readonly AgentView[]> {
  const { agents } = service.staff;
  const found = await agents.list(caller, { limit: 100 });
  const first = found.ok ? found.value.data : [];
  if (!who.startsWith('agt_') || first.some(({ id }) => id === who)) return first;
  const chosen = await agents.get(caller, who);
  return chosen.ok ? [...first, chosen.value] : first;
}

function VerifyForm({ visit, again }: { visit: Visit; again: boolean }): JSX.Element {
  return (
    <form method="post" action={href(visit.options, `${AUDIT_PATH}/verify`)} class="row">
      <button class="btn btn-main">{again ? 'Verify again' : 'Verify now'}</button>
      <span class="hint">
        The same check from a shell: <code>watchword audit verify</code>
      </span>
    </form>
  );
}

function ExportForm({ visit }: { visit: Visit }): JSX.Element {
  return (
    <form method="post" action={href(visit.options, `${AUDIT_PATH}/export`)}>
      <button class="btn">Export with proofs</button>
    </form>
  );
}

function Nothing({ visit, filtered }: { visit: Visit; filtered: boolean }): JSX.Element {
  if (!filtered) {
    return (
      <Empty title="Nothing noted yet" icon="chain">
        <p>What agents, keys and the system do will stand here.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No entry fits these filters">
      <p>Correct or remove a filter above, or clear them all.</p>
      <a class="btn" href={href(visit.options, AUDIT_PATH)}>
        Clear all filters
      </a>
    </Empty>
  );
}

type PagerProps = { visit: Visit; filters: Filters; cursor: string; next: string | null; count: number };

function Pager({ visit, filters, cursor, next, count }: PagerProps): JSX.Element | null {
  if (cursor === '' && next === null) return null;
  const { options } = visit;
  return (
    <nav class="pager" aria-label="Pages of results">
      <span>{count === 1 ? '1 entry' : `${count} entries`} on this page, newest first</span>
      <span class="row">
        {cursor === '' ? null : (
          <a class="btn btn-small" href={href(options, viewPath(filters))}>
            Newest
          </a>
        )}
        {next === null ? null : (
          <a class="btn btn-small" rel="next" href={href(options, viewPath(filters, next))}>
            Older
          </a>
        )}
      </span>
    </nav>
  );
}

async function verify(visit: Visit): Promise<Done | Page> {
  const result = await visit.service.audit.verify(visit.caller);
  if (!result.ok || !result.value.intact) return { to: AUDIT_PATH };
  return { to: AUDIT_PATH, flash: { tone: 'good', title: 'Verified.', text: 'Every entry is as it was sealed.' } };
}

/** By POST, because it is noted. */
async function exportLog(visit: Visit): Promise<Answer> {
  const form = await readForm(visit.request, visit.options);
  if (!form.ok) return { status: 403 };
  const day = zonedText(visit.options.now(), visit.application.time_zone).slice(0, 10);
  const log = await visit.service.audit.export(visit.caller);
  if (!log.ok) return { status: 403 };
  return new Response(log.value, {
    status: 200,
    headers: {
      ...securityHeaders(visit.options),
      'Content-Type': 'application/x-ndjson',
      'Content-Disposition': `attachment; filename="audit-${day}.jsonl"`,
      'Cache-Control': 'no-store',
    },
  });
}
