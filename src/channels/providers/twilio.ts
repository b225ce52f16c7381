import { acceptedWithId, isSuccess, member, refusal, textAt } from '../provider/answers.ts';
import { CALLBACK } from '../provider/phone.ts';
import { basicAuth, formRequest } from '../provider/requests.ts';
import type { Account, ProviderSpec } from '../provider/spec.ts';
import { TWILIO_ERRORS } from './twilio-errors.ts';
import { twilioForm } from './twilio-forms.ts';
import { TWILIO_POLL } from './twilio-poll.ts';
import { readTwilioReport } from './twilio-report.ts';

const REFUSED_AT_ONCE: readonly string[] = ['failed', 'undelivered', 'canceled'];

/** Twilio Programmable Messaging and Voice (https://www.twilio.com/docs/messaging/api, https://www.twilio.com/docs/voice/api). */
export const TWILIO: ProviderSpec = {
  scheme: 'twilio',
  title: 'Twilio',
  channels: ['sms', 'voice', 'whatsapp'],
  host: 'api.twilio.com',
  user: 'account SID (AC…) or API key SID (SK…)',
  password: 'auth token or API key secret',
  options: {
    from: {
      doc: 'Sending number (E.164); for SMS also a short code, an alphanumeric sender or a messaging service SID (MG…).',
      required: true,
      pattern: [
        /^(?:MG[0-9a-f]{32}|\+?\d{3,15}|[\w &+-]{1,11})$/i,
        'a number, a name of up to 11 characters or MG and 32 hex digits',
      ],
      example: '%2B14155292729',
    },
    callback: CALLBACK,
    account: {
      doc: 'Account SID, when the user is an API key.',
      pattern: [/^AC[0-9a-f]{32}$/i, 'AC and 32 hex digits'],
    },
    auth_token: { doc: 'Auth token that signs receipts, when the password is the secret of an API key.' },
    content: {
      doc: 'WhatsApp: SID of the approved template whose variable 1 is the code; several by language: `HX…,de:HX…`.',
      pattern: [
        /^(?:[a-z0-9-]{2,20}:)?HX[0-9a-f]{32}(?:,(?:[a-z0-9-]{2,20}:)?HX[0-9a-f]{32})*$/i,
        'HX and 32 hex digits, or a list of language:HX…',
      ],
    },
    poll: {
      doc: '`1` = ask for each message’s state and price some time after: callbacks tell no price, and need a public address.',
      pattern: [/^1$/, '1'],
    },
    voice: {
      doc: 'Voice of calls, e.g. `Polly.Joanna-Neural`; the account’s own without it.',
      pattern: [/^[\p{L}\d.-]{2,60}$/u, 'the name of a voice'],
    },
  },
  errors: TWILIO_ERRORS,
  onlyCode: (account, channel) => channel === 'whatsapp' && account.option('content') !== null,
  receipts: 'callback',
  tells: { price: 'question', segments: 'answer' },
  priceUnit: 'per SMS segment, per WhatsApp message, per started call minute',
  request(message, account) {
    const form = twilioForm(message, account);
    if ('type' in form) return form;
    const owner = account.option('account') ?? account.user;
    const url = `/2010-04-01/Accounts/${encodeURIComponent(owner)}/${form.resource}.json`;
    return formRequest(url, form.fields, basicAuth(account.user, account.password));
  },
  outcome(answer, account) {
    const { json } = answer;
    const secrets = secretsOf(account);
    // A message can be made and refused at once: then its own code counts, not the 201.
    const isRefused = REFUSED_AT_ONCE.includes(textAt(json, 'status') ?? '');
    if (isSuccess(answer) && !isRefused)
      return acceptedWithId(TWILIO, member(json, 'sid'), { segments: textAt(json, 'num_segments') });
    if (!isSuccess(answer)) return refusal(TWILIO, answer, { ...words(json, 'code', 'message'), secrets });
    return refusal(TWILIO, { ...answer, status: 400 }, { ...words(json, 'error_code', 'error_message'), secrets });
  },
  report: readTwilioReport,
  poll: TWILIO_POLL,
};

function words(json: unknown, code: string, text: string): { readonly code: string | null; readonly words: string } {
  return { code: textAt(json, code), words: textAt(json, text) ?? '' };
}

function secretsOf(account: Account): readonly string[] {
  return [account.user, account.password, account.option('account') ?? '', account.option('auth_token') ?? ''];
}
