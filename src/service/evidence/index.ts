import type { AuditAction } from '../../core/audit.ts';
import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { retentionEnd } from '../../core/machine/index.ts';
import type { Verification } from '../../core/verification.ts';
import { timestamp } from '../../core/views.ts';
import type { Caller, RecordsService } from '../api.ts';
import { type AuditTrail, doneBy } from '../audit/trail.ts';
import type { ServiceDeps } from '../deps.ts';
import type { DeskService } from '../desk/api.ts';
import { reviewOf } from '../desk/reviews.ts';
import { load } from '../load.ts';
import { NOT_FOUND } from '../problems.ts';
import { issueReceipt, RECEIPT_LIFE_SECONDS } from '../receipts.ts';
import type { Evidence, EvidenceService } from './api.ts';

export type * from './api.ts';

export interface EvidenceDeps extends ServiceDeps {
  readonly desk: DeskService;
  readonly records: Pick<RecordsService, 'sends' | 'events' | 'erase'>;
  readonly audit: AuditTrail;
}

const ERASED: Problem = { code: 'conflict', detail: 'The destination of this record was erased.' };

/** A verification as evidence, and what is done about its destination. */
export function createEvidence(deps: EvidenceDeps): EvidenceService {
  return {
    read: (caller, id) => read(deps, caller, id),
    reveal: (caller, id, reason) => reveal(deps, caller, id, reason),
    erase: (caller, id) => erase(deps, caller, id),
    async noteExport(caller, filters) {
      const data = { filters };
      await deps.audit.note({ ...doneBy(caller), action: 'records.exported', target: null, data });
    },
    async addNote(caller, id, text) {
      const added = await deps.desk.addNote(caller, id, text);
      if (added.ok) await note(deps, caller, { action: 'record.noted', target: id, data: { note: added.value.id } });
      return added;
    },
  };
}

async function read(deps: EvidenceDeps, caller: Caller, id: string): Promise<Result<Evidence>> {
  const { record: row, now } = await load(deps, caller, id);
  if (row === null) return refuse(NOT_FOUND);
  const record = await deps.desk.record(caller, id);
  const sends = await deps.records.sends(caller, id);
  const events = await deps.records.events(caller, id);
  const notes = await deps.desk.notes(caller, id);
  // Its retention may end between two reads.
  if (!record.ok || !sends.ok || !events.ok || !notes.ok) return refuse(NOT_FOUND);
  const end = retentionEnd({ ...row, closedAt: row.closedAt ?? row.expiresAt });
  return ok({
    record: record.value,
    policy: row.policy,
    sends: sends.value.data,
    events: events.value.data,
    notes: notes.value,
    review: await reviewOf(deps, row),
    receipt: row.approvedAt !== null && maySign(row, now) ? receiptOf(deps, record.value, row.approvedAt) : null,
    kept_until: end === null ? null : timestamp(end),
    erased: row.toIndex === null,
  });
}

/** A receipt is worth something for as long as it lives: until then only those of calls that agents made are shown at the desk. */
function maySign({ actor, approvedAt }: Verification, now: number): boolean {
  return actor.type === 'agent' || now >= (approvedAt ?? now) + RECEIPT_LIFE_SECONDS * 1000;
}

function receiptOf({ ring }: EvidenceDeps, record: Evidence['record'], approvedAt: number): string {
  return issueReceipt(ring, record, { approvedAt, to: null, toHash: null });
}

async function reveal(
  deps: EvidenceDeps,
  caller: Caller,
  id: string,
  reason: string,
): Promise<Result<{ readonly to: string }>> {
  const { record: row } = await load(deps, caller, id);
  if (row === null) return refuse(NOT_FOUND);
  const to = row.sealedTo === null ? null : deps.ring.open('address', row.sealedTo, row.id);
  if (to === null) return refuse(ERASED);
  const why = await deps.desk.addNote(caller, id, reason);
  if (!why.ok) return why;
  await note(deps, caller, { action: 'record.revealed', target: id, data: { note: why.value.id } });
  return ok({ to });
}

async function erase(deps: EvidenceDeps, caller: Caller, id: string): Promise<Result<{ readonly erased: number }>> {
  const { record: row } = await load(deps, caller, id);
  if (row === null) return refuse(NOT_FOUND);
  const to = row.sealedTo === null ? null : deps.ring.open('address', row.sealedTo, row.id);
  if (to === null) return refuse(ERASED);
  const done = await deps.records.erase(caller, to);
  if (done.ok) {
    await note(deps, caller, { action: 'record.erased', target: id, data: { records: done.value.erased } });
  }
  return done;
}

function note(
  { audit }: EvidenceDeps,
  caller: Caller,
  what: {
    readonly action: AuditAction;
    readonly target: string;
    readonly data: Readonly<Record<string, string | number>>;
  },
): Promise<void> {
  return audit.note({ ...doneBy(caller), ...what });
}
