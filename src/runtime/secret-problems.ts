import type { SettingProblem, Settings } from '../config/index.ts';
import type { Secret } from '../core/redacted.ts';
import { secretProblem } from '../crypto/secret.ts';

/** Root secrets that are too weak to be one, by name and without their value. */
export function secretProblems({ secret, secretPrevious }: Settings): SettingProblem[] {
  const current = secret === null ? null : secretProblem(secret.reveal());
  const previous = secretPrevious.flatMap((entry, index) => {
    const problem = secretProblem(entry.reveal());
    return problem === null
      ? []
      : [{ name: 'WATCHWORD_SECRET_PREVIOUS', problem: `has an entry (number ${index + 1}) that ${problem}` }];
  });
  const repeated = repeats(secret, secretPrevious)
    ? [{ name: 'WATCHWORD_SECRET_PREVIOUS', problem: 'repeats a secret: the current and the earlier ones must differ' }]
    : [];
  return [...(current === null ? [] : [{ name: 'WATCHWORD_SECRET', problem: current }]), ...previous, ...repeated];
}

function repeats(current: Secret | null, previous: readonly Secret[]): boolean {
  const all = [...(current === null ? [] : [current]), ...previous].map((entry) => entry.reveal());
  return new Set(all).size < all.length;
}
