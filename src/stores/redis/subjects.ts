import { subjectOf } from '../../core/subject.ts';
import type { Verification } from '../../core/verification.ts';
import type { Parts } from './parts.ts';
import { readOpen, readRecord } from './reading.ts';

/** A record that was not written this long after its claim never will be: its commit is refused after half of it. */
const CLAIM_MS = 10_000;
const COMMIT_WITHIN_MS = CLAIM_MS / 2;
const EXTRA_LIFE_MS = 3_600_000;
const MOST_ROUNDS = 8;

/** The right to insert the one open record of a subject, good until `notAfter` of the server's time. */
export interface HeldSubject {
  readonly notAfter: number;
  release(): Promise<void>;
}

/**
 * Claims the subject of a new record. Null while another open record holds it, or is just about to. A claim whose record
 * never came, or closed, is taken over; who was late with a record cannot write it any more.
 */
export async function holdSubject(parts: Parts, subject: string, record: Verification): Promise<HeldSubject | null> {
  const key = parts.keys.subject(subject);
  const keepMs = 2 * record.policy.ttl_seconds * 1000 + EXTRA_LIFE_MS;
  let replacing = '';
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const reply = (await parts.client.run('hold-subject', [key], [record.id, replacing, keepMs])) as [
      Buffer,
      Buffer,
      number,
    ];
    const [claim, now] = [String(reply[0]), Number(reply[1])];
    if (reply[2] === 1) {
      const release = async (): Promise<void> => void (await parts.client.run('drop-if', [key], [claim]));
      return { notAfter: now + COMMIT_WITHIN_MS, release };
    }
    if (await isHeld(parts, subject, claim, now)) return null;
    replacing = claim;
  }
  return null;
}

/** The open record that holds a subject. */
export async function holderOf(parts: Parts, subject: string): Promise<Verification | null> {
  const claim = await parts.client.call('GET', parts.keys.subject(subject));
  if (!Buffer.isBuffer(claim)) return null;
  const id = verificationOf(claim.toString());
  const open = await readOpen(parts, id);
  // What Redis let go is closed, or past its end and about to be.
  return open !== null && subjectOf(open) === subject ? readRecord(parts, id) : null;
}

async function isHeld(parts: Parts, subject: string, claim: string, now: number): Promise<boolean> {
  const record = await readOpen(parts, verificationOf(claim));
  if (record !== null) return subjectOf(record) === subject;
  return now - Number(claim.slice(claim.lastIndexOf('|') + 1)) < CLAIM_MS;
}

function verificationOf(claim: string): string {
  return claim.slice(0, claim.lastIndexOf('|'));
}
