import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { CALLBACK_SECRET } from '../provider/callback-secret.ts';
import { CALLBACK, SENDER, withoutPlus } from '../provider/phone.ts';
import { basicAuth, jsonRequest } from '../provider/requests.ts';
import type { ProviderSpec } from '../provider/spec.ts';
import { readPlivoReport } from './plivo-report.ts';

/**
 * Plivo Messaging (https://www.plivo.com/docs/messaging/api/message). It has no error codes for a refused request, only statuses; its
 * codes of failed deliveries come in receipts.
 */
export const PLIVO: ProviderSpec = {
  scheme: 'plivo',
  title: 'Plivo',
  channels: ['sms'],
  host: 'api.plivo.com',
  user: 'auth ID (MA… or SA…)',
  password: 'auth token',
  options: {
    from: { doc: 'Sending number, short code or name.', pattern: SENDER, required: true, example: '14155292729' },
    callback: CALLBACK,
    signature: {
      doc: '`v3` (default) or `v2`: which signature of a receipt is believed. `v2` does not cover the content and also wants `callback_secret`.',
      pattern: [/^v[23]$/, 'v3 or v2'],
    },
    callback_secret: CALLBACK_SECRET,
  },
  errors: {
    400: 'rejected',
    401: 'misconfigured',
    402: 'misconfigured',
    403: 'misconfigured',
    404: 'misconfigured',
    405: 'misconfigured',
    429: 'rate_limited',
    500: 'unavailable',
    invalid_number: 'invalid_destination',
  },
  receipts: 'callback',
  tells: { price: 'report', segments: 'report' },
  priceUnit: 'per segment, in US dollars',
  request(message, account) {
    const callback = account.option('callback');
    const body = {
      src: message.from ?? account.option('from') ?? '',
      dst: withoutPlus(message.to),
      text: message.text,
      type: 'sms',
      // Or the text would stand in Plivo's logs.
      log: false,
      ...(callback === null ? {} : { url: callback, method: 'POST' }),
    };
    const url = `/v1/Account/${encodeURIComponent(account.user)}/Message/`;
    return jsonRequest(url, body, basicAuth(account.user, account.password));
  },
  outcome(answer, account) {
    const secrets = [account.user, account.password];
    if (!isSuccess(answer)) {
      const words = textAt(answer.json, 'error') ?? textAt(answer.json, 'error', 'error') ?? '';
      return refusal(PLIVO, answer, { code: String(answer.status), words, secrets });
    }
    const id = member(answer.json, 'message_uuid', 0);
    if (id === undefined && member(answer.json, 'invalid_number', 0) !== undefined)
      return refusal(PLIVO, answer, { code: 'invalid_number', secrets });
    return acceptedWithId(PLIVO, id);
  },
  report: readPlivoReport,
};
