import type { DeliveryReport } from '../../ports/channel.ts';
import { reportOf } from '../provider/reports.ts';
import type { SmppPdu } from './package.ts';

/** Bits of `esm_class` that say what a message is, and the one of a receipt (SMPP 3.4 section 5.2.12). */
const KIND = 0x3c;
const RECEIPT = 0x04;

/** `message_state`, SMPP 3.4 section 5.2.28. */
const STATES: Readonly<Record<number, DeliveryReport['status']>> = {
  1: 'sent',
  2: 'delivered',
  3: 'undelivered',
  4: 'undelivered',
  5: 'undelivered',
  6: 'sent',
  8: 'failed',
};
/** `stat:` of the usual text, SMPP 3.4 appendix B. */
const WORDS: Readonly<Record<string, DeliveryReport['status']>> = {
  ENROUTE: 'sent',
  ACCEPTD: 'sent',
  DELIVRD: 'delivered',
  EXPIRED: 'undelivered',
  DELETED: 'undelivered',
  UNDELIV: 'undelivered',
  REJECTD: 'failed',
};

/** What a `deliver_sm` or `data_sm` tells about a message of ours; null when it is something else, e.g. a person's answer. */
export function readReceipt(pdu: SmppPdu): DeliveryReport | null {
  if ((Number(pdu['esm_class'] ?? 0) & KIND) !== RECEIPT) return null;
  const text = textOf(pdu['message_payload']) || textOf(pdu['short_message']);
  const id = cString(pdu['receipted_message_id']) ?? /\bid:\s*([!-~]{1,65})/i.exec(text)?.[1] ?? null;
  const word = /\bstat:\s*([A-Z]{5,8})/i.exec(text)?.[1]?.toUpperCase() ?? '';
  const state = pdu['message_state'];
  const status = (typeof state === 'number' ? STATES[state] : undefined) ?? WORDS[word];
  const error = /\berr:\s*([0-9A-Z]{1,8})/i.exec(text)?.[1];
  const why = [word.toLowerCase(), error === undefined ? '' : `err ${error}`].filter((part) => part !== '').join(' ');
  // The times in the text have no time zone, so none is told.
  return reportOf(id, status, { why })[0] ?? null;
}

/** The package gives decoded text, bytes, or either in an object. */
function textOf(field: unknown): string {
  const message: unknown = typeof field === 'object' && field !== null && 'message' in field ? field.message : field;
  if (typeof message === 'string') return message;
  return Buffer.isBuffer(message) ? message.toString('latin1') : '';
}

function cString(field: unknown): string | null {
  const text = textOf(field).replace(/\0+$/, '');
  return /^[!-~]{1,65}$/.test(text) ? text : null;
}
