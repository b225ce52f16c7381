import type { Verification } from '../verification.ts';

/** What is left of a record whose retention is "drop at end" stays this long, for the limits and for honest answers. */
const BARE_ROW_MS = 86_400_000;
const DAY_MS = 86_400_000;

/** The one way a record ends: no code and no readable copy of it outlives this. */
export function close(
  record: Verification,
  status: Verification['status'],
  statusReason: string | null,
  now: number,
): Verification {
  const closed: Verification = {
    ...record,
    version: record.version + 1,
    status,
    statusReason,
    digest: null,
    sealedCode: null,
    sealedText: null,
    nextSendAt: null,
    closedAt: now,
  };
  return { ...closed, dueAt: retentionEnd(closed) };
}

/** When a closed record may be purged (epoch ms); null = never. */
export function retentionEnd(record: Verification): number | null {
  const days = record.policy.retention_days;
  if (days === null) return null;
  const from = record.closedAt ?? record.createdAt;
  return days === 0 ? from + BARE_ROW_MS : from + days * DAY_MS;
}

/**
 * What a closed record keeps at rest: under "drop at end" only the bare row, once no code can be right any more (a reusable
 * approval is checked against its destination and context until then). Views of the closing call use the whole one.
 */
export function atRest(record: Verification): Verification {
  if (record.status === 'pending' || record.digest !== null || record.policy.retention_days !== 0) return record;
  return {
    ...record,
    to: { type: record.to.type, masked: '•••', country: record.to.country, line_type: null },
    sealedTo: null,
    toIndex: null,
    context: null,
    metadata: {},
    reference: null,
    reason: listedReason(record),
    returnUrl: null,
    deviceIndex: null,
  };
}

/** What a bare record says of why: an agent chose it from a list and it names nobody; whatever a program wrote may. */
export function listedReason({ actor, reason }: Pick<Verification, 'actor' | 'reason'>): string | null {
  return actor.type === 'agent' ? reason : null;
}
