import { z } from 'zod';
import { POLICY_BOUNDS } from '../core/policy.ts';
import { brandSchema } from './application.ts';

const whole = ({ min, max }: { readonly min: number; readonly max: number }): z.ZodInt => z.int().min(min).max(max);
const life = whole(POLICY_BOUNDS.ttl_seconds).exactOptional();
/** Codes shorter than the policy takes are told by the rule about MIN_TOKEN_LENGTH, which comes first. */
const length = whole({ min: 1, max: POLICY_BOUNDS.code_length.max });

/** The settings of django-phone-verify by their own names, as `phone_verification` of the configuration file. */
export const phoneVerificationSchema = z
  .strictObject({
    BACKEND: z.string().min(1).max(2_048),
    OPTIONS: z.record(z.string().max(40), z.string().max(500)),
    TOKEN_LENGTH: length,
    MIN_TOKEN_LENGTH: length.exactOptional(),
    MESSAGE: z.string().min(1).max(500),
    APP_NAME: brandSchema,
    SECURITY_CODE_EXPIRATION_SECONDS: life,
    /** Its names before 3.0, and before 1.0. */
    SECURITY_CODE_EXPIRATION_TIME: life,
    OTP_EXPIRATION_TIME: life,
    /** `OPTIONS/SANDBOX_TOKEN` before 1.0. */
    TWILIO_SANDBOX_TOKEN: z.string().max(500).exactOptional(),
    VERIFY_SECURITY_CODE_ONLY_ONCE: z.boolean(),
    MAX_FAILED_ATTEMPTS: whole(POLICY_BOUNDS.max_checks).exactOptional(),
    RECORD_RETENTION_DAYS: whole(POLICY_BOUNDS.retention_days).exactOptional(),
  })
  // Also where something else is wrong: what is missing is named all at once.
  .refine(hasLife, { path: ['SECURITY_CODE_EXPIRATION_SECONDS'], message: 'is required', when: () => true });

const LIFE_NAMES = ['SECURITY_CODE_EXPIRATION_SECONDS', 'SECURITY_CODE_EXPIRATION_TIME', 'OTP_EXPIRATION_TIME'];

function hasLife(block: unknown): boolean {
  if (typeof block !== 'object' || block === null) return true;
  return LIFE_NAMES.some((name) => name in block);
}

export type PhoneVerification = z.output<typeof phoneVerificationSchema>;
