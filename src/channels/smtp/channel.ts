import { readFile } from 'node:fs/promises';
import type { Accepted, Channel, Failure, Message } from '../../ports/channel.ts';
import type { Dsn } from '../dsn.ts';
import { accepted, failure, systemCode, withDeadline } from '../outcome.ts';
import { isSingleAddress } from '../single-address.ts';
import { adviseSmtp } from './advice.ts';
import { composeMime, type DkimKey, signDkim } from './mime.ts';
import { isTransient, readSmtpError, smtpFailure } from './outcome.ts';
import { createSmtpPool, type SmtpPool } from './pool.ts';
import { type Delivered, type Delivery, openSession } from './session.ts';
import { type Mailbox, parseMailbox, readSmtpSettings, type SmtpSettings } from './settings.ts';

/**
 * Sends mail through one SMTP server. Throws an Error that is safe to show when the DSN is wrong or a file it names cannot be
 * read or used. Connects when the first message is sent.
 */
export async function createSmtpChannel(dsn: Dsn, tools: { now(): number }): Promise<Channel> {
  const read = readSmtpSettings(dsn);
  if (!read.ok) throw new Error(`The mail server cannot be used: ${read.problem}.`);
  const settings = read.value;
  const ca = settings.caPath === null ? null : await readPem(settings.caPath, 'ca');
  const dkim = await readDkimKey(settings);
  const pool = createSmtpPool((signal) => openSession(settings, ca, signal));
  return {
    name: `${dsn.scheme}:${settings.server}`,
    channels: ['email'],
    async send(message, signal) {
      const refused = refusal(message);
      if (refused !== null) return refused;
      const from = message.from === null ? settings.from : parseMailbox(message.from);
      if (from === null) return failure('misconfigured', 'final', 'the sender is not an address or Name <address>');
      const delivery = await prepare(message, from, { date: new Date(tools.now()), dkim });
      return await deliver(delivery, pool, { message, settings, signal: withDeadline(signal) });
    },
    async probe(signal) {
      const deadline = withDeadline(signal);
      try {
        (await openSession(settings, ca, deadline)).quit();
        return null;
      } catch (error) {
        return adviseSmtp(error, settings, deadline.aborted);
      }
    },
    async close() {
      pool.close();
    },
  };
}

/** What must not go to any mail server, whatever checks it passed before. */
function refusal(message: Message): Failure | null {
  if (!isSingleAddress(message.to))
    return failure('invalid_destination', 'final', 'the recipient is not one plain address');
  return /^[\w-]{1,64}$/.test(message.sendId)
    ? null
    : failure('rejected', 'final', 'the send id cannot be a Message-ID');
}

async function prepare(
  message: Message,
  from: Mailbox,
  how: { readonly date: Date; readonly dkim: DkimKey | null },
): Promise<Delivery> {
  const mime = await composeMime(message, from, how.date);
  return { from: from.address, to: message.to, mime: how.dkim === null ? mime : await signDkim(mime, how.dkim) };
}

interface Call {
  readonly message: Message;
  readonly settings: SmtpSettings;
  readonly signal: AbortSignal;
}

async function deliver(delivery: Delivery, pool: SmtpPool, call: Call): Promise<Accepted | Failure> {
  try {
    let delivered = await deliverOver(delivery, pool, call.signal, false);
    if (delivered.stale) delivered = await deliverOver(delivery, pool, call.signal, true);
    if (delivered.ok) return accepted(queueId(delivered.response));
    return failed(delivered.error, delivered.handedOver, call);
  } catch (error) {
    return failed(error, false, call);
  }
}

/** `stale` = a reused connection turned out dead before anything of the message left, which says nothing about the server. */
async function deliverOver(
  delivery: Delivery,
  pool: SmtpPool,
  signal: AbortSignal,
  fresh: boolean,
): Promise<Delivered & { readonly stale: boolean }> {
  const loan = await pool.borrow(signal, { fresh });
  try {
    const delivered = await loan.session.deliver(delivery, signal);
    const lost = !delivered.ok && !delivered.handedOver && isTransient(readSmtpError(delivered.error));
    return { ...delivered, stale: loan.reused && lost && !signal.aborted };
  } finally {
    loan.release();
  }
}

function failed(error: unknown, handedOver: boolean, { message, settings, signal }: Call): Failure {
  const { login } = settings;
  const localPart = message.to.slice(0, message.to.lastIndexOf('@'));
  const secrets = [
    message.to,
    localPart,
    message.code.reveal(),
    ...(login === null ? [] : [login.user, login.password]),
  ];
  return smtpFailure(error, { handedOver, timedOut: signal.aborted, secrets });
}

/** The server's name for the message (`250 2.0.0 Ok: queued as 4F1C2A`), null when the reply holds none. */
function queueId(response: string): string | null {
  return /\bqueued as ([A-Za-z0-9][\w.-]{2,79})/i.exec(response)?.[1] ?? null;
}

async function readPem(path: string, option: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.includes('-----BEGIN ')) return text;
  } catch (error) {
    throw new Error(`The file of option ${option} cannot be read (${systemCode(error)}).`, { cause: error });
  }
  throw new Error(`The file of option ${option} is not PEM.`);
}

async function readDkimKey({ dkim }: SmtpSettings): Promise<DkimKey | null> {
  if (dkim === null) return null;
  const key = { domain: dkim.domain, selector: dkim.selector, privateKey: await readPem(dkim.keyPath, 'dkim_key') };
  try {
    await signDkim(Buffer.from('From: a@example.org\r\n\r\ntrial\r\n'), key);
  } catch (error) {
    throw new Error('The file of option dkim_key holds no private key that can sign.', { cause: error });
  }
  return key;
}
