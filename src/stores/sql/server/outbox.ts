import type { Send } from '../../../core/verification.ts';
import type { ClaimedSend, DeliveryProgress, Outbox } from '../../../ports/outbox.ts';
import { progressFrom, SEND_COLUMNS, sendFrom, type SendRow } from '../send-row.ts';
import { rowOf, type Queued } from './load.ts';
import type { Parts } from './parts.ts';
import type { Bind, Session } from './session.ts';
import { SENDS } from './tables.ts';
import type { Work } from './work.ts';
import { LATER } from './writer.ts';

/** Values of `leased`: held by a worker, and once that asked a provider. */
const HELD = 1;
const BEGUN = 2;

/** The queue of sends: the rows whose `due_at` is set; a claim moves it to the end of the lease and marks the row. */
export function createOutbox({ reader, writer }: Parts): Outbox {
  const leases = new Leases();
  const claim = async (text: string, binds: readonly Bind[], until: number): Promise<readonly ClaimedSend[]> => {
    const claimed = await reader.transaction((session) => lease(session, text, binds, until));
    for (const { send } of claimed) leases.set(send, until);
    return claimed;
  };
  return {
    async claim(now, limit, leaseMs) {
      // Workers ask twice a second: an empty queue must not cost a transaction each time.
      if ((await reader.rows(ANY_DUE, [now])).length === 0) return [];
      return claim(DUE, [now, limit], now + leaseMs);
    },
    claimOne: async (sendId, now, leaseMs) => (await claim(ONE_DUE, [sendId, now], now + leaseMs))[0] ?? null,
    async begin(send, until) {
      const { verification } = send;
      const held = leases.endOf(send);
      const needs = { verifications: [verification], sends: [verification] };
      const begun = await writer.write({ needs, run: (work) => begin(work, send, held, until) });
      if (begun) leases.set(send, until);
      return begun;
    },
    async release(send, now) {
      const held = leases.endOf(send);
      await writer.write({ needs: { sends: [send.verification] }, run: (work) => release(work, send, held, now) });
    },
    async backlog() {
      const [row] = await reader.rows(BACKLOG);
      const oldest = row?.[1] ?? null;
      return { queued: Number(row?.[0]), oldestAt: oldest === null ? null : Number(oldest) };
    },
  };
}

async function lease(session: Session, text: string, binds: readonly Bind[], until: number): Promise<ClaimedSend[]> {
  const rows = (await session.rows(text, binds)).map((values) => rowOf<SendRow>(SEND_COLUMNS, values));
  const claimed = rows.map((row) => ({ send: sendFrom(row), progress: progressOf(row) }));
  const lines = claimed.map(({ send, progress }) => [
    send.verification,
    send.id,
    until,
    HELD,
    JSON.stringify(progress),
  ]);
  if (lines.length > 0) await session.update(SENDS, ['due_at', 'leased', 'progress'], lines);
  return claimed;
}

/** Whoever held it once it was begun died between asking a provider and settling. */
function progressOf(row: SendRow): DeliveryProgress {
  const before = progressFrom(row);
  return row.leased === BEGUN ? { ...before, crashes: before.crashes + 1 } : before;
}

function begin(work: Work, send: Send, heldUntil: number, until: number): boolean | typeof LATER {
  if (work.isWritten(send.verification)) return LATER;
  const sends = work.sendsOf(send.verification);
  const newest = Math.max(...sends.map((other) => other.generation));
  const isOpen = work.stored(send.verification)?.status === 'pending';
  if (!isOpen || send.generation !== newest || !isHeld(sends, send, heldUntil)) return false;
  setLease(work, send, until, BEGUN);
  return true;
}

function release(work: Work, send: Send, heldUntil: number, now: number): null | typeof LATER {
  if (work.isWritten(send.verification)) return LATER;
  if (isHeld(work.sendsOf(send.verification), send, heldUntil)) setLease(work, send, now, 0);
  return null;
}

function isHeld(sends: readonly Queued[], send: Send, heldUntil: number): boolean {
  const row = sends.find((other) => other.id === send.id);
  return row !== undefined && row.leased > 0 && row.due_at === heldUntil;
}

function setLease(work: Work, send: Send, dueAt: number, leased: number): void {
  work.markWritten(send.verification);
  work.leases.push([send.verification, send.id, dueAt, leased]);
}

/** Ends of the leases this process holds, by the very send it was handed, so that a lost lease is never taken for a new one. */
class Leases {
  readonly #ends = new WeakMap<Send, number>();

  set(send: Send, until: number): void {
    this.#ends.set(send, until);
  }

  /** -1 when it was never handed out. */
  endOf(send: Send): number {
    return this.#ends.get(send) ?? -1;
  }
}

const COLUMNS = SEND_COLUMNS.join(', ');
const DUE = `SELECT ${COLUMNS} FROM sends WHERE due_at <= ? ORDER BY due_at, created_at LIMIT ? FOR UPDATE SKIP LOCKED`;
/** Waits for the lock: a row that a commit holds for a moment is not another worker's. */
const ONE_DUE = `SELECT ${COLUMNS} FROM sends WHERE id = ? AND due_at <= ? FOR UPDATE`;
const ANY_DUE = 'SELECT 1 FROM sends WHERE due_at <= ? LIMIT 1';
const BACKLOG = 'SELECT count(*), min(created_at) FROM sends WHERE due_at IS NOT NULL';
