import { ok, refuse, type Problem } from '../../../core/errors.ts';
import { hasPasskeys, type PasskeySite, requirePasskeys } from '../../../crypto/index.ts';
import type { PasskeysService, Staff } from '../api.ts';
import type { StaffDeps } from '../deps.ts';
import { agentById } from '../find-agent.ts';
import { newChallenge, readChallenge } from './challenge.ts';
import { creationOptions, requestOptions } from './options.ts';
import { addPasskey, beginPasskey, passkeyView, removePasskey } from './own.ts';
import { signInByPasskey } from './sign-in.ts';
import { createPasskeyState, passkeySite } from './site.ts';

const NO_SITE: Problem = { code: 'conflict', detail: 'Passkeys need a public address with a name and https.' };

/** Passkeys of agents. What checks them is an optional package; it is asked for by the first use. */
export function createPasskeys(deps: StaffDeps): PasskeysService {
  const site = (): PasskeySite | null => passkeySite(deps.settings.publicUrl);
  return {
    state: createPasskeyState(deps.settings, hasPasskeys),
    async list({ agent }) {
      return ((await agentById(deps, agent.id))?.passkeys ?? []).map(passkeyView);
    },
    async begin(staff, input) {
      if (site() === null) return refuse(NO_SITE);
      await requirePasskeys();
      return beginPasskey(deps, staff, input);
    },
    question: (token, staff) => question(deps, site(), token, staff),
    async add(staff, token, answer) {
      const here = site();
      return here === null ? refuse(NO_SITE) : addPasskey(deps, staff, here, { token, answer });
    },
    remove: (staff, id, password) => removePasskey(deps, staff, id, password),
    async beginSignIn() {
      if (site() === null) return refuse(NO_SITE);
      await requirePasskeys();
      return ok({ token: await newChallenge(deps, 'sign_in') });
    },
    async signIn(application, given, browser) {
      const here = site();
      return here === null ? refuse(NO_SITE) : signInByPasskey(deps, { application, site: here, ...given }, browser);
    },
  };
}

async function question(
  deps: StaffDeps,
  site: PasskeySite | null,
  token: string,
  staff: Staff | null,
): Promise<object | null> {
  const challenge = await readChallenge(deps, staff === null ? 'sign_in' : { add: staff.session }, token);
  if (site === null || challenge === null) return null;
  if (staff === null) return requestOptions(site, challenge);
  const agent = await agentById(deps, staff.agent.id);
  return agent === null ? null : creationOptions(site, agent, staff.application.brand, challenge);
}
