/** What was measured of one provider: messages it took, and verifications they ended in an approval of. */
export interface Measured {
  readonly sent: number;
  readonly approved: number;
}

/** As many imagined messages, half of them approved, are added: few real ones decide little. */
const PRIOR = { sent: 50, approved: 25 } as const;
/** The least that is left of a weight, so that a bad day can be noticed to be over. */
export const LEAST_SHARE = 0.2;
/** Weights keep two more digits. */
const SCALE = 100;

/**
 * The weight to go by: the configured one for the provider that converts best, less for the others by the square of how far they are
 * behind, never under a fifth. In hundredths of configured weights, a whole number.
 */
export function adaptedWeight(weight: number, own: Measured, all: readonly Measured[]): number {
  const best = Math.max(rate(own), ...all.map(rate));
  return Math.round(weight * SCALE * Math.max(LEAST_SHARE, (rate(own) / best) ** 2));
}

/** A configured weight in the same unit. */
export function plainWeight(weight: number): number {
  return weight * SCALE;
}

function rate({ sent, approved }: Measured): number {
  return (Math.min(approved, sent) + PRIOR.approved) / (sent + PRIOR.sent);
}

const BASE_32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Whether a message keeps the configured weights: `percent` of 100 do. Its id decides, so that everybody who reads it later agrees. */
export function isHeldOut(sendId: string, percent: number): boolean {
  const drawn = Array.from(sendId.slice(-4)).reduce((sum, sign) => sum * 32 + Math.max(0, BASE_32.indexOf(sign)), 0);
  return drawn % 100 < percent;
}
