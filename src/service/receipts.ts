import { ok, type Result } from '../core/errors.ts';
import type { Policy } from '../core/policy.ts';
import type { Verification } from '../core/verification.ts';
import type { ReceiptVerdictView, VerificationView } from '../core/views.ts';
import { destinationHash, type KeyRing, type ReceiptClaims } from '../crypto/index.ts';
import type { Caller, ReceiptsService } from './api.ts';
import type { ServiceDeps } from './deps.ts';

/** A receipt is for handing over at once, not for keeping. */
export const RECEIPT_LIFE_SECONDS = 600;

/** What goes into a receipt beside the view; kept in place of a signed one, so that no table ever holds one. */
export interface ReceiptFacts {
  readonly approvedAt: number;
  /** The destination in clear, or as a hash that only who knows it can compare; both null unless the policy asks. */
  readonly to: string | null;
  readonly toHash: string | null;
}

/** Whether receipts of this policy say, in clear or as a hash, which destination it was. */
export function namesDestination(policy: Pick<Policy, 'receipt'>): boolean {
  return policy.receipt.endsWith('_destination') || policy.receipt.endsWith('_hash');
}

export function receiptFacts(ring: KeyRing, record: Verification): ReceiptFacts {
  const approvedAt = record.approvedAt ?? 0;
  if (!namesDestination(record.policy) || record.sealedTo === null) return { approvedAt, to: null, toHash: null };
  const to = ring.open('address', record.sealedTo, record.id);
  if (to === null || !record.policy.receipt.endsWith('_hash')) return { approvedAt, to, toHash: null };
  return { approvedAt, to: null, toHash: destinationHash(jtiOf(record.id), to) };
}

/** Signs what an approval proves. Everything in it follows from the record, so a repeated answer carries the same `jti`. */
export function issueReceipt(ring: KeyRing, verification: VerificationView, facts: ReceiptFacts): string {
  const iat = Math.floor(facts.approvedAt / 1000);
  return ring.signReceipt({
    aud: verification.application,
    sub: verification.id,
    jti: jtiOf(verification.id),
    iat,
    exp: iat + RECEIPT_LIFE_SECONDS,
    purpose: verification.purpose,
    test: verification.test,
    // Of an approval: how it came without a code that was entered here.
    ...(verification.status_reason === null ? {} : { method: verification.status_reason }),
    ...(facts.to === null ? {} : { to: facts.to }),
    ...(facts.toHash === null ? {} : { to_hash: facts.toHash }),
    ...(verification.context === null ? {} : { context: verification.context }),
  });
}

function jtiOf(id: string): string {
  return `rct_${id.slice('vrf_'.length)}`;
}

export function createReceipts(deps: ServiceDeps): ReceiptsService {
  return {
    verify: (caller, receipt) => verify(deps, caller, receipt),
    jwks: () => deps.ring.jwks(),
  };
}

async function verify(deps: ServiceDeps, caller: Caller, receipt: string): Promise<Result<ReceiptVerdictView>> {
  const read = deps.ring.verifyReceipt(receipt);
  if (!read.ok) return ok({ valid: false, reason: read.reason });
  const { claims } = read;
  const reason = refusal(caller, claims, await deps.store.verifications.time());
  if (reason !== null) return ok({ valid: false, reason });
  const first = await redeem(deps, claims.jti);
  return ok(first ? { valid: true, claims: { ...claims } } : { valid: false, reason: 'already_used' });
}

function refusal(caller: Caller, claims: ReceiptClaims, now: number): string | null {
  if (claims.aud !== caller.application.id) return 'wrong_audience';
  if (claims.test !== (caller.mode === 'test')) return 'wrong_mode';
  return now >= claims.exp * 1000 ? 'expired' : null;
}

/** Each `jti` is claimed once, durably, like an idempotency key; the memory outlives the receipt. */
async function redeem(deps: ServiceDeps, jti: string): Promise<boolean> {
  // In clear: a jti is no secret, and a key of the ring would forget it with a rotation.
  const key = `receipt|${jti}`;
  const claim = await deps.store.idempotency.claim({ key, body: jti, id: jti }, deps.env.now());
  if (claim.type !== 'claimed') return false;
  await deps.store.idempotency.finish(key, 'used');
  return true;
}
