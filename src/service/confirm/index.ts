import type { Verification } from '../../core/verification.ts';
import type { KeyRing } from '../../crypto/index.ts';
import type { ServiceDeps } from '../deps.ts';
import { idOfToken, isTokenOf, letterToken } from '../letter-token.ts';
import { publicAddress } from '../public-address.ts';

const CONFIRM_PATH = '/confirm';

type Confirmable = Pick<Verification, 'id' | 'policy' | 'generation'>;

/** The link by which the reader of an e-mail confirms without typing; null where the policy wants none, or nobody knows where the pages are. */
export function confirmLink(
  { ring, settings }: Pick<ServiceDeps, 'ring' | 'settings'>,
  record: Confirmable,
  channel: string,
): string | null {
  // Policies that were frozen before this field was there have none.
  if (channel !== 'email' || record.policy.confirm_link !== 'email' || settings.publicUrl === null) return null;
  return publicAddress(settings.publicUrl, `${CONFIRM_PATH}/${letterToken(ring, useOf(record), record.id)}`);
}

/** A link as long as a real one, and good for nothing: for previews. */
export function sampleConfirmLink(
  deps: Pick<ServiceDeps, 'ring' | 'settings'>,
  policy: Verification['policy'],
  channel: string,
): string | null {
  return confirmLink(deps, { id: `vrf_${'0'.repeat(30)}`, policy, generation: 1 }, channel);
}

/** Whether the token is that of the record's present code: a new code ends the links of the older ones, as it ends those codes. */
export function isConfirmToken(ring: KeyRing, record: Confirmable, token: string): boolean {
  return (
    record.policy.confirm_link === 'email' && idOfToken(token) === record.id && isTokenOf(ring, useOf(record), token)
  );
}

function useOf({ generation }: Confirmable): string {
  return `confirm|${generation}`;
}
