import { ACCOUNT } from './account.tsx';
import { AGENTS } from './agents.tsx';
import { APPLICATIONS } from './applications/index.ts';
import { CALLERS } from './caller/index.ts';
import { AUDIT } from './audit/index.tsx';
import { CONTINUE } from './draft.tsx';
import { FORGOT_PASSWORD } from './forgot-password.tsx';
import { INSIGHTS } from './insights/index.tsx';
import { OWN_PASSKEYS } from './own-passkeys.tsx';
import { PASSKEYS } from './passkey.tsx';
import { PEOPLE } from './people/index.ts';
import { RECORDS } from './records/index.ts';
import type { PortalRoute } from './route.ts';
import { SECOND_FACTOR } from './second-factor.tsx';
import { SET_PASSWORD } from './set-password.tsx';
import { SIGN_IN } from './sign-in.tsx';
import { SIGN_OUT } from './sign-out.ts';
import { WELCOME } from './welcome.tsx';

/** Every page and act of the desk, each with the right it takes. What is not here does not exist. */
export const PORTAL_ROUTES: readonly PortalRoute[] = [
  ...CALLERS,
  ...ACCOUNT,
  ...OWN_PASSKEYS,
  ...AGENTS,
  ...AUDIT,
  ...INSIGHTS,
  ...PEOPLE,
  ...RECORDS,
  ...APPLICATIONS,
  CONTINUE,
  ...SIGN_IN,
  ...SECOND_FACTOR,
  ...PASSKEYS,
  SIGN_OUT,
  ...FORGOT_PASSWORD,
  ...SET_PASSWORD,
  ...WELCOME,
];
