import type { JSX } from 'hono/jsx/jsx-runtime';
import type { DeskRecordView } from '../../../service/api.ts';
import { Table } from '../../components/table.tsx';
import { href } from '../../site.ts';
import { Moment } from '../moment.tsx';
import type { Visit } from '../visit.ts';
import { casePath } from './paths.ts';
import { Mask } from '../../components/mask.tsx';
import type { NameOf } from '../names.ts';

interface ReviewsProps {
  readonly visit: Visit;
  readonly records: readonly DeskRecordView[];
  readonly nameOf: NameOf;
}

/** Skips that wait for a supervisor; nothing while none does. */
export function Reviews({ visit, records, nameOf }: ReviewsProps): JSX.Element | null {
  if (records.length === 0) return null;
  return (
    <section class="card card-flush">
      <Table
        caption="Skips to review"
        columns={['Destination', 'Reason', 'Started', 'Agent']}
        rows={records.map((record) => ({
          cells: [
            <a href={href(visit.options, casePath(record.id))}>
              <Mask text={record.to.masked} />
            </a>,
            record.reason ?? '–',
            <Moment visit={visit} at={record.created_at} />,
            <bdi>{nameOf(record.actor)}</bdi>,
          ],
        }))}
      />
    </section>
  );
}
