import { textAt } from '../provider/answers.ts';
import { phoneReports } from '../provider/phone.ts';
import { basicAuth } from '../provider/requests.ts';
import type { PollSpec } from '../provider/spec.ts';
import { STOPPED, TWILIO_STATUSES } from './twilio-report.ts';

/** Asks for a message or call (https://www.twilio.com/docs/messaging/api/message-resource#fetch-a-message-resource); its price comes last. */
export const TWILIO_POLL: PollSpec = {
  isNeeded: (account) => account.option('poll') === '1',
  request(messageId, account) {
    const owner = encodeURIComponent(account.option('account') ?? account.user);
    const resource = messageId.startsWith('CA') ? 'Calls' : 'Messages';
    return {
      method: 'GET',
      url: `/2010-04-01/Accounts/${owner}/${resource}/${encodeURIComponent(messageId)}.json`,
      headers: basicAuth(account.user, account.password),
    };
  },
  read({ json }, messageId) {
    const code = textAt(json, 'error_code');
    // Charges are negative amounts.
    const amount = textAt(json, 'price')?.replace(/^-/, '') ?? null;
    const [report = null] = phoneReports('Twilio', TWILIO_STATUSES, {
      messageId,
      status: textAt(json, 'status'),
      code,
      segments: textAt(json, 'num_segments'),
      price: { amount, currency: textAt(json, 'price_unit')?.toUpperCase() ?? null },
      suppress: code === STOPPED ? 'stop' : null,
    });
    return { report, done: report !== null && report.status !== 'sent' && amount !== null };
  },
};
