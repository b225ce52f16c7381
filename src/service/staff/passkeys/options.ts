import { PASSKEY_ALGORITHMS, type PasskeySite } from '../../../crypto/index.ts';
import type { Agent } from '../agent.ts';
import type { Challenge } from './challenge.ts';

const TIMEOUT_MS = 120_000;

/**
 * `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3): a passkey that names its owner itself, unlocked by a finger, a face or a
 * PIN, and not made twice in one authenticator. The owner is known by an id that says nothing about who it is.
 */
export function creationOptions(site: PasskeySite, agent: Agent, brand: string, { challenge }: Challenge): object {
  return {
    rp: { id: site.rpId, name: brand },
    user: { id: Buffer.from(agent.id).toString('base64url'), name: agent.email, displayName: agent.name },
    challenge,
    pubKeyCredParams: PASSKEY_ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: TIMEOUT_MS,
    excludeCredentials: agent.passkeys.map(({ credential }) => ({ type: 'public-key', id: credential.id })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  };
}

/** `PublicKeyCredentialRequestOptionsJSON`: any passkey of this site; none is named, so that nobody learns who has one. */
export function requestOptions(site: PasskeySite, { challenge }: Challenge): object {
  return { rpId: site.rpId, challenge, timeout: TIMEOUT_MS, userVerification: 'required', allowCredentials: [] };
}
