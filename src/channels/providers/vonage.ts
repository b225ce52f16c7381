import { smsSize } from '../../core/segments.ts';
import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { CALLBACK_SECRET } from '../provider/callback-secret.ts';
import { CALLBACK, secondsLeft, SENDER, withoutPlus } from '../provider/phone.ts';
import { basicAuth, jsonRequest } from '../provider/requests.ts';
import type { ProviderSpec } from '../provider/spec.ts';
import { readVonageReceipt } from './vonage-receipt.ts';

/** Vonage SMS API (https://developer.vonage.com/en/api/sms). It answers 200 to everything; a status per part tells the truth. */
export const VONAGE: ProviderSpec = {
  scheme: 'vonage',
  title: 'Vonage',
  channels: ['sms'],
  host: 'rest.nexmo.com',
  user: 'API key',
  password: 'API secret',
  options: {
    from: { doc: 'Sending number or name.', required: true, pattern: SENDER, example: 'ACME' },
    callback: CALLBACK,
    signature_secret: { doc: 'Signature secret of the account: receipts must be signed with it.' },
    signature_method: {
      doc: 'How receipts are signed: `sha256` (default), `sha512` or `sha1`, each an HMAC.',
      pattern: [/^sha(?:1|256|512)$/, 'sha256, sha512 or sha1'],
    },
    callback_secret: CALLBACK_SECRET,
  },
  errors: {
    1: 'rate_limited',
    2: 'rejected',
    3: 'rejected',
    4: 'misconfigured',
    5: 'unavailable',
    6: 'invalid_destination',
    7: 'rejected',
    8: 'misconfigured',
    9: 'misconfigured',
    10: 'rate_limited',
    11: 'misconfigured',
    12: 'rejected',
    14: 'misconfigured',
    15: 'misconfigured',
    17: 'rejected',
    22: 'rejected',
    23: 'misconfigured',
    29: 'misconfigured',
    32: 'misconfigured',
    33: 'invalid_destination',
  },
  receipts: 'callback',
  tells: { price: 'answer', segments: 'answer' },
  priceUnit: 'per segment, in euros',
  request(message, account) {
    const callback = account.option('callback');
    const body = {
      from: withoutPlus(message.from ?? account.option('from') ?? ''),
      to: withoutPlus(message.to),
      text: message.text,
      type: smsSize(message.text).encoding === 'ucs2' ? 'unicode' : 'text',
      ttl: secondsLeft(message, account, { least: 20, most: 604_800 }) * 1000,
      'client-ref': message.sendId.slice(0, 40),
      ...(callback === null ? {} : { callback }),
    };
    return jsonRequest('/sms/json', body, basicAuth(account.user, account.password));
  },
  outcome(answer, account) {
    const parts = member(answer.json, 'messages');
    const bad = Array.isArray(parts) ? parts.find((part) => textAt(part, 'status') !== '0') : undefined;
    if (isSuccess(answer) && bad === undefined)
      return acceptedWithId(VONAGE, member(answer.json, 'messages', 0, 'message-id'), {
        ...chargeOf(parts),
        currency: 'EUR',
      });
    return refusal(VONAGE, answer, {
      code: textAt(bad, 'status'),
      words: textAt(bad, 'error-text') ?? '',
      secrets: [account.user, account.password],
    });
  },
  report: readVonageReceipt,
};

/** Every part has its price, in euros. */
function chargeOf(parts: unknown): { readonly segments: string | null; readonly amount: string | null } {
  if (!Array.isArray(parts)) return { segments: null, amount: null };
  const prices = parts.map((part) => Number(textAt(part, 'message-price') ?? Number.NaN));
  const sum = prices.reduce((total, price) => total + price, 0);
  return { segments: String(parts.length), amount: Number.isFinite(sum) ? String(Number(sum.toFixed(8))) : null };
}
