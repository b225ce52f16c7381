import type { Failure, Message } from '../../ports/channel.ts';
import { failure } from '../outcome.ts';
import { secondsLeft } from '../provider/phone.ts';
import type { Account } from '../provider/spec.ts';
import { speechLanguage } from '../provider/speech.ts';

/** Which resource of the API is made, with which fields; null fields are left out. */
export interface TwilioForm {
  readonly resource: 'Messages' | 'Calls';
  readonly fields: Readonly<Record<string, string | null>>;
}

/** How long a phone rings, seconds: most mailboxes answer later. */
const RING_SECONDS = 30;

/** Languages of `<Say>` (https://www.twilio.com/docs/voice/twiml/say). */
const LANGUAGES = (
  'af-ZA am-ET ar-AE ar-XA arb bg-BG bn-IN ca-ES cmn-CN cmn-TW cs-CZ cy-GB da-DK de-AT de-DE el-GR en-AU en-CA en-GB en-IE en-IN ' +
  'en-NZ en-US en-ZA es-ES es-MX es-US fi-FI fil-PH fr-BE fr-CA fr-FR gu-IN he-IL hi-IN hu-HU id-ID is-IS it-IT ja-JP kn-IN ko-KR ' +
  'lv-LV ml-IN mr-IN ms-MY nb-NO nl-BE nl-NL pa-IN pl-PL pt-BR pt-PT ro-RO ru-RU sk-SK sr-RS sv-SE ta-IN te-IN th-TH tr-TR uk-UA ' +
  'vi-VN yue-HK zh-CN zh-HK zh-TW'
).split(' ');

/** The form that a message becomes, or why it cannot become one. */
export function twilioForm(message: Message, account: Account): TwilioForm | Failure {
  const from = message.from ?? account.option('from') ?? '';
  const StatusCallback = account.option('callback');
  if (message.channel === 'voice') return call(message, { from, StatusCallback, voice: account.option('voice') });
  const to = message.channel === 'whatsapp' ? `whatsapp:${message.to}` : message.to;
  const sender = senderFields(message, from);
  if (sender === null) return failure('misconfigured', 'final', 'Twilio: WhatsApp needs a number or MG… as sender');
  const ValidityPeriod =
    message.channel === 'sms' ? String(secondsLeft(message, account, { least: 10, most: 36_000 })) : null;
  const content = message.channel === 'whatsapp' ? templateFields(message, account) : null;
  const fields = { To: to, ...sender, ...(content ?? { Body: message.text }), StatusCallback, ValidityPeriod };
  return { resource: 'Messages', fields };
}

function senderFields({ channel }: Message, from: string): Readonly<Record<string, string>> | null {
  if (/^MG[0-9a-f]{32}$/i.test(from)) return { MessagingServiceSid: from };
  if (channel === 'sms') return { From: from };
  return isNumber(from) ? { From: `whatsapp:${from}` } : null;
}

/** The template of the message's language, else of none, else the first; null when the account has no templates. */
function templateFields(message: Message, account: Account): Readonly<Record<string, string>> | null {
  const option = account.option('content');
  if (option === null) return null;
  const templates = option.split(',').map((entry) => entry.split(':').toReversed());
  const locale = message.locale.toLowerCase();
  const wanted = [locale, locale.split('-')[0], undefined];
  const found = wanted.map((tag) => templates.find(([, language]) => language?.toLowerCase() === tag));
  const sid = (found.find((template) => template !== undefined) ?? templates[0])?.[0] ?? '';
  return { ContentSid: sid, ContentVariables: JSON.stringify({ 1: message.code.reveal() }) };
}

function call(
  message: Message,
  {
    from,
    StatusCallback,
    voice,
  }: { readonly from: string; readonly StatusCallback: string | null; readonly voice: string | null },
): TwilioForm | Failure {
  if (!isNumber(from)) return failure('misconfigured', 'final', 'Twilio: a call needs a number as sender');
  const language = speechLanguage(message.locale, LANGUAGES);
  if (language === null) return failure('rejected', 'final', 'Twilio: no voice speaks this language');
  const speaker = voice === null ? '' : ` voice="${voice}"`;
  const Twiml = `<Response><Pause length="1"/><Say language="${language}"${speaker}>${xmlText(message.text)}</Say></Response>`;
  return {
    resource: 'Calls',
    fields: { To: message.to, From: from, Twiml, Timeout: String(RING_SECONDS), StatusCallback },
  };
}

function isNumber(from: string): boolean {
  return /^\+[1-9]\d{5,14}$/.test(from);
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
