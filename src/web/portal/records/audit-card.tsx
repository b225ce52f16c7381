import type { JSX } from 'hono/jsx/jsx-runtime';
import type { AuditEntryView } from '../../../core/audit-views.ts';
import { href } from '../../site.ts';
import { actionWord } from '../audit/words.ts';
import type { NameOf } from '../names.ts';
import type { Visit } from '../visit.ts';
import { capital } from '../words.ts';

const SHOWN = 10;

/** The newest acts on a record; none for roles that do not see the audit log. */
export async function actsOn(visit: Visit, id: string): Promise<readonly AuditEntryView[]> {
  if (!visit.may('audit.view')) return [];
  const found = await visit.service.audit.list(visit.caller, { target: id, limit: SHOWN });
  return found.ok ? found.value.data : [];
}

/** Who did what about a record, as the audit log has it. */
export function AuditCard(props: {
  readonly visit: Visit;
  readonly id: string;
  readonly acts: readonly AuditEntryView[];
  readonly nameOf: NameOf;
  /** Says when, as the page does. */
  readonly when: (at: string) => JSX.Element | string;
}): JSX.Element | null {
  const { visit, id, acts, nameOf, when } = props;
  if (!visit.may('audit.view')) return null;
  return (
    <section class="card">
      <h2>Audit</h2>
      {acts.length === 0 ? <p class="small quiet">Nobody at the desk did anything about it.</p> : null}
      {acts.map((act) => (
        <p class="small">
          {actionWord(act)}
          <br />
          <span class="quiet">
            <bdi>{act.actor === null ? 'Erased' : capital(nameOf(act.actor))}</bdi>, {when(act.created_at)}
            {act.batch === null ? ', not sealed yet' : `, batch ${act.batch}`}
          </span>
        </p>
      ))}
      <a class="small no-print" href={href(visit.options, `/desk/audit?q=${id}`)}>
        All in the audit log
      </a>
    </section>
  );
}
