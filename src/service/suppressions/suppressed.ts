import type { Problem } from '../../core/errors.ts';
import type { ChannelName, Mode, Verification } from '../../core/verification.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { ServiceDeps } from '../deps.ts';
import { address, newest } from '../destination.ts';
import { forgetDevices } from '../devices/index.ts';
import { readThrough } from '../read-through.ts';
import {
  indexesOf,
  SUPPRESSION_KIND,
  suppressionDocument,
  suppressionFrom,
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
  /** Whether anybody of the application is held back. */
  hasAny(application: string): Promise<boolean>;
  /** The same for an open verification, under every key of the ring. */
  holdsRecord(record: Verification): Promise<boolean>;
  /** What is kept about a destination; asks the store. */
  find(application: string, indexes: Indexes): Promise<readonly StoredDocument[]>;
  /** Holds a destination back. What is there already stays, but a `stop`, which the person may lift, gives way to any other reason. */
  put(application: string, indexes: Indexes, reason: SuppressionReason, from: SuppressedBy): Promise<StoredDocument>;
  /** Keeps what a provider's report says about the person or the mailbox. Twice is fine. */
  note(record: Verification, reason: SuppressionReason, from: SuppressedBy): Promise<void>;
  /** After a write by this instance. */
  forget(): void;
}

export interface SuppressedBy {
  /** The provider or the API key. */
  readonly provider: string;
  readonly channel: ChannelName | null;
}

/** Applications without suppressions, which are most, cost a start no read but one a second. */
export function createSuppressions(deps: ServiceDeps): Suppressions {
  const known = readThrough<boolean>(deps.env, { forMs: FRESH_MS });

  function hasAny(application: string): Promise<boolean> {
    const query = { kind: SUPPRESSION_KIND, application, limit: 1 };
    return known.of(application, async () => (await deps.store.documents.list(query)).length > 0);
  }

  async function holds(application: string, mode: Mode, indexes: () => Indexes): Promise<boolean> {
    if (mode === 'test' || !(await hasAny(application))) return false;
    return (await find(deps, application, indexes())).length > 0;
  }

  async function put(
    application: string,
    indexes: Indexes,
    reason: SuppressionReason,
    { provider, channel }: SuppressedBy,
  ): Promise<StoredDocument> {
    const kept = indexesOf(reason, indexes);
    const before = (await find(deps, application, indexes)).find((one) => kept.includes(suppressionFrom(one).index));
    const isToStay = before !== undefined && (reason === 'stop' || suppressionFrom(before).reason !== 'stop');
    if (isToStay) return before;
    const index = before === undefined ? newest(kept) : suppressionFrom(before).index;
    const createdAt = await deps.store.verifications.time();
    const fresh = suppressionDocument({ application, index, reason, channel, by: provider, createdAt });
    const document = { ...fresh, version: (before?.version ?? 0) + 1 };
    // Refused when somebody else was faster: then it is held back all the same.
    await deps.store.documents.put(document);
    await forgetDevices(deps, application, indexes.limitIndexes);
    known.forget(application);
    return document;
  }

  return {
    put,
    hasAny,
    holds: (application, mode, indexes) => holds(application, mode, () => indexes),
    holdsRecord: (record) => holds(record.application, record.mode, () => indexesOfRecord(deps, record)),
    find: (application, indexes) => find(deps, application, indexes),
    async note(record, reason, { provider, channel }) {
      const indexes = storedIndexes(record);
      // An erased record no longer tells which mailbox bounced.
      if (record.mode === 'test' || indexesOf(reason, indexes).length === 0) return;
      await put(record.application, indexes, reason, { provider, channel });
    },
    forget: () => known.forget(),
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

/** Of a record's destination under every key of the ring, as far as the record still has it. */
export function indexesOfRecord({ ring }: Pick<ServiceDeps, 'ring'>, record: Verification): Indexes {
  const value = record.sealedTo === null ? null : ring.open('address', record.sealedTo, record.id);
  const addressed = value === null ? null : address(ring, { default_country: null }, value);
  return addressed?.ok ? addressed.value : storedIndexes(record);
}

function storedIndexes({ limitIndex, toIndex }: Verification): Indexes {
  return { limitIndexes: [limitIndex], toIndexes: toIndex === null ? [] : [toIndex] };
}
