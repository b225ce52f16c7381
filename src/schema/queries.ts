import { z } from 'zod';
import { ACTOR_TYPES, STATUSES } from '../core/verification.ts';
import { channelSchema } from './requests.ts';
import { countrySchema, cursorSchema, pageLimitSchema, plainText, purposeSchema, timeSchema } from './text.ts';

/** An address in a query. An unescaped `+` arrives as a blank and is read as the plus that was meant. */
const toFilter = z
  .string()
  .min(1)
  .max(1_000)
  .transform((value) => value.replace(/^ (?=\d)/, '+'));

/** A time in a query; the `+` of its zone may have become a blank. */
export const timeFilter = z.preprocess(
  (value) => (typeof value === 'string' ? value.replace(/ (?=\d\d:\d\d$)/, '+') : value),
  timeSchema,
);

/** An actor in a query: its type, or both type and id. */
export const actorFilter = z
  .string()
  .regex(
    new RegExp(`^(?:${ACTOR_TYPES.join('|')})(?::[A-Za-z0-9_-]{1,64})?$`),
    `${ACTOR_TYPES.join(', ')}, or one of them with ":" and an id`,
  );

export const searchQuerySchema = z.strictObject({
  status: z.enum(STATUSES).exactOptional(),
  channel: channelSchema.exactOptional(),
  purpose: purposeSchema.exactOptional(),
  country: countrySchema.exactOptional(),
  to: toFilter.exactOptional(),
  actor: actorFilter.exactOptional(),
  reference: plainText(128).exactOptional(),
  reason: plainText(128).exactOptional(),
  created_after: timeFilter.exactOptional(),
  created_before: timeFilter.exactOptional(),
  limit: pageLimitSchema.exactOptional(),
  cursor: cursorSchema.exactOptional(),
});

export const directoryQuerySchema = z.strictObject({
  to: toFilter.exactOptional(),
  limit: pageLimitSchema.exactOptional(),
  cursor: cursorSchema.exactOptional(),
});

export const toQuerySchema = z.strictObject({ to: toFilter.exactOptional() });

/** A page of a list that has no filters. */
export const pageQuerySchema = z.strictObject({
  limit: pageLimitSchema.exactOptional(),
  cursor: cursorSchema.exactOptional(),
});
