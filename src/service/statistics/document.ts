import { addTallies, type Measure, NOTHING, STATISTICS_DAYS, type Tally } from '../../core/statistics.ts';
import type { Documents, StoredDocument } from '../../ports/documents.ts';

export const STATISTICS_KIND = 'provider_statistics';
const DAY_MS = 86_400_000;
const MOST_TRIES = 8;
/** Longer names of providers are not measured: no store takes longer ids. */
const MOST_ID = 240;

/** One measure with its sums. */
export interface Measurement {
  readonly measure: Measure;
  readonly tally: Tally;
}

export function measureId({ application, provider, channel, country, day }: Measure): string {
  return `${application}|${day}|${channel}|${country}|${provider}`;
}

/** Adds to what is stored; false when others were always faster. */
export async function addToStored(
  documents: Documents,
  { measure, tally }: Measurement,
  now: number,
): Promise<boolean> {
  const id = measureId(measure);
  if (id.length > MOST_ID) return true;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await documents.get(STATISTICS_KIND, id);
    const sum = addTallies(before === null ? NOTHING : measurementFrom(before).tally, tally);
    if (await documents.put(documentOf(measure, sum, { before, now }))) return true;
  }
  return false;
}

export function measurementFrom({ body }: StoredDocument): Measurement {
  return JSON.parse(body) as Measurement;
}

function documentOf(
  measure: Measure,
  tally: Tally,
  { before, now }: { readonly before: StoredDocument | null; readonly now: number },
): StoredDocument {
  return {
    kind: STATISTICS_KIND,
    id: measureId(measure),
    application: measure.application,
    index: null,
    version: (before?.version ?? 0) + 1,
    body: JSON.stringify({ measure, tally } satisfies Measurement),
    createdAt: before?.createdAt ?? now,
    dueAt: null,
    endsAt: (measure.day + STATISTICS_DAYS + 2) * DAY_MS,
  };
}
