import type { Accepted, Failure, FailureKind, Message } from '../../ports/channel.ts';
import { accepted, failure } from '../outcome.ts';
import { safeDetail } from '../safe-detail.ts';
import type { RunResult } from './run.ts';

interface Meaning {
  readonly kind: FailureKind;
  readonly retry: Failure['retry'];
}

/** What an exit code says. 64 to 78 are those of sysexits.h, 80 and 81 our own; any other leaves open whether the message went out. */
export const EXIT_CODES: Readonly<Record<number, Meaning>> = {
  64: { kind: 'misconfigured', retry: 'final' },
  65: { kind: 'rejected', retry: 'final' },
  67: { kind: 'invalid_destination', retry: 'final' },
  68: { kind: 'invalid_destination', retry: 'final' },
  69: { kind: 'unavailable', retry: 'retry' },
  71: { kind: 'unavailable', retry: 'retry' },
  75: { kind: 'unavailable', retry: 'retry' },
  77: { kind: 'misconfigured', retry: 'final' },
  78: { kind: 'misconfigured', retry: 'final' },
  80: { kind: 'rate_limited', retry: 'retry' },
  81: { kind: 'suspected_fraud', retry: 'final' },
};

const UNKNOWN: Meaning = { kind: 'unavailable', retry: 'once' };

/** What became of the message. The first line of the program's standard error is kept, made safe. */
export function execOutcome(result: RunResult, message: Message): Accepted | Failure {
  switch (result.type) {
    case 'not_started':
      return failure('misconfigured', 'final', `the program could not be started (${result.error})`);
    case 'too_late':
      return failure('unavailable', 'retry', 'no time was left to start the program');
    case 'timed_out':
      return failure('unavailable', 'once', 'the program did not end in time and was killed');
    case 'killed':
      return failure('unavailable', 'once', `the program was ended by ${result.signal}${said(result.stderr, message)}`);
    case 'exited':
      return result.code === 0 ? accepted(messageId(result.stdout)) : failed(result.code, result.stderr, message);
  }
}

function failed(code: number, stderr: string, message: Message): Failure {
  const { kind, retry } = EXIT_CODES[code] ?? UNKNOWN;
  return failure(kind, retry, `exit code ${code}${said(stderr, message)}`);
}

function said(stderr: string, message: Message): string {
  const line = stderr.split('\n').find((text) => text.trim() !== '') ?? '';
  const words = safeDetail(line, [message.to, message.code.reveal(), message.text]);
  return words === '' ? '' : `: ${words}`;
}

/** The first line of the output, when it can be a message id. */
function messageId(stdout: string): string | null {
  const line = stdout.split('\n', 1)[0]?.trim() ?? '';
  return /^[!-~]{1,200}$/.test(line) ? line : null;
}
