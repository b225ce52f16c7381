import type { Accepted, Channel, DeliveryReport, Failure, Message } from '../../ports/channel.ts';
import type { Dsn } from '../dsn.ts';
import { accepted, CALL_TIMEOUT_MS, failure, withDeadline } from '../outcome.ts';
import { submitFields } from './fields.ts';
import { createLink, type SmppLink } from './link.ts';
import { smppFailure } from './outcome.ts';
import { receiptId, takenId } from './message-id.ts';
import { loadSmpp, type SmppPackage, type SmppPdu } from './package.ts';
import { partsOf } from './parts.ts';
import { readReceipt } from './receipt.ts';
import { openSession } from './session.ts';
import { isSender, readSmppSettings, type SmppSettings } from './settings.ts';
import { SmppLostError, SmppStatusError } from './status.ts';

export interface SmppTools {
  now(): number;
  /** Takes a delivery report that came over the connection; a rejection makes the centre offer it again. */
  report?(channel: string, report: DeliveryReport): Promise<void>;
}

/**
 * Sends SMS through a message centre that speaks SMPP 3.4. Throws an Error that is safe to show when the DSN is wrong or the package
 * `smpp` is not installed. Connects when the first message is sent.
 */
export async function createSmppChannel(
  dsn: Dsn,
  tools: SmppTools,
  load: () => Promise<SmppPackage> = loadSmpp,
): Promise<Channel> {
  const read = readSmppSettings(dsn);
  if (!read.ok) throw new Error(`The message centre cannot be used: ${read.problem}.`);
  const settings = read.value;
  const smpp = await load();
  const name = `${dsn.scheme}:${settings.from}@${settings.server}`;
  const deliver = async (pdu: SmppPdu): Promise<void> => {
    const report = readReceipt(pdu);
    if (report === null) return;
    await tools.report?.(name, { ...report, messageId: receiptId(report.messageId, settings.receiptIds) });
  };
  const open = (lost: () => void): ReturnType<typeof openSession> =>
    openSession(smpp, settings, { deliver, lost }, AbortSignal.timeout(CALL_TIMEOUT_MS));
  const link = createLink(open);
  return {
    name,
    channels: ['sms'],
    tellsReports: true,
    async send(message, signal) {
      if (!isSender(message.from ?? settings.from))
        return failure('misconfigured', 'final', 'the sender is neither a number nor a short name');
      return await send(message, settings, { link, now: tools.now(), signal: withDeadline(signal) });
    },
    async probe(signal) {
      return await probe(smpp, settings, withDeadline(signal));
    },
    async close() {
      link.close();
    },
  };
}

interface Sending {
  readonly link: SmppLink;
  readonly now: number;
  readonly signal: AbortSignal;
}

async function send(message: Message, settings: SmppSettings, sending: Sending): Promise<Accepted | Failure> {
  try {
    return accepted(await submit(message, settings, sending));
  } catch (error) {
    return smppFailure(error, sending.signal.aborted);
  }
}

/** Submits all parts and gives the id of the last, which is the one whose receipt is asked for. */
async function submit(message: Message, settings: SmppSettings, sending: Sending): Promise<string | null> {
  const parts = partsOf(message.text, settings.long, referenceOf(message.sendId));
  let id: string | null = null;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const fields = submitFields(message, settings, { part, isLast, now: sending.now });
    const pdu = await submitPart(fields, sending);
    if (pdu.command_status !== 0) throw new SmppStatusError(pdu.command_status);
    const given = pdu['message_id'];
    id = typeof given === 'string' && given !== '' ? takenId(given, settings.receiptIds) : null;
  }
  return id;
}

/** A session that turns out dead before anything left says nothing about the centre: a new one is tried, once. */
async function submitPart(fields: Readonly<Record<string, unknown>>, { link, signal }: Sending): Promise<SmppPdu> {
  const session = await unlessAborted(link.session(), signal);
  try {
    return await session.submit(fields, signal);
  } catch (error) {
    if (!(error instanceof SmppLostError) || error.written || signal.aborted) throw error;
    return await (await unlessAborted(link.session(), signal)).submit(fields, signal);
  }
}

/** Others may wait for the same session, so giving up must not end its opening. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let giveUp = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(new SmppLostError(false));
    signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** The same number for the same send, so that parts sent twice fit together on the phone. */
function referenceOf(sendId: string): number {
  return Array.from(sendId).reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) & 0xffff, 0);
}

async function probe(smpp: SmppPackage, settings: SmppSettings, signal: AbortSignal): Promise<string | null> {
  const events = { deliver: () => Promise.reject(new Error('probing')), lost: () => undefined };
  try {
    (await openSession(smpp, settings, events, signal)).close();
    return null;
  } catch (error) {
    const { detail, kind } = smppFailure(error, signal.aborted);
    const cure =
      kind === 'misconfigured' ? 'Check system id, password and system_type' : 'Check host, port and firewall';
    return `The message centre ${settings.server} cannot be used: ${detail}. ${cure}.`;
  }
}
