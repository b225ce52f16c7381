import { z } from 'zod';
import { CHANNELS } from '../core/verification.ts';
import { applicationSchema } from './application.ts';
import { limitsSchema } from './limits.ts';
import { phoneVerificationSchema } from './phone-verification.ts';
import { policySchema } from './policy.ts';
import { templateInputSchema } from './templates.ts';
import { purposeSchema } from './text.ts';

const providersSchema = z.strictObject(
  Object.fromEntries(CHANNELS.map((name) => [name, z.array(z.string().min(1).max(2_048)).max(10).exactOptional()])),
) as z.ZodType<Partial<Record<(typeof CHANNELS)[number], string[]>>>;

/** As many as an application may have in all. */
const MOST_TEMPLATES = 200;

const configuredApplicationSchema = z.strictObject({
  ...applicationSchema.shape,
  policies: z.record(purposeSchema, policySchema).exactOptional(),
  templates: z.array(templateInputSchema).max(MOST_TEMPLATES).exactOptional(),
  providers: providersSchema.exactOptional(),
});

/** The file named by WATCHWORD_CONFIG. Providers are checked by shape only: what a DSN may say the channels know. */
export const configSchema = z.strictObject({
  limits: limitsSchema.exactOptional(),
  phone_verification: phoneVerificationSchema.exactOptional(),
  applications: z
    .array(configuredApplicationSchema)
    .max(1_000)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'names must be different')
    .exactOptional(),
});

export type Config = z.output<typeof configSchema>;
export type ConfiguredApplication = NonNullable<Config['applications']>[number];
