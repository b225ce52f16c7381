import type { Problem } from '../../core/errors.ts';
import type { ChannelName, Mode, Verification } from '../../core/verification.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { ServiceDeps } from '../deps.ts';
import { address } from '../destination.ts';
import {
  indexesOf,
  SUPPRESSION_KIND,
  suppressionDocument,
  suppressionKey,
  type Indexes,
  type SuppressionReason,
} from './suppression.ts';

const FRESH_MS = 1_000;

/** What a dropped send says; also the code of the refusal. */
export const SUPPRESSED_ERROR = 'destination_suppressed';
export const SUPPRESSED: Problem = {
  code: SUPPRESSED_ERROR,
  detail: 'The destination is on the suppression list of the application.',
};

/** Who gets nothing more. A change by any instance holds within a second; messages of test keys are never held back. */
export interface Suppressions {
  holds(application: string, mode: Mode, indexes: Indexes): Promise<boolean>;
  /** The same for an open verification, under every key of the ring. */
  holdsRecord(record: Verification): Promise<boolean>;
  /** What is kept about a destination; asks the store. */
  find(application: string, indexes: Indexes): Promise<readonly StoredDocument[]>;
  /** Keeps what a provider's report says about the person or the mailbox. Twice is fine. */
  note(record: Verification, reason: SuppressionReason, from: ReportedBy): Promise<void>;
  /** After a write by this instance. */
  forget(): void;
}

export interface ReportedBy {
  readonly provider: string;
  readonly channel: ChannelName | null;
}

interface Known {
  readonly at: number;
  readonly any: Promise<boolean>;
}

/** Applications without suppressions, which are most, cost a start no read but one a second. */
export function createSuppressions(deps: ServiceDeps): Suppressions {
  const known = new Map<string, Known>();

  function hasAny(application: string): Promise<boolean> {
    const at = deps.env.now();
    const before = known.get(application);
    if (before !== undefined && at - before.at < FRESH_MS) return before.any;
    const query = { kind: SUPPRESSION_KIND, application, limit: 1 };
    const any = deps.store.documents.list(query).then((found) => found.length > 0);
    known.set(application, { at, any });
    any.catch(() => known.delete(application));
    return any;
  }

  async function holds(application: string, mode: Mode, indexes: () => Indexes): Promise<boolean> {
    if (mode === 'test' || !(await hasAny(application))) return false;
    return (await find(deps, application, indexes())).length > 0;
  }

  return {
    holds: (application, mode, indexes) => holds(application, mode, () => indexes),
    holdsRecord: (record) => holds(record.application, record.mode, () => indexesOfRecord(deps, record)),
    find: (application, indexes) => find(deps, application, indexes),
    async note(record, reason, { provider, channel }) {
      // An erased record no longer tells which mailbox bounced.
      const [index] = indexesOf(reason, storedIndexes(record));
      if (record.mode === 'test' || index === undefined) return;
      const { application } = record;
      const createdAt = await deps.store.verifications.time();
      const suppression = { application, index, reason, channel, by: provider, createdAt };
      await deps.store.documents.put(suppressionDocument(suppression));
      known.clear();
    },
    forget: () => known.clear(),
  };
}

async function find({ store }: ServiceDeps, application: string, indexes: Indexes): Promise<readonly StoredDocument[]> {
  const all = [...indexes.limitIndexes, ...indexes.toIndexes];
  const found = await Promise.all(
    // Newest first: a list that no store remembers for the time its database is away, one for each destination.
    all.map((index) =>
      store.documents.list({
        kind: SUPPRESSION_KIND,
        index: suppressionKey(application, index),
        newestFirst: true,
        limit: 1,
      }),
    ),
  );
  return found.flat();
}

function indexesOfRecord({ ring }: ServiceDeps, record: Verification): Indexes {
  const value = record.sealedTo === null ? null : ring.open('address', record.sealedTo, record.id);
  const addressed = value === null ? null : address(ring, { default_country: null }, value);
  return addressed?.ok ? addressed.value : storedIndexes(record);
}

function storedIndexes({ limitIndex, toIndex }: Verification): Indexes {
  return { limitIndexes: [limitIndex], toIndexes: toIndex === null ? [] : [toIndex] };
}
