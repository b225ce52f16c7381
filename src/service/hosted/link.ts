import { isId } from '../../core/id.ts';
import type { Verification } from '../../core/verification.ts';
import type { KeyRing } from '../../crypto/index.ts';
import type { ServiceDeps } from '../deps.ts';
import { publicAddress } from '../public-address.ts';

/** Keeps these hashes apart from those of API keys, which all begin with `ww_`. */
const USE = 'hosted|';

/** What stands in the address of a verification's own page: its id and a keyed hash of it. Nothing is stored. */
export function hostedToken(ring: KeyRing, id: string): string {
  return `${id.slice('vrf_'.length)}.${ring.hashToken(`${USE}${id}`)}`;
}

/** The verification that a token of {@link hostedToken} names, null for anything else. Says nothing about whether it exists. */
export function verificationOfToken(ring: KeyRing, token: string): string | null {
  const dot = token.indexOf('.');
  const id = `vrf_${token.slice(0, Math.max(0, dot))}`;
  if (!isId('vrf', id)) return null;
  return ring.tokenMatches(`${USE}${id}`, token.slice(dot + 1)).matches ? id : null;
}

/** The page of a verification that has somewhere to return to; null without a return address, or while ours is unknown. */
export function hostedUrl(
  { ring, settings }: Pick<ServiceDeps, 'ring' | 'settings'>,
  record: Verification,
): string | null {
  if (record.returnUrl === null || settings.publicUrl === null) return null;
  return publicAddress(settings.publicUrl, `/v/${hostedToken(ring, record.id)}`);
}
