import { z } from 'zod';
import type { ProviderTestView } from '../core/provider-views.ts';
import { channelSchema, toSchema } from './requests.ts';
import { maskedDestinationSchema } from './resources.ts';

const count = z.int().min(0);
const seconds = z.number().min(0).nullable();
const conversion = z.number().min(0).nullable().meta({ description: 'Approved of sent; null when nothing was sent.' });
const part = z.object({ sent: count, approved: count, conversion });
const measured = {
  sent: count,
  delivered: count,
  undelivered: count,
  approved: count,
  conversion,
  seconds_to_accept: seconds,
  seconds_to_approve: seconds,
};

/** A provider as `GET /v1/providers` shows it. */
export const providerSchema = z.object({
  object: z.literal('provider'),
  name: z.string(),
  channel: channelSchema,
  state: z.enum(['working', 'resting']),
  resting_until: z.iso.datetime().nullable(),
  receipts: z.enum(['callback', 'connection', 'question', 'none']),
  price: z.string().nullable(),
  price_currency: z.string().nullable(),
  route: z.object({
    countries: z.array(z.string()),
    prefixes: z.array(z.string()),
    purposes: z.array(z.string()),
    weight: z.int().nullable(),
    adaptive: z.int().nullable(),
    by_price: z.boolean(),
    max_price: z.number().nullable(),
  }),
  measured: z.object(measured),
  compared: z.object({ held_out: part, adapted: part }).nullable(),
  countries: z.array(z.object({ country: z.string().nullable(), ...measured })),
});

/** `POST /v1/providers/test` */
export const providerTestSchema = z.strictObject({
  channel: channelSchema,
  provider: z.string().min(1).max(200).meta({ description: 'Its name, as `GET /v1/providers` tells it.' }),
  to: toSchema,
});

export const providerTestViewSchema = z.object({
  object: z.literal('provider_test'),
  provider: z.string(),
  channel: channelSchema,
  to: maskedDestinationSchema,
  accepted: z.boolean(),
  message_id: z.string().nullable(),
  detail: z.string().nullable(),
}) satisfies z.ZodType<ProviderTestView>;
