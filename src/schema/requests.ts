import { z } from 'zod';
import { POLICY_BOUNDS } from '../core/policy.ts';
import { CHANNELS } from '../core/verification.ts';
import { countrySchema, ipSchema, localeSchema, plainText, purposeSchema, stringMap, timeSchema } from './text.ts';

/** Longer strings cannot be an address in any spelling; what is no address among the shorter ones the service decides. */
const LONGEST_ADDRESS = 1_000;

export const channelSchema = z.enum(CHANNELS);
export const modeSchema = z.enum(['live', 'test']);
export const SCOPES = ['send', 'check', 'read', 'admin'] as const;
export const scopeSchema = z.enum(SCOPES);

/** Waits of a ladder, one for each channel after the first; the last one repeats. */
export const channelWaitsSchema = z
  .array(z.int().min(POLICY_BOUNDS.channel_wait_seconds.min).max(POLICY_BOUNDS.channel_wait_seconds.max))
  .max(CHANNELS.length - 1);

/** Where the code goes: a string, `{phone, country?}` or `{email}`. */
export const toSchema = z
  .union([
    z.string().max(LONGEST_ADDRESS),
    z.strictObject({ phone: z.string().max(LONGEST_ADDRESS), country: countrySchema.exactOptional() }),
    z.strictObject({ email: z.string().max(LONGEST_ADDRESS) }),
  ])
  .meta({
    description: 'A phone number (best in E.164) or an e-mail address.',
    examples: ['+14155552671', 'a@b.example'],
  });

export const CONTEXT_BOUNDS = { entries: 10, length: 140 } as const;

export const contextSchema = stringMap(CONTEXT_BOUNDS).meta({
  description: 'Values the code is bound to; the check must repeat them, in any order.',
});

export const startSchema = z.strictObject({
  to: toSchema,
  channel: channelSchema.exactOptional(),
  channels: z
    .array(channelSchema)
    .min(1)
    .max(CHANNELS.length)
    .refine(unique, 'must not repeat a channel')
    .exactOptional(),
  channel_wait_seconds: channelWaitsSchema.exactOptional().meta({
    description:
      'Seconds before the ladder of `channels` goes on to each further one by itself, instead of the policy’s; empty = it does not.',
  }),
  purpose: purposeSchema.exactOptional(),
  locale: localeSchema.exactOptional(),
  context: contextSchema.exactOptional(),
  metadata: stringMap({ entries: 20, length: 500 }).exactOptional(),
  reference: plainText(128).exactOptional(),
  reason: plainText(128)
    .exactOptional()
    .meta({ description: 'Why the code is asked for, for people; records are filtered by it.' }),
  return_url: plainText(2_048).exactOptional(),
  signals: z
    .strictObject({
      ip: ipSchema.exactOptional(),
      user_agent: plainText(512).exactOptional(),
      device_id: plainText(128).exactOptional(),
    })
    .exactOptional(),
  code: z
    .string()
    .min(1)
    .max(64)
    .exactOptional()
    .meta({ description: 'Taken only where the policy says `custom_code`.' }),
});

const codeSchema = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'The code as typed; spaces and hyphens are dropped.' });
const receiptFlag = z.boolean().exactOptional().meta({ description: 'Ask for a signed receipt on approval.' });

export const checkSchema = z.strictObject({
  code: codeSchema,
  context: contextSchema.exactOptional(),
  receipt: receiptFlag,
});

export const checkByDestinationSchema = z.strictObject({
  to: toSchema,
  purpose: purposeSchema.exactOptional(),
  code: codeSchema,
  context: contextSchema.exactOptional(),
  receipt: receiptFlag,
});

export const resendSchema = z.strictObject({
  channel: z
    .enum([...CHANNELS, 'next'])
    .exactOptional()
    .meta({ description: '`next` walks the ladder.' }),
});

/** A body that may be absent or `{}`. */
export const emptySchema = z.strictObject({});

export const personInputSchema = z.strictObject({
  to: toSchema,
  name: plainText(128).exactOptional(),
  reference: plainText(128).exactOptional(),
});

/** A body that only names a destination. */
export const destinationSchema = z.strictObject({ to: toSchema });
export const optionalDestinationSchema = z.strictObject({ to: toSchema.exactOptional() });

export const apiKeyInputSchema = z.strictObject({
  mode: modeSchema,
  scopes: z.array(scopeSchema).min(1).max(SCOPES.length).refine(unique, 'must not repeat a scope'),
  name: plainText(80).exactOptional(),
  expires_at: timeSchema.exactOptional(),
});

export const receiptInputSchema = z.strictObject({ receipt: z.string().min(1).max(10_240) });

/** True when no item occurs twice. */
export function unique(items: readonly unknown[]): boolean {
  return new Set(items).size === items.length;
}
