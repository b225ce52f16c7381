import { createPrivateKey, sign } from 'node:crypto';
import type { ReportRequest } from '../../../src/ports/channel.ts';
import { selfSigned } from '../../support/self-signed.ts';
import { NOW } from './messages.ts';
import { posted } from './reports.ts';

const { key, cert } = selfSigned();
const NAMES = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** The certificate that the address in {@link snsNotification} stands for; let `fetch` answer with it. */
export const SNS_CERTIFICATE = cert;

/** What an SNS topic posts with this content, signed at `NOW`; `tamper` changes it afterwards. */
export function snsNotification(
  topic: string,
  content: unknown,
  tamper: Readonly<Record<string, string>> = {},
): ReportRequest {
  const fields: Record<string, string> = {
    Type: 'Notification',
    MessageId: 'da41e39f-ea4d-435a-b922-c6aae3915ebe',
    TopicArn: topic,
    Message: JSON.stringify(content),
    Timestamp: new Date(NOW).toISOString(),
    SignatureVersion: '2',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-aaaabbbbccccdddd.pem',
  };
  const signed = NAMES.flatMap((name) => (fields[name] === undefined ? [] : [`${name}\n${fields[name]}\n`])).join('');
  const Signature = sign('sha256', Buffer.from(signed), createPrivateKey(key)).toString('base64');
  return posted(JSON.stringify({ ...fields, Signature, ...tamper }));
}
