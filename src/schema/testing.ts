import { z } from 'zod';
import type { TestClockView } from '../core/testing-views.ts';

const time = z.string().meta({ format: 'date-time' });
const LONGEST_ADVANCE_SECONDS = 7 * 86_400;

export const testClockInputSchema = z.strictObject({
  advance_seconds: z.int().min(1).max(LONGEST_ADVANCE_SECONDS).meta({ description: 'How much time is to pass.' }),
});

export const testClockSchema = z.object({
  object: z.literal('test_clock'),
  now: time,
  advanced_seconds: z.int().meta({ description: 'How far it was advanced in all.' }),
  moved: z.int().meta({ description: 'Open test verifications that this call made older.' }),
}) satisfies z.ZodType<TestClockView>;
