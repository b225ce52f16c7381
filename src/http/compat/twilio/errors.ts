import type { ErrorCode, Problem } from '../../../core/errors.ts';

/** One of Twilio's numbers, with the status it comes with. */
interface TwilioError {
  readonly code: number;
  readonly status: number;
  readonly message: string;
}

/** Facts of Twilio's error dictionary; the sentences are ours. */
export const TWILIO_ERRORS = {
  unauthenticated: { code: 20003, status: 401, message: 'Authenticate with the account SID and an API key.' },
  method: { code: 20004, status: 405, message: 'This resource does not take the method.' },
  forbidden: { code: 20403, status: 403, message: 'This API key may not do that.' },
  missing: { code: 20404, status: 404, message: 'The requested resource was not found.' },
  tooLarge: { code: 20413, status: 413, message: 'The request is too large.' },
  mediaType: { code: 20415, status: 415, message: 'Parameters are sent as application/x-www-form-urlencoded.' },
  tooMany: { code: 20429, status: 429, message: 'Too many requests.' },
  unavailable: { code: 20503, status: 503, message: 'The service cannot answer now.' },
  unsubscribed: { code: 21610, status: 400, message: 'The recipient wants no messages.' },
  parameter: { code: 60200, status: 400, message: 'Invalid parameter' },
  maxChecks: { code: 60202, status: 429, message: 'Max check attempts reached.' },
  maxSends: { code: 60203, status: 429, message: 'Max send attempts reached.' },
  unsupported: { code: 60204, status: 403, message: 'The service does not support this feature' },
  landline: { code: 60205, status: 403, message: 'A landline takes no SMS.' },
  transaction: { code: 60206, status: 400, message: 'Amount and Payee are needed.' },
  tooSoon: { code: 60212, status: 429, message: 'Too many concurrent requests for this phone number.' },
  channel: { code: 60223, status: 403, message: 'The delivery channel is not available.' },
  blocked: { code: 60410, status: 403, message: 'The delivery attempt was blocked.' },
  country: { code: 60605, status: 403, message: 'The destination is in a country that is closed.' },
} as const satisfies Readonly<Record<string, TwilioError>>;

export type TwilioErrorName = keyof typeof TWILIO_ERRORS;

const BY_CODE: Readonly<Record<ErrorCode, TwilioErrorName>> = {
  invalid_request: 'parameter',
  invalid_code_format: 'parameter',
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  country_not_allowed: 'country',
  challenge_required: 'blocked',
  budget_exhausted: 'tooMany',
  sends_stopped: 'tooMany',
  verification_not_found: 'missing',
  not_found: 'missing',
  method_not_allowed: 'method',
  verification_closed: 'missing',
  idempotency_mismatch: 'tooMany',
  idempotency_in_progress: 'tooMany',
  conflict: 'forbidden',
  payload_too_large: 'tooLarge',
  unsupported_media_type: 'mediaType',
  invalid_destination: 'parameter',
  unreachable_destination: 'parameter',
  channel_unavailable: 'channel',
  recipient_unknown: 'parameter',
  destination_suppressed: 'unsubscribed',
  send_cooldown: 'tooSoon',
  limit_exceeded: 'tooMany',
  unavailable: 'unavailable',
};

/** Limits by what they count; the others are rates. */
const BY_LIMIT: Readonly<Record<string, TwilioErrorName>> = {
  max_sends: 'maxSends',
  destination_sends: 'maxSends',
  known_device_sends: 'maxSends',
  destination_failures: 'maxChecks',
  destination_consecutive_failures: 'maxChecks',
};

/** Which of Twilio's errors a refusal is. */
export function twilioErrorOf({ code, limit, errors }: Problem): TwilioErrorName {
  if (errors?.[0]?.code === 'landline') return 'landline';
  return (limit === undefined ? undefined : BY_LIMIT[limit.name]) ?? BY_CODE[code];
}
