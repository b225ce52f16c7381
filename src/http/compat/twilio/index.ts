import type { FacadeRoute } from '../facade.ts';
import { CHECK_ROUTES } from './checks.ts';
import { SERVICE_ROUTES } from './services.ts';
import { VERIFICATION_ROUTES } from './verifications.ts';

/** Twilio Verify v2, as far as it has a counterpart here. */
export const TWILIO_ROUTES: readonly FacadeRoute[] = [...SERVICE_ROUTES, ...VERIFICATION_ROUTES, ...CHECK_ROUTES];
