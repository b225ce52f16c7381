import type { ErrorCode } from '../../core/errors.ts';

/** The way on from each refusal. The type demands one for every code. */
export const ERROR_ADVICE: Readonly<Record<ErrorCode, string>> = {
  invalid_request: 'Correct the fields that `errors` names.',
  invalid_code_format: 'Ask for the code again; nothing was counted.',
  unauthenticated: 'Send `Authorization: Bearer` with a key that is not revoked.',
  forbidden: 'Use a key with the scope that the call names, or change the policy.',
  country_not_allowed: 'Add the country to `countries` of the application.',
  sends_stopped: 'Have an administrator start the sends again.',
  budget_exhausted: 'Raise the budget, or send the same request the next day.',
  verification_not_found: 'Check the id and the key; start a new verification.',
  not_found: 'Check the path and the id.',
  method_not_allowed: 'Use a method that `Allow` lists.',
  verification_closed: 'Start a new verification.',
  idempotency_mismatch: 'Give every request its own key.',
  idempotency_in_progress: 'Send the same request again after a second.',
  conflict: 'Choose another name, or change the configuration file.',
  payload_too_large: 'Send a smaller body.',
  unsupported_media_type: 'Send JSON and say so in `Content-Type`.',
  invalid_destination: 'Ask the user to correct the number or address.',
  unreachable_destination: 'Ask the user for another number.',
  channel_unavailable: 'Choose another channel, or configure a provider.',
  recipient_unknown: 'Add the person to the directory first.',
  destination_suppressed: 'Use another destination; lift the suppression only when the person asks for it.',
  send_cooldown: 'Wait for `Retry-After`, then send the same request.',
  limit_exceeded: 'Wait for `Retry-After`, then send the same request.',
  unavailable: 'Wait for `Retry-After`, then send the same request.',
};
