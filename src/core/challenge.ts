import type { Destination } from './address.ts';
import type { Hit } from './limits.ts';

/** When a start in a browser must show that a person asks, before anything is sent. */
export const CHALLENGE_MODES = ['never', 'suspicious', 'always'] as const;
export type ChallengeMode = (typeof CHALLENGE_MODES)[number];

/** The zero bits that a proof of work begins with: 65,000 hashes on average, or 260,000 where something is suspicious. */
const BITS: Readonly<Record<ChallengeMode, number>> = { never: 18, suspicious: 18, always: 16 };
/** How long a challenge can be answered. */
export const CHALLENGE_LIFE_MS = 600_000;
/** How long a browser without scripts waits instead; one address gets one start by waiting in that time. */
export const CHALLENGE_WAIT_MS = 60_000;
/** The part of an address's allowance that is free of challenges under `suspicious`. */
const UNSUSPICIOUS_PART = 0.5;

/** How hard the challenge of a policy is; under `never` only the risk hook asks for one. */
export function challengeBits(mode: ChallengeMode): number {
  return BITS[mode];
}

/** A number of another country than the application's own. Without one there is nothing to compare with. */
export function isUnusualCountry(
  destination: Pick<Destination, 'type' | 'country'>,
  defaultCountry: string | null,
): boolean {
  return destination.type === 'phone' && defaultCountry !== null && destination.country !== defaultCountry;
}

/** The hits of a start that showed nothing: the address has only the first half of its allowance. */
export function unprovenHits(hits: readonly Hit[]): readonly Hit[] {
  return hits.map((hit) =>
    hit.name === 'hosted_ip' ? { ...hit, max: Math.max(1, Math.floor(hit.max * UNSUSPICIOUS_PART)) } : hit,
  );
}
