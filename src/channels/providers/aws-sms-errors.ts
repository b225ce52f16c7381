import type { FailureKind } from '../../ports/channel.ts';
import { AWS_ERRORS } from '../provider/aws.ts';

/** Types of error of SendTextMessage and their reasons, as far as they can meet a text message. */
export const AWS_SMS_ERRORS = {
  ...AWS_ERRORS,
  ConflictException: 'rejected',
  InternalServerException: 'unavailable',
  ResourceNotFoundException: 'misconfigured',
  ServiceQuotaExceededException: 'rate_limited',
  ValidationException: 'rejected',
  'ValidationException (DestinationPhoneNumber)': 'invalid_destination',
  // Access
  ACCOUNT_DISABLED: 'misconfigured',
  INSUFFICIENT_ACCOUNT_REPUTATION: 'misconfigured',
  // Conflict: NOT_VERIFIED is what an account in the sandbox hears
  DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION: 'rejected',
  DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE: 'rejected',
  DESTINATION_PHONE_NUMBER_NOT_VERIFIED: 'misconfigured',
  DESTINATION_PHONE_NUMBER_OPTED_OUT: 'rejected',
  MESSAGE_TYPE_MISMATCH: 'misconfigured',
  NO_ORIGINATION_IDENTITIES_FOUND: 'misconfigured',
  NUMBER_CAPABILITIES_MISMATCH: 'misconfigured',
  RESOURCE_NOT_ACTIVE: 'misconfigured',
  // Quota
  MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT: 'misconfigured',
  // Validation
  CHANNEL_NOT_ENABLED: 'misconfigured',
  COUNTRY_CODE_MISMATCH: 'rejected',
  COUNTRY_NOT_ENABLED: 'rejected',
  DESTINATION_COUNTRY_BLOCKED: 'rejected',
  INTERNATIONAL_SENDING_NOT_SUPPORTED: 'rejected',
  INVALID_IDENTITY_FOR_DESTINATION_COUNTRY: 'misconfigured',
  MAXIMUM_SIZE_EXCEEDED: 'rejected',
  MISSING_PARAMETER: 'misconfigured',
  PRICE_OVER_THRESHOLD: 'rejected',
  RESOURCE_NOT_ACCESSIBLE: 'misconfigured',
  SENDER_ID_NOT_REGISTERED: 'misconfigured',
  SENDER_ID_NOT_SUPPORTED: 'misconfigured',
  SENDER_ID_REQUIRES_REGISTRATION: 'misconfigured',
} as const satisfies Record<string, FailureKind>;
