import type { Verification } from '../core/verification.ts';
import type { CheckResult } from '../core/views.ts';
import type { Store } from '../ports/store.ts';
import { testChanges } from './factories.ts';
import { seeded } from './seeded.ts';
import { cancelRecord, recordWithCode, resendWithCode, submitCode } from './submit.ts';

export interface RaceOptions {
  readonly seed: number;
  /** How many codes are submitted in all. */
  readonly attempts: number;
  /** Verifications raced for at the same time. */
  readonly atOnce?: number;
  readonly onProgress?: (attempts: number) => void;
}

/** What happened in the races, and what must not happen. */
export interface RaceReport {
  readonly verifications: number;
  readonly attempts: number;
  readonly approved: number;
  readonly evaluated: number;
  /** Verifications approved more than once. */
  readonly doubleAccepts: number;
  /** Verifications with more evaluated codes than `max_checks`. */
  readonly extraGuesses: number;
  /** Answers that the record does not bear out: an approval it does not show, or another count of checks. */
  readonly lostVerdicts: number;
}

const MOST_CHECKS = 12;
const RIGHT = '271828';

/** Parallel checks, right and wrong, from all instances on one verification after another, now and then beside a resend or a cancel. */
export async function runRaces(instances: readonly Store[], options: RaceOptions): Promise<RaceReport> {
  const { seed, attempts, atOnce = 16, onProgress = () => undefined } = options;
  const random = seeded(seed);
  const report = {
    verifications: 0,
    attempts: 0,
    approved: 0,
    evaluated: 0,
    doubleAccepts: 0,
    extraGuesses: 0,
    lostVerdicts: 0,
  };
  const lane = async (): Promise<void> => {
    while (report.attempts < attempts) {
      const plan = planOf(random);
      report.verifications += 1;
      report.attempts += plan.codes.length;
      add(report, await race(instances, plan, random));
      onProgress(report.attempts);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return report;
}

interface Plan {
  readonly codes: readonly string[];
  readonly beside: 'resend' | 'cancel' | null;
}

function planOf(random: () => number): Plan {
  const rightShare = [0, 0.2, 0.5, 1][Math.floor(random() * 4)] ?? 0;
  const count = 2 + Math.floor(random() * (MOST_CHECKS - 1));
  const codes = Array.from({ length: count }, () => (random() < rightShare ? RIGHT : '314159'));
  const luck = random();
  return { codes, beside: luck < 0.15 ? 'resend' : luck < 0.25 ? 'cancel' : null };
}

interface Ending {
  readonly results: readonly CheckResult[];
  readonly record: Verification | null;
}

async function race(instances: readonly Store[], plan: Plan, random: () => number): Promise<Ending> {
  const any = (): Store => {
    const store = instances[Math.floor(random() * instances.length)];
    if (store === undefined) throw new Error('races need an instance');
    return store;
  };
  const first = any();
  const record = recordWithCode(await first.verifications.time(), RIGHT, { nextSendAt: 0 });
  await first.verifications.insert(record, testChanges());
  const beside =
    plan.beside === 'resend'
      ? resendWithCode(any(), record.id, '161803')
      : plan.beside === 'cancel'
        ? cancelRecord(any(), record.id)
        : null;
  const results = await Promise.all(plan.codes.map((code) => submitCode(any(), record.id, code)));
  await beside;
  return { results, record: (await any().verifications.get(record.id)).record };
}

function add(report: { -readonly [Count in keyof RaceReport]: RaceReport[Count] }, { results, record }: Ending): void {
  const approved = results.filter((result) => result === 'approved').length;
  const evaluated = approved + results.filter((result) => result === 'incorrect').length;
  report.approved += approved;
  report.evaluated += evaluated;
  if (approved > 1) report.doubleAccepts += 1;
  if (evaluated > (record?.policy.max_checks ?? 0)) report.extraGuesses += 1;
  const bornOut = record?.checks === evaluated && (record.status === 'approved') === approved > 0;
  if (!bornOut) report.lostVerdicts += 1;
}
