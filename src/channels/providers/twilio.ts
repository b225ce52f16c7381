import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { basicAuth, formRequest } from '../provider/requests.ts';
import type { ProviderSpec } from '../provider/spec.ts';

/** Twilio Programmable Messaging and Voice (https://www.twilio.com/docs/api/errors names the codes). */
export const TWILIO: ProviderSpec = {
  scheme: 'twilio',
  title: 'Twilio',
  channels: ['sms'],
  host: 'api.twilio.com',
  user: 'account SID (AC…)',
  password: 'auth token',
  options: {
    from: {
      doc: 'Sending number (E.164), alphanumeric sender or messaging service SID (MG…).',
      required: true,
      example: '%2B14155292729',
    },
  },
  errors: {
    20003: 'misconfigured',
    20404: 'misconfigured',
    20429: 'rate_limited',
    21211: 'invalid_destination',
    21212: 'misconfigured',
    21408: 'rejected',
    21606: 'misconfigured',
    21610: 'rejected',
    21612: 'invalid_destination',
    21614: 'invalid_destination',
    30450: 'suspected_fraud',
    60410: 'suspected_fraud',
  },
  receipts: 'callback',
  priceUnit: 'per segment',
  request(message, account) {
    const from = account.option('from') ?? '';
    const sender = from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from };
    const url = `/2010-04-01/Accounts/${encodeURIComponent(account.user)}/Messages.json`;
    const fields = { To: message.to, ...sender, Body: message.text };
    return formRequest(url, fields, basicAuth(account.user, account.password));
  },
  outcome(answer, account) {
    if (isSuccess(answer) && member(answer.json, 'sid') !== undefined)
      return acceptedWithId(TWILIO, member(answer.json, 'sid'));
    if (isSuccess(answer)) return acceptedWithId(TWILIO, null);
    return refusal(TWILIO, answer, {
      code: textAt(answer.json, 'code'),
      words: textAt(answer.json, 'message') ?? '',
      secrets: [account.user, account.password],
    });
  },
};
