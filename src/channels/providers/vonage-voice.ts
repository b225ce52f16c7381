import type { DeliveryReport, Failure, Message, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { failure } from '../outcome.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { CALLBACK, phoneReports, STALE, UNSIGNED, withoutPlus } from '../provider/phone.ts';
import { reports, timeOf } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import { isFresh, sha256Hex, utf8 } from '../provider/signatures.ts';
import type { Account, ProviderRequest, ProviderSpec } from '../provider/spec.ts';
import { speechLanguage } from '../provider/speech.ts';
import { verifiedClaims, vonageToken } from './vonage-jwt.ts';

/** How long a phone rings, seconds: most mailboxes answer later. */
const RING_SECONDS = 30;

/** Languages of the talk action (https://developer.vonage.com/en/voice/voice-api/concepts/text-to-speech). */
const LANGUAGES = (
  'af-ZA ar bg-BG bn-IN ca-ES cmn-CN cmn-TW cs-CZ cy-GB da-DK de-AT de-DE el-GR en-AU en-GB en-IE en-IN en-NZ en-US en-ZA es-ES ' +
  'es-MX es-US eu-ES fi-FI fil-PH fr-CA fr-FR gl-ES gu-IN he-IL hi-IN hu-HU id-ID is-IS it-IT ja-JP kn-IN ko-KR lv-LV ml-IN ms-MY ' +
  'nb-NO nl-BE nl-NL pa-IN pl-PL pt-BR pt-PT ro-RO ru-RU sk-SK sr-RS sv-SE ta-IN te-IN th-TH tr-TR uk-UA vi-VN yue-CN'
).split(' ');

/** Events of a call that tell how it went. */
const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  answered: 'sent',
  completed: 'delivered',
  busy: 'undelivered',
  cancelled: 'undelivered',
  timeout: 'undelivered',
  unanswered: 'undelivered',
  failed: 'failed',
  rejected: 'failed',
};

/** Vonage Voice API v1 (https://developer.vonage.com/en/api/voice): a call that reads the text. */
export const VONAGE_VOICE: ProviderSpec = {
  scheme: 'vonage-voice',
  title: 'Vonage Voice',
  channels: ['voice'],
  host: 'api.nexmo.com',
  user: 'application id',
  password: 'private key of the application (PKCS#8)',
  options: {
    from: {
      doc: 'Calling number (E.164), linked to the application.',
      required: true,
      pattern: [/^\+?\d{5,15}$/, 'a number'],
      example: '%2B14155292729',
    },
    callback: CALLBACK,
    signature_secret: { doc: 'Signature secret of the account, which signs events.' },
    premium: { doc: '`1` = premium voices, at their price.', pattern: [/^1$/, '1'] },
  },
  errors: {
    'low-balance': 'misconfigured',
    unauthorized: 'misconfigured',
    forbidden: 'misconfigured',
    'not-found': 'misconfigured',
    unprovisioned: 'misconfigured',
    'account-suspended': 'misconfigured',
    'application-suspended': 'misconfigured',
    'jwt-expired': 'misconfigured',
    'jwt-revoked': 'misconfigured',
    'invalid-params': 'rejected',
    'invalid-id': 'misconfigured',
    'invalid-ip': 'misconfigured',
    'invalid-json': 'rejected',
    throttled: 'rate_limited',
    'unavailable-legal': 'rejected',
  },
  receipts: 'callback',
  tells: { price: 'report' },
  priceUnit: 'per second of the call, in euros',
  request: requestCall,
  outcome(answer, account) {
    if (isSuccess(answer)) return acceptedWithId(VONAGE_VOICE, member(answer.json, 'uuid'));
    return refusal(VONAGE_VOICE, answer, {
      code: textAt(answer.json, 'type')?.split('#')[1] ?? null,
      words: textAt(answer.json, 'detail') ?? textAt(answer.json, 'title') ?? '',
      secrets: [account.user, account.password],
    });
  },
  report: readEvent,
};

async function requestCall(message: Message, account: Account): Promise<ProviderRequest | Failure> {
  const language = speechLanguage(message.locale, LANGUAGES);
  if (language === null) return failure('rejected', 'final', 'Vonage Voice: no voice speaks this language');
  const token = await tokenFor(message, account);
  if (token === null) return failure('misconfigured', 'final', 'Vonage Voice: the private key is no PKCS#8 key');
  const callback = account.option('callback');
  const premium = account.option('premium') === null ? {} : { premium: true };
  const body = {
    to: [{ type: 'phone', number: withoutPlus(message.to) }],
    from: { type: 'phone', number: withoutPlus(message.from ?? account.option('from') ?? '') },
    // The text would be markup if it had tags.
    ncco: [{ action: 'talk', text: message.text.replace(/[<>&]/g, ' '), language, ...premium }],
    ringing_timer: RING_SECONDS,
    ...(callback === null ? {} : { event_url: [callback], event_method: 'POST' }),
  };
  return jsonRequest('/v1/calls', body, { authorization: `Bearer ${token}` });
}

async function tokenFor(message: Message, { user, password, now }: Account): Promise<string | null> {
  const at = now();
  try {
    return await vonageToken({ application: user, key: password }, { id: `${message.sendId}-${at}`, now: at });
  } catch {
    return null;
  }
}

/**
 * Reads an event of a call (https://developer.vonage.com/en/voice/voice-api/webhook-reference): the token in its header is signed and
 * names the hash of the body, so a token of one event proves no other.
 */
async function readEvent(request: ReportRequest, account: Account): Promise<ReportReading> {
  const secret = account.option('signature_secret');
  const token = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1];
  if (secret === null || token === undefined) return UNSIGNED;
  const claims = await verifiedClaims(token, secret);
  if (claims === null || textAt(claims, 'payload_hash')?.toLowerCase() !== (await sha256Hex(utf8(request.body))))
    return UNSIGNED;
  if (!isFresh(textAt(claims, 'iat'), account.now())) return STALE;
  const event = JSON.parse(request.body) as unknown;
  return reports(
    phoneReports('Vonage Voice', STATUSES, {
      messageId: textAt(event, 'uuid'),
      status: textAt(event, 'status'),
      at: timeOf(textAt(event, 'timestamp')),
      price: { amount: textAt(event, 'price'), currency: 'EUR' },
    }),
  );
}
