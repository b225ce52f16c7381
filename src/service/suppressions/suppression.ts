import { timestamp, type SuppressionView } from '../../core/views.ts';
import type { ChannelName } from '../../core/verification.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { Addressed } from '../destination.ts';

export const SUPPRESSION_KIND = 'suppression';

export type SuppressionReason = SuppressionView['reason'];

/** A destination that gets nothing more. It holds no address, only the blind index that names it. */
export interface Suppression {
  readonly application: string;
  readonly index: string;
  readonly reason: SuppressionReason;
  /** Of the message that led to it; null when somebody asked for it. */
  readonly channel: ChannelName | null;
  /** The provider or the API key. */
  readonly by: string;
  readonly createdAt: number;
}

type Body = Omit<Suppression, 'application' | 'index' | 'createdAt'>;

/** Found by its lookup rather than its id: on Redis a look-up by id that finds nothing waits for the recorder. */
export function suppressionDocument(suppression: Suppression): StoredDocument {
  const { application, index, createdAt, ...body } = suppression;
  const key = suppressionKey(application, index);
  return {
    kind: SUPPRESSION_KIND,
    id: key,
    application,
    index: key,
    version: 1,
    body: JSON.stringify(body satisfies Body),
    createdAt,
    dueAt: null,
    endsAt: null,
  };
}

export function suppressionFrom({ id, application, body, createdAt }: StoredDocument): Suppression {
  return { application, index: id.slice(application.length + 1), createdAt, ...(JSON.parse(body) as Body) };
}

/** Names the suppression of a blind index in an application. */
export function suppressionKey(application: string, index: string): string {
  return `${application}|${index}`;
}

/**
 * The blind indexes a reason is kept under. A bounce is about this very mailbox: were it kept under what aliases share, a stranger
 * could silence a mailbox by a start for a `+tag` that its server refuses. Whoever says stop or complains says it for all aliases.
 */
export function indexesOf(reason: SuppressionReason, { toIndexes, limitIndexes }: Indexes): readonly string[] {
  return reason === 'bounce' ? toIndexes : limitIndexes;
}

export type Indexes = Pick<Addressed, 'toIndexes' | 'limitIndexes'>;

export function suppressionView(suppression: Suppression): SuppressionView {
  return {
    id: `sup_${suppression.index}`,
    object: 'suppression',
    reason: suppression.reason,
    channel: suppression.channel,
    by: suppression.by,
    created_at: timestamp(suppression.createdAt),
  };
}
