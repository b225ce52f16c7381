import { fingerprint } from '../core/fingerprint.ts';
import { PNG_URI } from '../core/png.ts';
import type { Application } from '../service/api.ts';

/** The address of an application's picture below the base path; a new picture has a new one. Null without one. */
export function logoPath({ id, logo }: Pick<Application, 'id' | 'logo'>): string | null {
  return logo === null ? null : `/assets/logo/${id}/${fingerprint(logo)}.png`;
}

/** The picture behind an address of {@link logoPath}; null when it is not the present one. */
export function logoBytes(application: Pick<Application, 'id' | 'logo'>, name: string): Uint8Array<ArrayBuffer> | null {
  const { logo } = application;
  if (logo === null || `${fingerprint(logo)}.png` !== name) return null;
  return Uint8Array.from(Buffer.from(logo.slice(PNG_URI.length), 'base64'));
}
