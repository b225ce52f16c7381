import type { StaffRoute } from '../route.ts';
import { CASE_ACTS } from './acts.ts';
import { EVENTS } from './events.ts';
import { HOME } from './home.ts';
import { SKIP } from './skip.tsx';
import { VERIFY } from './verify.tsx';

/** Verifying callers: send, enter, send again, cancel, skip. */
export const CALLERS: readonly StaffRoute[] = [...HOME, VERIFY, ...CASE_ACTS, ...SKIP, ...EVENTS];
