import type { Verification } from '../verification.ts';
import { cancel } from './end.ts';
import type { Step } from './step.ts';

/** Whoever has the message says that they did not ask for it. Open, it ends; closed already, only the report is kept. */
export function reportNotMe(record: Verification, now: number): Step<'canceled' | 'noted'> {
  const report = { type: 'not_me', data: { status: record.status } } as const;
  const step = cancel(record, 'not_me', now);
  if (step.outcome === 'canceled') return { ...step, outcome: 'canceled', facts: [report, ...step.facts] };
  const next = { ...record, version: record.version + 1 };
  return { next, outcome: 'noted', facts: [report], sends: [], dropQueued: false };
}
