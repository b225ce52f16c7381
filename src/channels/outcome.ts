import type { Accepted, Failure, FailureKind } from '../ports/channel.ts';

/** How long one provider call may take, ms, whatever the caller's signal says. */
export const CALL_TIMEOUT_MS = 10_000;

/** The message was taken. */
export function accepted(messageId: string | null): Accepted {
  return { type: 'accepted', messageId };
}

/** The message was not taken. `detail` must be safe to show already, see {@link safeDetail}. */
export function failure(kind: FailureKind, retry: Failure['retry'], detail: string): Failure {
  return { type: 'failure', kind, retry, detail };
}

/** The caller's signal, ended by our own deadline if the caller forgot one. */
export function withDeadline(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
}

/** The system's error code of a failed call (`ECONNREFUSED`), looked for along its causes; null when there is none. */
export function systemCode(error: unknown): string | null {
  for (let step = error, depth = 0; step instanceof Error && depth < 5; step = step.cause, depth += 1) {
    const { code, originalCode } = step as { code?: unknown; originalCode?: unknown };
    for (const found of [originalCode, code]) {
      if (typeof found === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(found)) return found;
    }
  }
  return null;
}
