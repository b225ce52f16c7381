import type { JSX } from 'hono/jsx/jsx-runtime';
import type { AuditEntryView } from '../../../core/audit-views.ts';
import { zonedText } from '../../../core/zoned-day.ts';
import { Badge } from '../../components/badge.tsx';
import { Table } from '../../components/table.tsx';
import { href } from '../../site.ts';
import type { Visit } from '../visit.ts';
import { AUDIT_PATH } from './filters.ts';
import { actionWord, factsLine, short } from './words.ts';
import type { NameOf } from '../names.ts';

type Props = { visit: Visit; entries: readonly AuditEntryView[]; nameOf: NameOf; broken: string | null };

/** One page of the log. */
export function EntriesTable({ visit, entries, nameOf, broken }: Props): JSX.Element {
  const { time_zone: timeZone } = visit.application;
  return (
    <Table
      caption="Audit log, newest first"
      columns={['Time', 'Who', 'What', 'On', 'Batch', 'Commitment']}
      rows={entries.map((entry) => ({
        id: entry.id,
        cells: [
          <time datetime={entry.created_at}>{zonedText(Date.parse(entry.created_at), timeZone)}</time>,
          <Who entry={entry} nameOf={nameOf} />,
          <>
            <bdi>{actionWord(entry)}</bdi> <small>{factsLine(entry)}</small>
          </>,
          <Target visit={visit} entry={entry} />,
          entry.batch === null ? (
            <Badge tone="open" icon="clock" word="Waiting" />
          ) : (
            <span class="num">{entry.batch}</span>
          ),
          <>
            <span class="mono">{short(entry.commitment)}</span>{' '}
            {entry.id === broken ? <Badge tone="bad" word="Does not fit" /> : null}
          </>,
        ],
      }))}
    />
  );
}

function Who({ entry, nameOf }: { entry: AuditEntryView; nameOf: NameOf }): JSX.Element {
  const { actor } = entry;
  if (actor === null) return <span class="hint">Erased</span>;
  const key = actor.type === 'api_key' && actor.id !== null ? short(actor.id) : '';
  return (
    <>
      <bdi>{nameOf(actor)}</bdi> {key === '' ? null : <small>{key}</small>}
      {actor.application === undefined ? null : <small> from {short(actor.application)}</small>}
    </>
  );
}

function Target({ visit, entry: { target } }: { visit: Visit; entry: AuditEntryView }): JSX.Element {
  if (target === null) return <>–</>;
  const path = target.startsWith('vrf_') ? `/desk/records/${target}` : `${AUDIT_PATH}?q=${target}`;
  return (
    <a class="mono" href={href(visit.options, path)} title={target}>
      {short(target)}
    </a>
  );
}
