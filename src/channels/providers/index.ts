import type { ProviderSpec } from '../provider/spec.ts';
import { TWILIO } from './twilio.ts';

/** Every provider that is asked over HTTP, by the scheme of its DSN. */
export const PROVIDERS: Readonly<Record<string, ProviderSpec>> = Object.fromEntries(
  [TWILIO].map((spec) => [spec.scheme, spec]),
);
