import type { RecordedCommit, RecordedRefusal, RecordSink } from '../../../ports/recording.ts';
import { documentValues } from '../document-row.ts';
import { packEvent } from '../event-row.ts';
import { SEND_STATUSES, type Send } from '../../../core/verification.ts';
import { SEND_COLUMNS, sendBody, sendFrom, sendValues, type SendRow } from '../send-row.ts';
import { TotalDeltas, utcDay } from '../totals.ts';
import { recordValues } from '../verification-row.ts';
import { rowOf } from './load.ts';
import type { Parts } from './parts.ts';
import type { Session } from './session.ts';
import { DOCUMENTS, EVENTS, REFUSALS, SENDS, VERIFICATIONS } from './tables.ts';
import { eventNumber } from './verifications.ts';
import { addTotals, compare, insertAll, rest } from './write.ts';

/** Commits of a verdict store elsewhere, with the numbers of their policies' snapshots. */
interface Numbered extends RecordedCommit {
  readonly policy: number;
}

/**
 * Where a recorder writes. Every commit of a verification is written under the lock of its row, so that two recorders with
 * the same commit see each other's.
 */
export function createSink({ reader, policies }: Parts): RecordSink {
  return {
    async record(commits, refusals) {
      const numbered = await Promise.all(
        commits.map(async (commit): Promise<Numbered> => ({
          ...commit,
          policy: await policies.numberOf(commit.record.policy),
        })),
      );
      await reader.transaction((session) => record(session, numbered, refusals));
    },
  };
}

async function record(
  session: Session,
  commits: readonly Numbered[],
  refusals: readonly RecordedRefusal[],
): Promise<void> {
  const totals = new TotalDeltas();
  // Recorders with the same records meet them in the same order.
  const inOrder = commits.toSorted((a, b) => compare(a.record.id, b.record.id) || a.record.version - b.record.version);
  const ids = [...new Set(commits.map((commit) => commit.record.id))].toSorted();
  if (ids.length > 0) {
    await writeRecords(session, inOrder, ids);
    await writeEvents(session, inOrder, ids, totals);
    await writeSends(session, inOrder, ids);
    const documents = inOrder.flatMap((commit) => commit.documents.map(documentValues));
    if (documents.length > 0) await session.insert(DOCUMENTS, documents);
  }
  await countRefusals(session, refusals, totals);
  await addTotals(session, totals);
}

/** The newest version of each record wins. Subjects are held where the verdicts are. */
async function writeRecords(session: Session, commits: readonly Numbered[], ids: readonly string[]): Promise<void> {
  const rows = await session.rows(`SELECT id, version FROM verifications WHERE id IN (?) ORDER BY id FOR UPDATE`, [
    ids,
  ]);
  const stored = new Map(rows.map(([id, version]) => [String(id), Number(version)]));
  const newest = [...new Map(commits.map((commit) => [commit.record.id, commit])).values()].filter(
    ({ record }) => record.version > (stored.get(record.id) ?? 0),
  );
  const lineOf = ({ record, policy }: Numbered): ReturnType<typeof recordValues> =>
    recordValues(record, policy).map((value, i) => (VERIFICATIONS.columns[i] === 'open_subject' ? null : value));
  const fresh = newest.filter(({ record }) => !stored.has(record.id)).map(lineOf);
  const changed = newest.filter(({ record }) => stored.has(record.id)).map(lineOf);
  await insertAll(session, VERIFICATIONS, fresh);
  if (changed.length > 0) await session.update(VERIFICATIONS, rest(VERIFICATIONS), changed);
}

async function writeEvents(
  session: Session,
  commits: readonly Numbered[],
  ids: readonly string[],
  totals: TotalDeltas,
): Promise<void> {
  const rows = await session.rows('SELECT id FROM events WHERE verification IN (?)', [ids]);
  const known = new Set(rows.map(([id]) => String(id)));
  const lines = commits.flatMap(({ record, events }) =>
    events.flatMap((event, i) => {
      if (known.has(event.id)) return [];
      known.add(event.id);
      totals.addEvents(record, [event]);
      return [[record.id, event.id, eventNumber(record.version, i), packEvent(event)]];
    }),
  );
  await insertAll(session, EVENTS, lines);
}

/** They are delivered where the verdicts are, so none is ever due here. */
async function writeSends(session: Session, commits: readonly Numbered[], ids: readonly string[]): Promise<void> {
  const rows = await session.rows(SENDS_OF, [ids]);
  const stored = new Map(
    rows.map((values) => {
      const send = sendFrom(rowOf<SendRow>(SEND_COLUMNS, values));
      return [send.id, send];
    }),
  );
  const latest = new Map<string, Send>();
  for (const send of commits.flatMap((commit) => commit.sends)) {
    const before = latest.get(send.id) ?? stored.get(send.id);
    if (before === undefined || isLater(send, before)) latest.set(send.id, send);
  }
  const fresh = [...latest.values()].filter((send) => !stored.has(send.id));
  const changed = [...latest.values()].filter((send) => stored.has(send.id));
  await insertAll(
    session,
    SENDS,
    fresh.map((send) => sendValues(send).map((value, i) => (SENDS.columns[i] === 'due_at' ? null : value))),
  );
  const lines = changed.map((send) => [send.verification, send.id, send.status, sendBody(send)]);
  if (lines.length > 0) await session.update(SENDS, ['status', 'body'], lines);
}

/** A settled send stays settled, and news of delivery only adds to it. */
function isLater(send: Send, before: Send): boolean {
  const step = SEND_STATUSES.indexOf(send.status) - SEND_STATUSES.indexOf(before.status);
  return step > 0 || (step === 0 && send.attempts.length > before.attempts.length);
}

async function countRefusals(
  session: Session,
  refusals: readonly RecordedRefusal[],
  totals: TotalDeltas,
): Promise<void> {
  const byId = new Map(refusals.map((refusal) => [refusal.id, refusal]));
  const ids = [...byId.keys()].toSorted();
  if (ids.length === 0) return;
  const rows = await session.rows('SELECT id FROM refusals WHERE id IN (?)', [ids]);
  for (const [id] of rows) byId.delete(String(id));
  const fresh = [...byId.values()].toSorted((a, b) => compare(a.id, b.id));
  await insertAll(
    session,
    REFUSALS,
    fresh.map(({ id, at }) => [id, at]),
  );
  for (const { application, mode, reason, at } of fresh) {
    totals.add({ application, day: utcDay(at), mode, channel: '', country: '', kind: `refused:${reason}`, count: 1 });
  }
}

const SENDS_OF = `SELECT ${SEND_COLUMNS.join(', ')} FROM sends WHERE verification IN (?) ORDER BY verification, id FOR UPDATE`;
