import type { Problem } from '../../../core/errors.ts';
import { refusal } from '../answer.ts';
import { basic, type FacadeExchange, type Speech } from '../facade.ts';
import { withHeader, type Reply } from '../../reply.ts';
import { TWILIO_ERRORS, twilioErrorOf, type TwilioErrorName } from './errors.ts';

/** Basic authentication by account SID and API key, forms in, JSON out, numbered errors. */
export const TWILIO: Speech = {
  dialect: 'twilio',
  path: /^\/twilio(?:\/|$)/,
  takes: ['form'],
  credentials: basic,
  owns: ({ caller, credentials, service }) =>
    credentials.account === service.applications.sids(caller.application).account_sid,
  refuse: (exchange, problem) => {
    const name = twilioErrorOf(problem);
    const named = name === 'parameter' || name === 'channel' || name === 'unavailable';
    const reply = refuseAs(exchange, name, named ? problem.detail : '', problem);
    if (problem.limit !== undefined) return withHeader(reply, 'twilio-reached-rate-limit', problem.limit.name);
    return name === 'unauthenticated' ? withHeader(reply, 'www-authenticate', 'Basic realm="Twilio API"') : reply;
  },
};

/** Refuses with one of Twilio's errors; `about` is added to its sentence. */
export function refuseAs(
  exchange: FacadeExchange,
  name: TwilioErrorName,
  about = '',
  problem: Problem = { code: 'invalid_request', detail: '' },
): Reply {
  const { code, status, message } = TWILIO_ERRORS[name];
  const sentence = about === '' ? message : `${message.replace(/\.$/, '')}: ${about}`;
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  return refusal(exchange, problem, status, { code, message: sentence, more_info, status });
}
