import { WatchwordError } from '../core/errors.ts';
import { atRest, cancel, check, expire, resend, type Step } from '../core/machine/index.ts';
import { digest, sealed, type Digest } from '../core/redacted.ts';
import type { Verification } from '../core/verification.ts';
import type { CheckResult } from '../core/views.ts';
import type { Store } from '../ports/store.ts';
import type { Changes } from '../ports/verification-store.ts';
import { testChanges, testEvent, testRecord, testSend } from './factories.ts';

/** As many lost swaps as the service bears before it fails closed. */
const MOST_LOST_SWAPS = 48;

/** A pending verification whose code is known: the suites compare codes without any key. */
export function recordWithCode(now: number, code: string, changes: Partial<Verification> = {}): Verification {
  return testRecord(now, { digest: digestOf(code), ...changes });
}

/** Load, decide, swap, and only then answer, over and over until the swap wins: what the service does with a step. */
export async function commitStep<Outcome>(
  { verifications }: Store,
  id: string,
  decide: (record: Verification, now: number) => { readonly step: Step<Outcome>; readonly changes: Partial<Changes> },
): Promise<Outcome> {
  for (let lost = 0; lost <= MOST_LOST_SWAPS; lost++) {
    const { record, now } = await verifications.get(id);
    if (record === null) throw new Error(`the verification ${id} is gone`);
    const { step, changes } = decide(record, now);
    if (step.next === record) return step.outcome;
    const written = await verifications.replace(
      atRest(step.next),
      record.version,
      testChanges({ ...besides(step, now), ...changes }),
    );
    if (written.type === 'replaced') return step.outcome;
    if (written.type === 'refused') throw new Error(`refused by ${written.refusal.name}`);
  }
  throw new WatchwordError('unavailable', 'The verification is changing too fast.');
}

/** Submits a code for a {@link recordWithCode}; a wrong one costs the destination too. */
export function submitCode(store: Store, id: string, code: string): Promise<CheckResult> {
  return commitStep(store, id, (record, now) => {
    const matches = record.digest?.reveal() === digestOf(code).reveal();
    const step = check(record, { matches, contextMatches: true }, now);
    const destination = [`${record.application}|${record.limitIndex}`];
    const changes = {
      failed: step.outcome === 'incorrect' ? destination : null,
      cleared: step.outcome === 'approved' ? destination : null,
    };
    return { step, changes };
  });
}

/** Asks for another message, with that code in it. */
export function resendWithCode(store: Store, id: string, code: string): Promise<{ readonly type: string }> {
  return commitStep(store, id, (record, now) => ({
    step: resend(
      record,
      { channel: record.channel, newCode: { digest: digestOf(code), sealedCode: sealed(`k1.${code}00`) } },
      now,
    ),
    changes: {},
  }));
}

/** The operator ends it. */
export function cancelRecord(store: Store, id: string): Promise<string> {
  return commitStep(store, id, (record, now) => ({ step: cancel(record, 'operator', now), changes: {} }));
}

/** What the sweeper does with what is due. Returns how many records it closed. */
export async function sweep(store: Store): Promise<number> {
  let closed = 0;
  for (;;) {
    const ids = await store.verifications.due(await store.verifications.time(), 100);
    if (ids.length === 0) return closed;
    await Promise.all(
      ids.map((id) => commitStep(store, id, (record, now) => ({ step: expire(record, now), changes: {} }))),
    );
    closed += ids.length;
  }
}

function besides(step: Step<unknown>, now: number): Partial<Changes> {
  return {
    events: step.facts.map(({ type, data }) => testEvent(type, now, data)),
    sends: step.sends.map((planned) => testSend(step.next, now, planned)),
    dropQueued: step.dropQueued,
  };
}

/** The shape of a real digest, so that a store may pack it as one: eight characters for six digits. */
function digestOf(code: string): Digest {
  return digest(`k1.bm9uY2U.${code}00`);
}
