import type { Failure, FailureKind } from '../../ports/channel.ts';
import { failure, systemCode } from '../outcome.ts';
import { safeDetail } from '../safe-detail.ts';

/** The parts of nodemailer's error that say what happened. */
export interface SmtpError {
  /** nodemailer's class of error (`EAUTH`, `EENVELOPE`, …), '' when there is none. */
  readonly code: string;
  /** The command that was in flight (`RCPT TO`), '' when there is none. */
  readonly command: string;
  /** The server's reply code, null when the server said nothing. */
  readonly reply: number | null;
  /** The server's reply, '' when it said nothing. */
  readonly response: string;
}

/** Reads an unknown error; whatever is missing stays empty. */
export function readSmtpError(error: unknown): SmtpError {
  const { code, command, responseCode, response } = (error instanceof Error ? error : {}) as Record<string, unknown>;
  return {
    code: typeof code === 'string' ? code : '',
    command: typeof command === 'string' ? command : '',
    reply: typeof responseCode === 'number' && responseCode >= 200 && responseCode < 600 ? responseCode : null,
    response: typeof response === 'string' ? response : '',
  };
}

/** The circumstances of a failed delivery. `secrets` must not show in the detail. */
export interface Circumstances {
  /** The first byte of the message may have left. */
  readonly handedOver: boolean;
  /** The deadline passed, or the caller gave up. */
  readonly timedOut: boolean;
  readonly secrets: readonly string[];
}

/** No such mailbox, mailbox moved, name not allowed, bad address syntax (RFC 5321 section 4.2.2). */
const NO_SUCH_MAILBOX = [501, 550, 551, 553];
/** Authentication required, mechanism too weak or refused, credentials wrong, encryption needed (RFC 4954 section 6). */
const LOGIN_REFUSED = [530, 534, 535, 538];

/**
 * What a failed delivery means. A definite refusal counts as such; once the message was handed over, anything but a definite
 * reply to it leaves the outcome unknown and allows exactly one more try.
 */
export function smtpFailure(error: unknown, circumstances: Circumstances): Failure {
  const read = readSmtpError(error);
  const detail = detailOf(error, read, circumstances);
  if (circumstances.handedOver && !isDefinite(read)) return failure('unavailable', 'once', detail);
  if (read.reply !== null && read.reply >= 500) return failure(kindOfRefusal(read), 'final', detail);
  if (read.reply !== null || circumstances.timedOut) return failure('unavailable', 'retry', detail);
  if (read.code === 'EAUTH') return failure('misconfigured', 'final', detail);
  if (isCertificateProblem(read, systemCode(error))) return failure('misconfigured', 'retry', detail);
  if (read.code === 'EMESSAGE') return failure('rejected', 'final', detail);
  if (read.code === 'EENVELOPE') return failure('invalid_destination', 'final', detail);
  return failure('unavailable', 'retry', detail);
}

/** Only the reply to the whole message tells what became of it; a line cut off by a reset does not. */
function isDefinite(read: SmtpError): boolean {
  return read.code === 'EMESSAGE' && read.reply !== null && read.reply >= 400;
}

function kindOfRefusal(read: SmtpError): FailureKind {
  const { reply, command, response } = read;
  if (reply === null) return 'rejected';
  if (read.code === 'EAUTH' || read.code === 'ETLS' || LOGIN_REFUSED.includes(reply)) return 'misconfigured';
  // 5.7.x is the server's policy (relay denied, blocked sender): it says nothing about the mailbox.
  const policy = /^5\d\d[ -]5\.7\.\d/.test(response);
  return command === 'RCPT TO' && NO_SUCH_MAILBOX.includes(reply) && !policy ? 'invalid_destination' : 'rejected';
}

/** TLS failed or the server's certificate is not trusted. */
export function isCertificateProblem(read: SmtpError, system: string | null): boolean {
  return read.code === 'ETLS' || /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO$/.test(system ?? '');
}

function detailOf(error: unknown, read: SmtpError, circumstances: Circumstances): string {
  const after = circumstances.handedOver ? ' after the message was handed over' : '';
  if (read.reply !== null) {
    return safeDetail(`${where(read.command)}: ${read.response}`, circumstances.secrets);
  }
  if (circumstances.timedOut) return `no answer in time${after}`;
  const system = systemCode(error);
  return `${system === null ? 'the connection was closed' : `connection failed (${system})`}${after}`;
}

function where(command: string): string {
  return command === '' || command === 'CONN' || command === 'API' ? 'connection' : command;
}

/** The connection was lost or the server is closing it (421), before it judged the message. */
export function isTransient(read: SmtpError): boolean {
  return read.reply === 421 || (read.reply === null && !['EAUTH', 'EENVELOPE', 'EMESSAGE'].includes(read.code));
}
