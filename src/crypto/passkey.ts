import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { loadPeer } from '../core/optional-peer.ts';

/** Where passkeys are made and used (WebAuthn Level 3): the origin of the pages, and the host that they are bound to. */
export interface PasskeySite {
  readonly origin: string;
  readonly rpId: string;
}

/** What a browser's answer has to fit. `challenge`: base64url. */
export interface PasskeyExpected {
  readonly site: PasskeySite;
  readonly challenge: string;
}

/** The public half of a passkey. */
export interface PasskeyCredential {
  /** base64url, as browsers name it. */
  readonly id: string;
  /** COSE key (RFC 9052), base64url. */
  readonly publicKey: string;
  /** How often its authenticator says that it signed; 0 = it does not count. */
  readonly counter: number;
}

/** COSE algorithms that a passkey may have: Ed25519, ES256, RS256. */
export const PASSKEY_ALGORITHMS: readonly number[] = [-8, -7, -257];

const PACKAGE = '@simplewebauthn/server@14';

/** Loaded with the first passkey: most programs that check codes never see one. Throws `unavailable` when it is not installed. */
const library = () => loadPeer(() => import('@simplewebauthn/server'), PACKAGE);
const helpers = () => loadPeer(() => import('@simplewebauthn/server/helpers'), PACKAGE);

/** Whether the package is installed, found out without loading it. Looks at the disk. */
export function hasPasskeys(): boolean {
  try {
    import.meta.resolve('@simplewebauthn/server');
    return true;
  } catch {
    return false;
  }
}

/** Throws `unavailable`, naming the package and the command that installs it, where passkeys cannot be checked. */
export async function requirePasskeys(): Promise<void> {
  await library();
}

/**
 * The passkey that a browser made (`PublicKeyCredential.toJSON()` as text), or null when it does not fit: another site, another
 * challenge, no user verification, or a statement about the authenticator's make, which nobody asked for. Checking such a statement
 * would fetch addresses that the browser chose.
 */
export async function readNewPasskey(text: string, expected: PasskeyExpected): Promise<PasskeyCredential | null> {
  const { verifyRegistrationResponse } = await library();
  const { decodeAttestationObject } = await helpers();
  try {
    const response = JSON.parse(text) as RegistrationResponseJSON;
    const attested = decodeAttestationObject(bytesOf(response.response.attestationObject));
    const isPlain = attested.get('fmt') === 'none' || attested.get('fmt') === 'packed';
    if (!isPlain || attested.get('attStmt').get('x5c') !== undefined) return null;
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      ...expectations(expected),
      supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
    });
    if (registrationInfo === undefined) return null;
    const { id, publicKey, counter } = registrationInfo.credential;
    return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter };
  } catch {
    return null;
  }
}

/** Whose passkey a browser's answer says it is; nothing of it is checked. Null for what is no such answer. */
export function claimedPasskey(text: string): { readonly credential: string; readonly holder: string } | null {
  try {
    const { id, response } = JSON.parse(text) as AuthenticationResponseJSON;
    const holder = Buffer.from(String(response.userHandle ?? ''), 'base64url').toString('utf8');
    return typeof id === 'string' && holder !== '' ? { credential: id, holder } : null;
  } catch {
    return null;
  }
}

/**
 * The counter in a browser's answer when `credential` signed it for this site, challenge and a verified user, else null. The caller
 * compares the counter ({@link isReplayed}) in the write that keeps it.
 */
export async function checkPasskey(
  text: string,
  expected: PasskeyExpected,
  credential: PasskeyCredential,
): Promise<{ readonly counter: number } | null> {
  const { verifyAuthenticationResponse } = await library();
  try {
    const response = JSON.parse(text) as AuthenticationResponseJSON;
    if (response.id !== credential.id) return null;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      ...expectations(expected),
      credential: { id: credential.id, publicKey: bytesOf(credential.publicKey), counter: 0 },
    });
    return verified ? { counter: authenticationInfo.newCounter } : null;
  } catch {
    return null;
  }
}

/** A counter that did not grow: a copy of the authenticator is in use (WebAuthn Level 3, 7.2 step 22). */
export function isReplayed(before: number, now: number): boolean {
  return (before > 0 || now > 0) && now <= before;
}

function expectations({ site, challenge }: PasskeyExpected) {
  return {
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    requireUserVerification: true,
  };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}
