import { isIP } from 'node:net';
import type { SmppPackage, SmppPdu, SmppSession } from './package.ts';
import type { SmppSettings } from './settings.ts';
import { SmppLostError, SmppStatusError } from './status.ts';

/** The centre is asked this often whether it is alive, and given up when it has not answered by the next time. */
const ENQUIRE_EVERY_MS = 30_000;
/** Version 3.4. */
const INTERFACE_VERSION = 0x34;
const TRY_AGAIN = 0x64;

/** A bound connection to a message centre. */
export interface BoundSession {
  readonly alive: boolean;
  /** Resolves with the answer, also a bad one; rejects with {@link SmppLostError} when there is none or `signal` aborts. */
  submit(fields: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<SmppPdu>;
  /** Takes leave and closes. */
  close(): void;
}

export interface SessionEvents {
  /** A message from the centre; it is acknowledged when this resolves and offered again when it rejects. */
  deliver(pdu: SmppPdu): Promise<void>;
  /** The connection ended, by whomever. Called once, and only when it was bound. */
  lost(): void;
}

type Ask = (reply: (pdu: SmppPdu) => void) => boolean;

/**
 * Connects and binds as transceiver. Rejects with {@link SmppStatusError} when the centre refuses, {@link SmppLostError} when it ends
 * the connection, or the system's error.
 */
export async function openSession(
  smpp: SmppPackage,
  settings: SmppSettings,
  events: SessionEvents,
  signal: AbortSignal,
): Promise<BoundSession> {
  const session = smpp.connect(connectOptions(settings));
  const line = watch(session, events);
  try {
    await line.connected(settings.encrypted ? 'secureConnect' : 'connect', signal);
    const bound = await line.ask((reply) => session.bind_transceiver(bindFields(settings), reply), signal);
    if (bound.command_status !== 0) throw new SmppStatusError(bound.command_status);
  } catch (error) {
    session.destroy();
    throw error;
  }
  line.keepAlive();
  return {
    get alive() {
      return line.alive;
    },
    submit: (fields, submitSignal) => line.ask((reply) => session.submit_sm(fields, reply), submitSignal),
    close: () => leave(session),
  };
}

function connectOptions({ host, port, encrypted }: SmppSettings): Readonly<Record<string, unknown>> {
  // A certificate names hosts; TLS has no name to send for an IP address.
  return { host, port, ...(encrypted ? { tls: true, ...(isIP(host) === 0 ? { servername: host } : {}) } : {}) };
}

function bindFields({ systemId, password, systemType }: SmppSettings): Readonly<Record<string, unknown>> {
  return { system_id: systemId, password, system_type: systemType, interface_version: INTERFACE_VERSION };
}

interface Line {
  readonly alive: boolean;
  connected(event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void>;
  ask(ask: Ask, signal: AbortSignal): Promise<SmppPdu>;
  keepAlive(): void;
}

/** Follows one connection from its first moment: answers what the centre asks, and ends all waiting when it is lost. */
function watch(session: SmppSession, events: SessionEvents): Line {
  const waiting = new Set<(cause: unknown) => void>();
  let alive = true;
  let timer: NodeJS.Timeout | null = null;

  function lose(cause: unknown, end = (): void => session.destroy()): void {
    if (!alive) return;
    alive = false;
    end();
    for (const giveUp of waiting) giveUp(cause);
    if (timer === null) return;
    clearInterval(timer);
    events.lost();
  }

  /** Waits for what `start` announces to its callback; lost connections and the caller's signal end the wait. */
  function wait<T>(start: (done: (value: T) => void) => boolean, signal: AbortSignal, written: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        waiting.delete(lost);
        signal.removeEventListener('abort', aborted);
      };
      const lost = (cause: unknown): void => {
        settle();
        reject(written ? new SmppLostError(true, cause) : cause instanceof Error ? cause : new SmppLostError(false));
      };
      const aborted = (): void => lost(signal.reason);
      if (!alive || signal.aborted) return reject(new SmppLostError(false));
      const started = start((value) => {
        settle();
        resolve(value);
      });
      if (!started) return reject(new SmppLostError(false));
      waiting.add(lost);
      signal.addEventListener('abort', aborted, { once: true });
    });
  }

  const ask = (request: Ask, signal: AbortSignal): Promise<SmppPdu> => wait(request, signal, true);

  session.on('error', (error) => lose(error));
  session.on('close', () => lose(null));
  session.on('pdu', (pdu) => {
    answer(session, pdu, events);
    if (pdu.command === 'unbind') lose(null, () => session.close());
  });
  return {
    get alive() {
      return alive;
    },
    connected: (event, signal) =>
      wait<void>(
        (done) => {
          session.on(event, () => done());
          return true;
        },
        signal,
        false,
      ),
    ask,
    keepAlive() {
      let unanswered = false;
      timer = setInterval(() => {
        if (unanswered) return lose(null);
        unanswered = session.enquire_link(() => (unanswered = false));
      }, ENQUIRE_EVERY_MS);
      timer.unref();
    },
  };
}

/** Answers the requests of the centre. */
function answer(session: SmppSession, pdu: SmppPdu, events: SessionEvents): void {
  switch (pdu.command) {
    case 'deliver_sm':
    case 'data_sm':
      events.deliver(pdu).then(
        () => session.send(pdu.response()),
        () => session.send(pdu.response({ command_status: TRY_AGAIN })),
      );
      return;
    case 'enquire_link':
    case 'unbind':
    case 'unknown':
      session.send(pdu.response());
  }
}

function leave(session: SmppSession): void {
  const end = (): void => session.destroy();
  if (!session.unbind(end)) return end();
  setTimeout(end, 1_000).unref();
}
