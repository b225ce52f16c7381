import { sealed } from '../../core/redacted.ts';
import { createAccount } from './account.ts';
import { createAgents } from './agents.ts';
import type { BrowserSeals, StaffService } from './api.ts';
import type { StaffDeps } from './deps.ts';
import { createDrafts } from './drafts.ts';
import { createPasskeys } from './passkeys/index.ts';
import { createPasswordLinks } from './password-links.ts';
import { createSessions } from './sessions.ts';
import { createSignIn } from './sign-in.ts';
import { createWelcome } from './welcome.ts';

export { mailDue } from './mail.ts';

/** Everything about who works at the desk. */
export function createStaff(deps: StaffDeps): StaffService {
  return {
    agents: createAgents(deps),
    signIn: createSignIn(deps),
    sessions: createSessions(deps),
    account: createAccount(deps),
    passkeys: createPasskeys(deps),
    passwordLinks: createPasswordLinks(deps),
    welcome: createWelcome(deps),
    drafts: createDrafts(deps),
    seals: createSeals(deps),
  };
}

function createSeals({ ring }: StaffDeps): BrowserSeals {
  return {
    seal: (use, text, bearer) => ring.seal('browser', text, `${use}|${bearer}`).reveal(),
    open: (use, text, bearer) => ring.open('browser', sealed(text), `${use}|${bearer}`),
  };
}
