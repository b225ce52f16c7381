import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { CALL_TIMEOUT_MS } from '../outcome.ts';
import type { SmtpSettings } from './settings.ts';

/** How long an idle connection is kept at most, ms. Longer than the pool keeps one, so that the pool decides. */
const IDLE_SOCKET_TIMEOUT_MS = 60_000;
/** How long the server may take to answer QUIT, ms. */
const GOODBYE_MS = 1000;
const MAX_REPLY_BYTES = 64 * 1024;

/** What goes on the wire: one sender, one recipient, the MIME bytes. */
export interface Delivery {
  readonly from: string;
  readonly to: string;
  readonly mime: Buffer;
}

/** What became of a delivery. `handedOver` is true from the moment the first byte of the message may have left. */
export type Delivered =
  | { readonly ok: true; readonly response: string }
  | { readonly ok: false; readonly error: unknown; readonly handedOver: boolean };

/** One SMTP connection. nodemailer's own pool is not used: it tries lost messages again by itself. */
export interface SmtpSession {
  /** False once the connection is gone. */
  readonly alive: boolean;
  /** Sends one message; never throws. After a failure the connection is destroyed, so nothing can go out later. */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<Delivered>;
  /** Says goodbye to the server. */
  quit(): void;
}

/** Connects, encrypts and logs in. Rejects with nodemailer's error, or with the signal's reason; the socket is then destroyed. */
export async function openSession(
  settings: SmtpSettings,
  ca: string | null,
  signal: AbortSignal,
): Promise<SmtpSession> {
  signal.throwIfAborted();
  const connection = new SMTPConnection({
    host: settings.host,
    port: settings.port,
    secure: settings.encryption === 'implicit',
    requireTLS: settings.encryption === 'required',
    ignoreTLS: settings.encryption === 'none',
    ...(ca === null ? {} : { tls: { ca } }),
    connectionTimeout: CALL_TIMEOUT_MS,
    greetingTimeout: CALL_TIMEOUT_MS,
    socketTimeout: IDLE_SOCKET_TIMEOUT_MS,
    // Close means destroy: a half-closed socket could still carry the end of a message that was given up.
    socketCloseTimeout: 0,
    maxResponseSize: MAX_REPLY_BYTES,
  });
  // An idle connection that breaks has nobody to tell; the pool sees that it is no longer alive.
  connection.on('error', () => undefined);
  await step(connection, signal, (done) => connection.connect(done));
  const { login } = settings;
  if (login !== null) {
    await step(connection, signal, (done) => connection.login({ user: login.user, pass: login.password }, done));
  }
  return sessionOver(connection);
}

function sessionOver(connection: SMTPConnection): SmtpSession {
  return {
    get alive() {
      return !connection.destroyed;
    },
    async deliver(delivery, signal) {
      let handedOver = false;
      const body = new Readable({
        // Read for the first time when the server said 354, just before the bytes go to the socket.
        read() {
          handedOver = true;
          this.push(delivery.mime);
          this.push(null);
        },
      });
      const envelope = { from: delivery.from, to: [delivery.to], size: delivery.mime.length };
      try {
        const info = await step<{ response: string }>(connection, signal, (done) =>
          connection.send(envelope, body, done),
        );
        return { ok: true, response: info?.response ?? '' };
      } catch (error) {
        return { ok: false, error, handedOver };
      }
    },
    quit() {
      if (connection.destroyed) return;
      connection.quit();
      setTimeout(() => connection.close(), GOODBYE_MS).unref();
    },
  };
}

type Done<T> = (error?: Error | null, value?: T) => void;

/**
 * Runs one exchange of the connection: settles with its callback, with the connection's error or end (which nodemailer does
 * not always tell the callback), or with the signal. A failed exchange destroys the connection.
 */
function step<T>(
  connection: SMTPConnection,
  signal: AbortSignal,
  start: (done: Done<T>) => void,
): Promise<T | undefined> {
  return new Promise<T | undefined>((resolve, reject) => {
    const settle: Done<T> = (error, value) => {
      connection.off('error', settle);
      connection.off('end', ended);
      signal.removeEventListener('abort', aborted);
      if (!error) return resolve(value);
      connection.close();
      reject(error);
    };
    // Deferred, because nodemailer ends the connection just before it reports why.
    const ended = (): void => queueMicrotask(() => settle(new Error('The connection was closed')));
    const aborted = (): void => settle(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
    connection.on('error', settle);
    connection.on('end', ended);
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) return aborted();
    start(settle);
  });
}
