import { foldCode } from '../core/code.ts';
import { ok, refuse, WatchwordError, type Problem, type Result } from '../core/errors.ts';
import { settleLocale, type Template } from '../core/templates/template.ts';
import type { Destination } from '../core/address.ts';
import { isCountryAllowed } from '../core/countries.ts';
import { mustShowDetails } from '../core/payment.ts';
import type { Policy } from '../core/policy.ts';
import type { Code } from '../core/redacted.ts';
import { STAFF_SIGN_IN } from '../core/staff.ts';
import type { ChannelName } from '../core/verification.ts';
import type { AbuseAlarm } from './abuse.ts';
import type { Caller, StartInput } from './api.ts';
import { ladder } from './channels.ts';
import type { ServiceDeps } from './deps.ts';
import { reasonProblem } from './desk/reason.ts';
import { address, type Addressed } from './destination.ts';
import { waitsProblem } from './ladder-waits.ts';
import { ownText } from './own-text.ts';
import { codeFormatProblem } from './problems.ts';
import { isStopped, STOPPED } from './stopped.ts';
import type { Rules } from './lists/index.ts';
import { silence } from './silence.ts';
import type { Suppressions } from './suppressions/index.ts';
import { contextProblem, type Templates } from './templates/index.ts';
import type { Tenant, Tenants } from './tenants.ts';
import type { Turns } from './turns.ts';

/** What start needs of its neighbours: the wake-up of delivery, and the resend that `on_open: reuse` turns into. */
export interface StartDeps extends ServiceDeps {
  readonly tenants: Tenants;
  readonly templates: Templates;
  readonly suppressions: Suppressions;
  readonly rules: Rules;
  readonly abuse: AbuseAlarm;
  /** Keeps starts of one subject apart within this process. */
  readonly turns: Turns;
  wake(): void;
}

const DEFAULT_PURPOSE = 'login';

/** Everything about a start that is settled before the store is asked. */
export interface Prepared {
  readonly caller: Caller;
  readonly input: StartInput;
  readonly policy: Policy;
  readonly purpose: string;
  readonly addressed: Addressed;
  readonly channels: readonly ChannelName[];
  /** The caller's own words for its SMS, null = the application's. */
  readonly text: Template | null;
  readonly chosenCode: Code | null;
  readonly silent: boolean;
  readonly locale: string;
}

/** Checks everything that needs no verification: address, policy, channel, return address, recipient. */
export async function prepare(deps: StartDeps, caller: Caller, input: StartInput): Promise<Result<Prepared>> {
  const tenant = await tenantOf(deps, caller);
  const purpose = input.purpose ?? DEFAULT_PURPOSE;
  const policy = tenant.policy(purpose);
  const addressed = address(deps.ring, tenant.application, input.to);
  if (!addressed.ok) return addressed;
  const { destination } = addressed.value;
  const refused =
    purposeProblem(caller, purpose) ??
    (isStopped(tenant.application, purpose) ? STOPPED : null) ??
    countryProblem(tenant, destination) ??
    landlineProblem(destination, input) ??
    returnUrlProblem(tenant, input) ??
    channelsProblem(input) ??
    reasonProblem(tenant.application, caller, policy, input);
  if (refused) return refuse(refused);
  const channels = ladder(deps, {
    application: tenant.application,
    mode: caller.mode,
    policy,
    type: destination.type,
    channel: input.channel,
    channels: input.channels,
    ownWords: input.facade?.text !== undefined || mustShowDetails(purpose, input.context ?? null),
    routed: { to: destination.value, country: destination.country, purpose },
  });
  if (!channels.ok) return channels;
  const unclimbed = waitsProblem(input, policy, channels.value);
  if (unclimbed) return refuse(unclimbed);
  const text = ownText(deps, tenant, purpose, input);
  if (!text.ok) return text;
  const templates = await deps.templates.of(tenant.application);
  const locale = settleLocale(templates, purpose, input.locale ?? null, tenant.application.locale);
  const unshown = contextProblem(templates, { input, purpose, locale, tenant, channels: channels.value });
  if (unshown) return refuse(unshown);
  const chosen = chosenCode(tenant, caller, policy, input);
  if (!chosen.ok) return chosen;
  const acting = inForce(caller, tenant);
  const silent = await silence(deps, tenant, { caller: acting, input, policy, addressed: addressed.value });
  if (!silent.ok) return silent;
  return ok({
    caller: acting,
    input,
    policy,
    purpose,
    addressed: addressed.value,
    channels: channels.value,
    text: text.value,
    chosenCode: chosen.value,
    silent: silent.value,
    locale,
  });
}

/** As much of {@link prepare} as a record needs that sends nothing: no channel, no code, no silence. */
export async function prepareDestination(
  deps: StartDeps,
  caller: Caller,
  input: Pick<StartInput, 'to' | 'purpose' | 'reason' | 'reference'>,
): Promise<Result<Prepared>> {
  const tenant = await tenantOf(deps, caller);
  const purpose = input.purpose ?? DEFAULT_PURPOSE;
  const policy = tenant.policy(purpose);
  const addressed = address(deps.ring, tenant.application, input.to);
  if (!addressed.ok) return addressed;
  const refused = reasonProblem(tenant.application, caller, policy, input);
  if (refused) return refuse(refused);
  return ok({
    caller: inForce(caller, tenant),
    input,
    policy,
    purpose,
    addressed: addressed.value,
    channels: [addressed.value.destination.type === 'email' ? 'email' : 'sms'],
    text: null,
    chosenCode: null,
    silent: false,
    locale: settleLocale([], purpose, null, tenant.application.locale),
  });
}

/** A caller with its application as it is now. */
function inForce(caller: Caller, { application }: Tenant): Caller {
  return caller.application === application ? caller : { ...caller, application };
}

async function tenantOf(deps: StartDeps, caller: Caller): Promise<Tenant> {
  const tenant = await deps.tenants.find(caller.application.id);
  if (tenant === null) throw new WatchwordError('unavailable', 'The application is not there any more.');
  return tenant;
}

/** Codes that agents sign in with pass the lists, the risk hook and the stop of all sends: they are for the desk to start. */
function purposeProblem({ actor }: Caller, purpose: string): Problem | null {
  if (purpose !== STAFF_SIGN_IN || actor.type === 'agent') return null;
  const detail = 'This purpose is for the codes that agents sign in to the desk with.';
  return { code: 'invalid_request', detail, errors: [{ pointer: '/purpose', code: 'reserved', detail }] };
}

function countryProblem(tenant: Tenant, destination: Destination): Problem | null {
  if (isCountryAllowed(destination, tenant.application.countries)) return null;
  return { code: 'country_not_allowed', detail: 'The application does not send to the country of this number.' };
}

function landlineProblem(destination: Destination, { facade, channel }: StartInput): Problem | null {
  if (facade?.no_landline !== true || channel !== 'sms' || destination.type !== 'phone') return null;
  if (destination.lineType !== 'fixed_line') return null;
  const detail = 'A fixed line takes no SMS.';
  return { code: 'unreachable_destination', detail, errors: [{ pointer: '/to', code: 'landline', detail }] };
}

function returnUrlProblem(tenant: Tenant, input: StartInput): Problem | null {
  if (input.return_url === undefined || tenant.application.return_urls.includes(input.return_url)) return null;
  const detail = 'return_url must equal one of the application’s return_urls.';
  return { code: 'invalid_request', detail, errors: [{ pointer: '/return_url', code: 'not_registered', detail }] };
}

function channelsProblem(input: StartInput): Problem | null {
  if (input.channel === undefined || input.channels === undefined) return null;
  const detail = 'Give either channel or channels, not both.';
  return { code: 'invalid_request', detail, errors: [{ pointer: '/channel', code: 'conflict', detail }] };
}

/** A code given from outside: the caller's own where the policy takes one, or the application's fixed code for test keys. */
function chosenCode(tenant: Tenant, caller: Caller, policy: Policy, input: StartInput): Result<Code | null> {
  if (input.code !== undefined) {
    if (!policy.custom_code) {
      return refuse({
        code: 'forbidden',
        detail: 'The policy of this purpose does not take a code of your own (custom_code).',
      });
    }
    const folded = foldCode(policy.code, input.code);
    return folded === null ? refuse(codeFormatProblem(policy)) : ok(folded);
  }
  const fixed = caller.mode === 'test' ? tenant.application.test_code : null;
  return ok(fixed === null ? null : foldCode(policy.code, fixed));
}
