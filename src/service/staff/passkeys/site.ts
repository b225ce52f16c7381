import type { PasskeySite } from '../../../crypto/index.ts';
import type { PasskeysService } from '../api.ts';

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

/** Whether passkeys can be used here. Every sign-in page asks; `isInstalled`, which looks at the disk, is asked once. */
export function createPasskeyState(
  settings: { readonly publicUrl: string | null },
  isInstalled: () => boolean,
): PasskeysService['state'] {
  let installed: boolean | undefined;
  return () => {
    // Known only once the service listens, where no address was set.
    if (passkeySite(settings.publicUrl) === null) return 'address';
    installed ??= isInstalled();
    return installed ? 'ready' : 'package';
  };
}
