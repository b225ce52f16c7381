import { parseIp } from '../../../core/ip.ts';
import type { ChannelName, StringMap } from '../../../core/verification.ts';
import type { StartInput } from '../../../service/api.ts';
import type { Fields } from '../fields.ts';
import type { TwilioErrorName } from './errors.ts';

/** What a parameter makes of a start, or which error it is and why. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: TwilioErrorName; readonly about: string };

const CHANNELS: Readonly<Record<string, ChannelName>> = {
  sms: 'sms',
  call: 'voice',
  email: 'email',
  whatsapp: 'whatsapp',
};
/** Parameters that change the message or the channel in ways that have no counterpart: obeyed or refused, never dropped. */
const REFUSED = [
  'CustomFriendlyName',
  'CustomMessage',
  'TemplateSid',
  'TemplateCustomSubstitutions',
  'SendDigits',
  'AppHash',
  'ChannelConfiguration',
  'EnableSnaClientToken',
  'SnaClientToken',
] as const;
const LONGEST = { To: 320, Code: 64, CustomCode: 64, Amount: 140, Payee: 140, Locale: 35, DeviceIp: 45 } as const;
const LOCALE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;
/** The one programmable limit there is: starts by the end user's address. */
export const IP_LIMIT = 'end_user_ip_address';
const MOST_TAGS = 10;
const LONGEST_TAG = 128;

/** A text parameter; undefined when it is not there. */
export function text(fields: Fields, name: keyof typeof LONGEST): Read<string | undefined> {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined || value === '') return { ok: true, value: undefined };
  if (typeof value !== 'string' || value.length > LONGEST[name]) return invalid(`\`${name}\` is too long`);
  return { ok: true, value: value.trim() };
}

export function invalid(about: string): Read<never> {
  return { ok: false, error: 'parameter', about };
}

/** The parameter by which something unsupported is asked for, or null. */
export function unsupported(fields: Fields): string | null {
  return REFUSED.find((name) => Object.hasOwn(fields, name) && fields[name] !== '' && fields[name] !== '{}') ?? null;
}

/** The start that `Verifications` asks for. */
export function startOf(fields: Fields): Read<StartInput> {
  const refused = unsupported(fields);
  if (refused !== null) return { ok: false, error: 'unsupported', about: `\`${refused}\`` };
  const to = required(fields, 'To');
  if (!to.ok) return to;
  const channel = channelOf(fields['Channel']);
  if (!channel.ok) return channel;
  const parts = [codePart(fields), localePart(fields), contextPart(fields), signalsPart(fields), tagsPart(fields)];
  const bad = parts.find((part) => !part.ok);
  if (bad !== undefined && !bad.ok) return bad;
  const rest = Object.assign({}, ...parts.map((part) => (part.ok ? part.value : {}))) as Partial<StartInput>;
  return { ok: true, value: { to: to.value, channel: channel.value, ...rest } };
}

export function required(fields: Fields, name: keyof typeof LONGEST): Read<string> {
  const read = text(fields, name);
  if (!read.ok) return read;
  return read.value === undefined ? invalid(`\`${name}\` is required`) : { ok: true, value: read.value };
}

function channelOf(value: unknown): Read<ChannelName> {
  if (value === undefined || value === '') return invalid('`Channel` is required');
  const channel = typeof value === 'string' ? CHANNELS[value.toLowerCase()] : undefined;
  return channel === undefined
    ? invalid('`Channel` is none of sms, call, email, whatsapp')
    : { ok: true, value: channel };
}

type Part = Read<Partial<StartInput>>;

function codePart(fields: Fields): Part {
  const code = text(fields, 'CustomCode');
  return code.ok ? { ok: true, value: code.value === undefined ? {} : { code: code.value } } : code;
}

function localePart(fields: Fields): Part {
  const locale = text(fields, 'Locale');
  if (!locale.ok || locale.value === undefined) return locale.ok ? { ok: true, value: {} } : locale;
  return LOCALE.test(locale.value)
    ? { ok: true, value: { locale: locale.value } }
    : invalid('`Locale` is no language tag');
}

function contextPart(fields: Fields): Part {
  const context = contextOf(fields);
  return context.ok ? { ok: true, value: context.value === null ? {} : { context: context.value } } : context;
}

/** Amount and payee of a transaction: both or neither. The code is good for these only. */
export function contextOf(fields: Fields): Read<StringMap | null> {
  const [amount, payee] = [text(fields, 'Amount'), text(fields, 'Payee')];
  if (!amount.ok) return amount;
  if (!payee.ok) return payee;
  if (amount.value === undefined && payee.value === undefined) return { ok: true, value: null };
  if (amount.value === undefined || payee.value === undefined) return { ok: false, error: 'transaction', about: '' };
  return hasControls(amount.value) || hasControls(payee.value)
    ? invalid('`Amount` and `Payee` must not contain control characters')
    : { ok: true, value: { amount: amount.value, payee: payee.value } };
}

/** The address that `signal_ip` counts: `DeviceIp`, or the rate limit of that name. Other names would not be counted: refused. */
function signalsPart(fields: Fields): Part {
  const device = text(fields, 'DeviceIp');
  if (!device.ok) return device;
  const limits = mapOf(fields['RateLimits']);
  if (limits === null) return invalid('`RateLimits` is no JSON object of texts');
  const unknown = Object.keys(limits).find((name) => name !== IP_LIMIT);
  if (unknown !== undefined)
    return invalid('`RateLimits` names a limit that is not there; there is end_user_ip_address');
  const ip = limits[IP_LIMIT] ?? device.value;
  if (ip === undefined) return { ok: true, value: {} };
  return parseIp(ip) === null ? invalid('`DeviceIp` is no IP address') : { ok: true, value: { signals: { ip } } };
}

function tagsPart(fields: Fields): Part {
  const tags = mapOf(fields['Tags']);
  if (tags === null) return invalid('`Tags` is no JSON object of texts');
  const entries = Object.entries(tags);
  const fits = ([name, value]: [string, string]): boolean =>
    name !== '' && name.length <= 40 && value.length <= LONGEST_TAG && !hasControls(name + value);
  if (entries.length > MOST_TAGS || !entries.every(fits)) return invalid('`Tags` has too many or too long entries');
  return { ok: true, value: entries.length === 0 ? {} : { metadata: tags } };
}

/** A JSON object of texts; empty when there is none, null when it is something else. */
function mapOf(value: unknown): Record<string, string> | null {
  if (value === undefined || value === '') return {};
  if (typeof value !== 'string') return null;
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
    const entries = Object.entries(parsed);
    return entries.every(([name, text]) => typeof text === 'string' && name !== '__proto__')
      ? (Object.fromEntries(entries) as Record<string, string>)
      : null;
  } catch {
    return null;
  }
}

function hasControls(value: string): boolean {
  return /\p{Cc}/u.test(value);
}
