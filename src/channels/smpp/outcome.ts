import type { Failure } from '../../ports/channel.ts';
import { failure, systemCode } from '../outcome.ts';
import { SmppLostError, SmppStatusError, STATUSES, statusName } from './status.ts';

/** What an error of binding or sending means. `timedOut` = the deadline passed or the caller gave up. */
export function smppFailure(error: unknown, timedOut: boolean): Failure {
  if (error instanceof SmppStatusError) return refused(error.status);
  if (error instanceof SmppLostError && error.written) {
    const why = timedOut ? 'no answer in time' : 'the connection was closed';
    return failure('unavailable', 'once', `${why} after the message was handed over`);
  }
  const system = systemCode(error);
  if (timedOut) return failure('unavailable', 'retry', 'no answer in time');
  if (/CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO$/.test(system ?? ''))
    return failure('misconfigured', 'retry', `the connection could not be encrypted (${system})`);
  return failure(
    'unavailable',
    'retry',
    system === null ? 'the connection was closed' : `connection failed (${system})`,
  );
}

/** Statuses that centres invent count as a refusal of this message. */
function refused(status: number): Failure {
  const kind = STATUSES[status]?.kind ?? 'rejected';
  const again = kind === 'unavailable' || kind === 'rate_limited';
  return failure(kind, again ? 'retry' : 'final', statusName(status));
}
