import type { FailureKind } from '../../ports/channel.ts';

/**
 * Codes of the Graph API that can meet a template message.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
export const WHATSAPP_ERRORS = {
  // Access
  0: 'misconfigured',
  3: 'misconfigured',
  10: 'misconfigured',
  190: 'misconfigured',
  200: 'misconfigured',
  // Pace
  4: 'rate_limited',
  80007: 'rate_limited',
  130429: 'rate_limited',
  131048: 'rate_limited',
  131056: 'rate_limited',
  // Policy
  368: 'misconfigured',
  130497: 'rejected',
  131031: 'misconfigured',
  // The request, the account, the person
  1: 'unavailable',
  2: 'unavailable',
  33: 'misconfigured',
  100: 'rejected',
  130472: 'rejected',
  131000: 'unavailable',
  131005: 'misconfigured',
  131008: 'rejected',
  131009: 'rejected',
  131016: 'unavailable',
  131021: 'invalid_destination',
  131026: 'invalid_destination',
  // The test number of a new account writes only to numbers on its list
  131030: 'misconfigured',
  131042: 'misconfigured',
  131045: 'misconfigured',
  131047: 'rejected',
  131049: 'rejected',
  131050: 'rejected',
  131051: 'rejected',
  131057: 'unavailable',
  // The template
  132000: 'misconfigured',
  132001: 'misconfigured',
  132005: 'misconfigured',
  132007: 'misconfigured',
  132012: 'misconfigured',
  132015: 'misconfigured',
  132016: 'misconfigured',
  // The sender's registration
  133000: 'misconfigured',
  133004: 'unavailable',
  133006: 'misconfigured',
  133010: 'misconfigured',
  135000: 'rejected',
} as const satisfies Record<string, FailureKind>;
