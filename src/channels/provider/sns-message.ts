import type { ReportReading, ReportRequest } from '../../ports/channel.ts';
import { CALL_TIMEOUT_MS } from '../outcome.ts';
import { textAt } from './answers.ts';
import { publicKeyOf } from './certificate.ts';
import { type Bytes, fromBase64, SIGNATURE_WINDOW_MS, utf8, verifyRsa } from './signatures.ts';

/** A message of an Amazon SNS topic whose signature is right. */
export interface SnsMessage {
  readonly type: 'message';
  /** What was published to the topic; for SES events JSON. */
  readonly content: unknown;
}

const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

const AMAZON = /^https:\/\/sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?\//;
const CERTIFICATE = /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/;

/**
 * Reads what SNS posted: it must be of this topic, signed with a certificate that Amazon's own SNS host serves (versions 1 and 2), and
 * at most five minutes off. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export async function readSnsMessage(
  request: ReportRequest,
  expected: { readonly topic: string; readonly now: number },
): Promise<SnsMessage | ReportReading> {
  const body: unknown = JSON.parse(request.body);
  const type = textAt(body, 'Type') ?? '';
  if (!isKnown(type) || textAt(body, 'TopicArn') !== expected.topic) return refused('it is no message of this topic');
  if (!(await isSigned(body, SIGNED[type]))) return refused('the signature is wrong');
  const sentAt = Date.parse(textAt(body, 'Timestamp') ?? '');
  if (!(Math.abs(sentAt - expected.now) <= SIGNATURE_WINDOW_MS)) return refused('the signed time is too far off');
  if (type === 'Notification') return { type: 'message', content: parsed(textAt(body, 'Message') ?? '') };
  const url = textAt(body, 'SubscribeURL') ?? '';
  return type === 'SubscriptionConfirmation' && AMAZON.test(url)
    ? { type: 'confirm', url }
    : { type: 'reports', reports: [] };
}

async function isSigned(body: unknown, names: readonly string[]): Promise<boolean> {
  const version = textAt(body, 'SignatureVersion');
  if (version !== '1' && version !== '2') return false;
  const key = await keyOf(textAt(body, 'SigningCertURL') ?? '');
  if (key === null) return false;
  const fields = names.flatMap((name) => {
    const value = textAt(body, name);
    return value === null ? [] : [`${name}\n${value}\n`];
  });
  const signature = fromBase64(textAt(body, 'Signature') ?? '');
  return await verifyRsa({ hash: version === '1' ? 'SHA-1' : 'SHA-256', key }, utf8(fields.join('')), signature);
}

/** Certificates by their address, which is made of their content; a handful a year. */
const keys = new Map<string, Bytes>();

async function keyOf(url: string): Promise<Bytes | null> {
  const known = keys.get(url);
  if (known !== undefined) return known;
  if (!AMAZON.test(url) || !CERTIFICATE.test(new URL(url).pathname)) return null;
  const reply = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
  const key = reply.ok ? publicKeyOf((await reply.text()).slice(0, 20_000)) : null;
  if (key !== null && keys.size < 100) keys.set(url, key);
  return key;
}

function isKnown(type: string): type is keyof typeof SIGNED {
  return Object.hasOwn(SIGNED, type);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function refused(reason: string): ReportReading {
  return { type: 'refused', reason };
}
