import { ok, refuse, type Result } from '../core/errors.ts';
import { cancel } from '../core/machine/index.ts';
import type { VerificationView } from '../core/views.ts';
import type { Caller, IdempotencyRequest, Verifier } from './api.ts';
import { checkByDestination, checkCode, openByDestination } from './check.ts';
import { changesOf, commit } from './commit.ts';
import { load } from './load.ts';
import { once } from './once.ts';
import { CLOSED, NOT_FOUND } from './problems.ts';
import { resendCode } from './resend.ts';
import type { StartDeps } from './prepare.ts';
import { preview } from './preview.ts';
import { startVerification } from './start.ts';
import { viewOf } from './view.ts';

/** The use cases of a verification. Each parses nothing and renders nothing: the edges do. */
export function createVerifier(deps: StartDeps): Verifier {
  const resend: Verifier['resend'] = (caller, id, input, idempotency) =>
    resendCode(deps, caller, id, input, idempotency);
  return {
    start: (caller, input, idempotency) => startVerification(deps, resend, caller, input, idempotency),
    check: (caller, id, input, idempotency) => checkCode(deps, caller, id, input, idempotency),
    checkByDestination: (caller, input, idempotency) => checkByDestination(deps, caller, input, idempotency),
    resend,
    cancel: (caller, id, idempotency) => cancelVerification(deps, caller, id, idempotency),
    get: (caller, id) => getVerification(deps, caller, id),
    async findOpen(caller, input) {
      const found = await openByDestination(deps, caller, input);
      return found.ok ? ok(viewOf(deps, found.value.record, found.value.now)) : found;
    },
    preview: (caller, input) => preview(deps, caller, input),
  };
}

function cancelVerification(
  deps: StartDeps,
  caller: Caller,
  id: string,
  idempotency?: IdempotencyRequest | null,
): Promise<Result<VerificationView>> {
  return once<VerificationView>(deps, caller, idempotency, async (ticket) => {
    const done = await commit(
      deps,
      () => load(deps, caller, id),
      (record, now) => {
        const step = cancel(record, 'operator', now);
        const answer = ticket?.store(viewOf(deps, step.next, now)) ?? null;
        return { step, changes: { ...changesOf(deps, step, caller, now), answer } };
      },
    );
    if (!done.ok) return done;
    const { step, now } = done.value;
    return step.outcome === 'canceled' ? ok(viewOf(deps, step.next, now)) : refuse(CLOSED);
  });
}

async function getVerification(deps: StartDeps, caller: Caller, id: string): Promise<Result<VerificationView>> {
  const { record, now } = await load(deps, caller, id);
  return record === null ? refuse(NOT_FOUND) : ok(viewOf(deps, record, now));
}
