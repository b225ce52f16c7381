import { z } from 'zod';
import type { StatsView } from '../core/insight-views.ts';
import { DIMENSIONS } from '../core/insights.ts';

const day = z.iso.date();
const groups = ['day', ...DIMENSIONS] as const;
const count = z.int().min(0);
const counts = z.record(z.string(), count);

/** `GET /v1/stats`. */
export const statsQuerySchema = z.strictObject({
  from: day.meta({ description: 'First day, UTC.' }),
  to: day.meta({ description: 'Last day, UTC.' }),
  group_by: z.enum(groups).exactOptional(),
});

const row = z.object({
  key: z.string(),
  started: count,
  sent: count.meta({ description: 'Messages that a provider took.' }),
  delivered: count,
  approved: count,
  conversion: z.number().nullable().meta({ description: 'Approved of started; null below 20.' }),
  half_within: z.number().nullable().meta({ description: 'Seconds within which half were approved.' }),
  most_within: z.number().nullable().meta({ description: 'Seconds within which 95 of 100 were approved.' }),
  cost: z.record(z.string(), z.number()).nullable(),
});

export const statsSchema = z.object({
  object: z.literal('stats'),
  from: z.string(),
  to: z.string(),
  group_by: z.enum(groups),
  total: row,
  previous: row.meta({ description: 'The same number of days just before.' }),
  data: z.array(row),
  failures: counts,
  blocks: counts,
  anomalies: z.array(
    z.object({
      day: z.string(),
      kind: z.enum(['volume_high', 'volume_low', 'conversion_low']),
      value: z.number(),
      expected: z.number(),
    }),
  ),
}) satisfies z.ZodType<StatsView>;
