import type { Send } from '../../core/verification.ts';
import type { ClaimedSend, DeliveryProgress, Outbox } from '../../ports/outbox.ts';
import type { SendUpdate } from '../../ports/verification-store.ts';
import { progressFrom, sendBody, sendFrom, SEND_COLUMNS, type SendRow } from '../sql/index.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './writer.ts';

/** Value of `leased` once a provider was asked. */
const BEGUN = 2;

/** The queue of sends: the rows whose `due_at` is set; a claim moves it to the end of the lease and marks the row. */
export function createOutbox(connection: Connection, writer: Writer): Outbox {
  const leases = new Leases();
  return {
    async claim(now, limit, leaseMs) {
      // Workers ask twice a second: an empty queue must not cost a commit each time.
      if ((await connection.read(() => connection.sql(ANY_DUE).get(now))) === undefined) return [];
      return writer.write(() => {
        const rows = connection.sql(DUE).all(now, limit) as SendRow[];
        return rows.map((row) => claim(connection, leases, row, now + leaseMs));
      });
    },
    claimOne: (sendId, now, leaseMs) =>
      writer.write(() => {
        const row = connection.sql(ONE_DUE).get(sendId, now) as SendRow | undefined;
        return row === undefined ? null : claim(connection, leases, row, now + leaseMs);
      }),
    begin: (send, until) =>
      writer.write(() => {
        const { changes } = connection.sql(BEGIN).run(until, send.verification, send.id, leases.endOf(send));
        if (changes !== 0) leases.set(send, until);
        return changes !== 0;
      }),
    release: (send, now) =>
      writer.write(() => {
        connection.sql(RELEASE).run(now, send.verification, send.id, leases.endOf(send));
      }),
    backlog: () =>
      connection.read(() => {
        const row = connection.sql(BACKLOG).get() as { queued: number; oldest_at: number | null };
        return { queued: row.queued, oldestAt: row.oldest_at };
      }),
  };
}

/** Sends of a verification that are queued and for which no provider is being asked will never go out. */
export function dropQueued(connection: Connection, verification: string, now: number): void {
  connection.sql(DROP).run(verification, now);
}

/** What delivery learned; ends the lease. */
export function updateSend(connection: Connection, { send, progress, dueAt }: SendUpdate): void {
  connection.sql(UPDATE).run(send.status, dueAt, sendBody(send), JSON.stringify(progress), send.verification, send.id);
}

function claim(connection: Connection, leases: Leases, row: SendRow, until: number): ClaimedSend {
  const before = progressFrom(row);
  // Whoever held it died between asking a provider and settling.
  const progress: DeliveryProgress = row.leased === BEGUN ? { ...before, crashes: before.crashes + 1 } : before;
  const packed = row.leased === BEGUN ? JSON.stringify(progress) : row.progress;
  connection.sql(LEASE).run(until, packed, row.verification, row.id);
  const send = sendFrom(row);
  leases.set(send, until);
  return { send, progress };
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

const DUE = `SELECT ${SEND_COLUMNS.join(', ')} FROM sends WHERE due_at <= ? ORDER BY due_at, created_at LIMIT ?`;
const ONE_DUE = `SELECT ${SEND_COLUMNS.join(', ')} FROM sends WHERE id = ? AND due_at <= ?`;
const ANY_DUE = 'SELECT 1 FROM sends WHERE due_at <= ? LIMIT 1';
const LEASE = 'UPDATE sends SET due_at = ?, leased = 1, progress = ? WHERE verification = ? AND id = ?';
const BEGIN = `UPDATE sends SET due_at = ?, leased = ${BEGUN}
  WHERE verification = ? AND id = ? AND leased > 0 AND due_at = ?
    AND (SELECT status FROM verifications WHERE id = sends.verification) = 'pending'
    AND generation = (SELECT max(generation) FROM sends AS other WHERE other.verification = sends.verification)`;
const RELEASE =
  'UPDATE sends SET due_at = ?, leased = 0 WHERE verification = ? AND id = ? AND leased > 0 AND due_at = ?';
const UPDATE =
  'UPDATE sends SET status = ?, due_at = ?, leased = 0, body = ?, progress = ? WHERE verification = ? AND id = ?';
const DROP = `UPDATE sends SET status = 'dropped', due_at = NULL, leased = 0
  WHERE verification = ? AND status = 'queued' AND (leased < ${BEGUN} OR due_at <= ?)`;
const BACKLOG = 'SELECT count(*) AS queued, min(created_at) AS oldest_at FROM sends WHERE due_at IS NOT NULL';
