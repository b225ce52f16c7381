import { ok, type Result } from '../core/errors.ts';
import type { ReceiptVerdictView, VerificationView } from '../core/views.ts';
import type { KeyRing, ReceiptClaims } from '../crypto/index.ts';
import type { Caller, ReceiptsService } from './api.ts';
import type { ServiceDeps } from './deps.ts';

/** A receipt is for handing over at once, not for keeping. */
const RECEIPT_LIFE_SECONDS = 600;

/** Signs what an approval proves. Everything in it follows from the record, so a repeated answer carries the same `jti`. */
export function issueReceipt(
  ring: KeyRing,
  verification: VerificationView,
  facts: { readonly approvedAt: number; readonly to: string | null },
): string {
  const iat = Math.floor(facts.approvedAt / 1000);
  return ring.signReceipt({
    aud: verification.application,
    sub: verification.id,
    jti: `rct_${verification.id.slice('vrf_'.length)}`,
    iat,
    exp: iat + RECEIPT_LIFE_SECONDS,
    purpose: verification.purpose,
    test: verification.test,
    ...(facts.to === null ? {} : { to: facts.to }),
  });
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
