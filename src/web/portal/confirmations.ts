import type { DeskRecordView } from '../../service/desk/api.ts';
import { skipFacts } from './skip-facts.ts';
import type { Visit } from './visit.ts';

/** How callers were confirmed without a code, by the ids of records that were skipped. */
export type Confirmations = ReadonlyMap<string, string>;

/** Reads it for a page of records; those that were not skipped cost nothing. */
export async function confirmationsOf(
  { service, caller }: Visit,
  records: readonly Pick<DeskRecordView, 'id' | 'status'>[],
): Promise<Confirmations> {
  const skipped = records.filter(({ status }) => status === 'skipped');
  const found = await Promise.all(
    skipped.map(async ({ id }) => {
      const events = await service.records.events(caller, id);
      const skip = events.ok ? events.value.data.find(({ type }) => type === 'skipped') : undefined;
      return skip === undefined ? [] : [[id, skipFacts(skip.data).confirmation] as const];
    }),
  );
  return new Map(found.flat());
}
