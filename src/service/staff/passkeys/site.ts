import type { PasskeySite } from '../../../crypto/index.ts';

/**
 * The site of passkeys, from the settings alone, whatever a request says. Null where browsers know none: without a public address,
 * for an address in digits, and for http but on localhost (WebAuthn Level 3, 5.1.3).
 */
export function passkeySite(publicUrl: string | null): PasskeySite | null {
  if (publicUrl === null) return null;
  const { protocol, hostname, origin } = new URL(publicUrl);
  const isLocal = /(?:^|\.)localhost$/.test(hostname);
  const isName = !/^[\d.]+$|^\[/.test(hostname);
  return isName && (protocol === 'https:' || isLocal) ? { origin, rpId: hostname } : null;
}
