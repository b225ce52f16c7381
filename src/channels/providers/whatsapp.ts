import type { Accepted, DeliveryReport, Failure, Message, ReportReading, ReportRequest } from '../../ports/channel.ts';
import { failure } from '../outcome.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { withoutPlus } from '../provider/phone.ts';
import { refusedReport, reportOf, reports, statusIn, timeOf } from '../provider/reports.ts';
import { jsonRequest } from '../provider/requests.ts';
import { fromHex, isSameText, utf8, verifyHmac } from '../provider/signatures.ts';
import type { Account, ProviderAnswer, ProviderSpec } from '../provider/spec.ts';
import { WHATSAPP_ERRORS } from './whatsapp-errors.ts';

/**
 * WhatsApp Cloud API of Meta. Codes go out in an authentication template with a copy-code button, whose words are Meta's.
 * https://developers.facebook.com/docs/whatsapp/business-management-api/authentication-templates
 */
export const WHATSAPP: ProviderSpec = {
  scheme: 'whatsapp',
  title: 'WhatsApp',
  channels: ['whatsapp'],
  host: 'graph.facebook.com',
  user: 'phone number id',
  password: 'access token',
  options: {
    template: {
      doc: 'Name of an approved template of the category authentication, with a copy-code or one-tap button.',
      required: true,
      pattern: [/^[a-z0-9_]{1,512}$/, 'the name of a template'],
      example: 'login_code',
    },
    languages: {
      doc: 'Languages the template is approved in, as Meta writes them, the fallback first. Without it the message’s own is asked for.',
      pattern: [/^[a-z]{2,3}(?:_[A-Z]{2})?(?:,[a-z]{2,3}(?:_[A-Z]{2})?)*$/, 'a list like en,de,pt_BR'],
      example: 'en,de,pt_BR',
    },
    version: {
      doc: 'Version of the Graph API, `v23.0` by default.',
      pattern: [/^v\d{2}\.\d$/, 'a version like v23.0'],
    },
    app_secret: { doc: 'App secret; without it no report is believed.' },
    verify_token: { doc: 'The token you choose when you enter the callback address at Meta.' },
  },
  errors: WHATSAPP_ERRORS,
  onlyCode: () => true,
  receipts: 'callback',
  priceUnit: 'per delivered message, by country',
  request(message, account) {
    const url = `/${account.option('version') ?? 'v23.0'}/${encodeURIComponent(account.user)}/messages`;
    return jsonRequest(url, bodyOf(message, account), { authorization: `Bearer ${account.password}` });
  },
  outcome(answer, account) {
    if (isSuccess(answer)) return accepted(answer);
    return refusal(WHATSAPP, answer, {
      code: textAt(answer.json, 'error', 'code'),
      words: textAt(answer.json, 'error', 'error_data', 'details') ?? textAt(answer.json, 'error', 'message') ?? '',
      secrets: [account.user, account.password],
    });
  },
  report: readReport,
};

function bodyOf(message: Message, account: Account): object {
  const parameters = [{ type: 'text', text: message.code.reveal() }];
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: withoutPlus(message.to),
    type: 'template',
    template: {
      name: account.option('template'),
      language: { code: languageOf(message.locale, account.option('languages')?.split(',') ?? null) },
      components: [
        { type: 'body', parameters },
        { type: 'button', sub_type: 'url', index: '0', parameters },
      ],
    },
  };
}

/** The approved language that fits a locale (BCP 47) best: the same, the same without region, any of the language, else the first. */
function languageOf(locale: string, approved: readonly string[] | null): string {
  const [language = 'en', ...subtags] = locale.split('-');
  const region = subtags.find((subtag) => /^[A-Z]{2}$/.test(subtag));
  const exact = region === undefined ? language : `${language}_${region}`;
  if (approved === null) return exact;
  const related = approved.find((candidate) => candidate.startsWith(`${language}_`));
  return [exact, language].find((candidate) => approved.includes(candidate)) ?? related ?? approved[0] ?? exact;
}

/** A paused template is told with status 200. */
function accepted(answer: ProviderAnswer): Accepted | Failure {
  const message = member(answer.json, 'messages', 0);
  if (textAt(message, 'message_status') === 'paused')
    return failure('misconfigured', 'final', 'WhatsApp: the template is paused');
  return acceptedWithId(WHATSAPP, member(message, 'id'));
}

const STATUSES: Readonly<Record<string, DeliveryReport['status']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  failed: 'failed',
};

/** Meta signs the body but no time, and repeats a report for days until it is taken: the message id is what makes a replay harmless. */
async function readReport(request: ReportRequest, account: Account): Promise<ReportReading> {
  if (request.method === 'GET') return await handshake(new URL(request.url).searchParams, account);
  const secret = account.option('app_secret');
  if (secret === null) return refusedReport('option app_secret is missing');
  const signature = /^sha256=([0-9a-f]{64})$/i.exec(request.header('x-hub-signature-256') ?? '')?.[1] ?? '';
  const isRight = await verifyHmac({ hash: 'SHA-256', key: utf8(secret) }, utf8(request.body), fromHex(signature));
  if (!isRight) return refusedReport('the signature is wrong');
  const body: unknown = JSON.parse(request.body);
  const changes = listAt(body, 'entry').flatMap((entry) => listAt(entry, 'changes'));
  return reports(changes.flatMap((change) => listAt(member(change, 'value'), 'statuses')).flatMap(reportOfStatus));
}

/** Meta asks once whether the address is ours. */
async function handshake(query: URLSearchParams, account: Account): Promise<ReportReading> {
  const token = account.option('verify_token');
  const challenge = query.get('hub.challenge') ?? '';
  const isOurs = token !== null && (await isSameText(token, query.get('hub.verify_token') ?? ''));
  if (!isOurs || query.get('hub.mode') !== 'subscribe' || !/^[\w-]{1,200}$/.test(challenge))
    return refusedReport('the verify token is missing or wrong');
  return { type: 'answer', body: challenge };
}

function reportOfStatus(status: unknown): readonly DeliveryReport[] {
  const error = member(status, 'errors', 0);
  return reportOf(textAt(status, 'id'), statusIn(STATUSES, textAt(status, 'status')), {
    at: timeOf(textAt(status, 'timestamp')),
    why: [textAt(error, 'code'), textAt(error, 'title')].filter((part) => part !== null).join(' '),
  });
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}
