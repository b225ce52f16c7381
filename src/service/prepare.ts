import { foldCode } from '../core/code.ts';
import { ok, refuse, WatchwordError, type Problem, type Result } from '../core/errors.ts';
import { settleLocale } from '../core/templates/template.ts';
import type { Destination } from '../core/address.ts';
import { isCountryAllowed } from '../core/countries.ts';
import { mustShowDetails } from '../core/payment.ts';
import type { Policy } from '../core/policy.ts';
import type { Code } from '../core/redacted.ts';
import type { ChannelName } from '../core/verification.ts';
import type { Caller, StartInput } from './api.ts';
import { ladder } from './channels.ts';
import type { ServiceDeps } from './deps.ts';
import { reasonProblem } from './desk/reason.ts';
import { address, type Addressed } from './destination.ts';
import { codeFormatProblem } from './problems.ts';
import { isStopped, STOPPED } from './stopped.ts';
import type { Rules } from './lists/index.ts';
import { SUPPRESSED, type Suppressions } from './suppressions/index.ts';
import { contextProblem, type Templates } from './templates/index.ts';
import type { Tenant, Tenants } from './tenants.ts';
import type { Turns } from './turns.ts';

/** What start needs of its neighbours: the wake-up of delivery, and the resend that `on_open: reuse` turns into. */
export interface StartDeps extends ServiceDeps {
  readonly tenants: Tenants;
  readonly templates: Templates;
  readonly suppressions: Suppressions;
  readonly rules: Rules;
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
    showsDetails: mustShowDetails(purpose, input.context ?? null),
    routed: { to: destination.value, country: destination.country, purpose },
  });
  if (!channels.ok) return channels;
  const templates = await deps.templates.of(tenant.application);
  const locale = settleLocale(templates, purpose, input.locale ?? null, tenant.application.locale);
  const unshown = contextProblem(templates, { input, purpose, locale, tenant, channels: channels.value });
  if (unshown) return refuse(unshown);
  const chosen = chosenCode(tenant, caller, policy, input);
  if (!chosen.ok) return chosen;
  const silent = await silence(deps, tenant, { caller, policy, addressed: addressed.value });
  if (!silent.ok) return silent;
  return ok({
    caller: { ...caller, application: tenant.application },
    input,
    policy,
    purpose,
    addressed: addressed.value,
    channels: channels.value,
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
    caller: { ...caller, application: tenant.application },
    input,
    policy,
    purpose,
    addressed: addressed.value,
    channels: [addressed.value.destination.type === 'email' ? 'email' : 'sms'],
    chosenCode: null,
    silent: false,
    locale: settleLocale([], purpose, null, tenant.application.locale),
  });
}

/**
 * Whether the person is unknown to a silent directory. There all are asked the same, and of who said stop delivery drops the message.
 * Strangers in a browser never learn who is in a directory, silent or not: only programs and agents are told.
 */
async function silence(
  deps: StartDeps,
  tenant: Tenant,
  { caller, policy, addressed }: Pick<Prepared, 'caller' | 'policy' | 'addressed'>,
): Promise<Result<boolean>> {
  const unknown = policy.recipients !== 'any' && !(await isKnown(deps, tenant, addressed));
  if (policy.recipients === 'directory_silent') return ok(unknown);
  if (unknown) {
    if (caller.actor.type === 'hosted') return ok(true);
    return refuse({ code: 'recipient_unknown', detail: 'Nobody in the directory has this destination.' });
  }
  const suppressed = await deps.suppressions.holds(tenant.application.id, caller.mode, addressed);
  return suppressed ? refuse(SUPPRESSED) : ok(false);
}

async function tenantOf(deps: StartDeps, caller: Caller): Promise<Tenant> {
  const tenant = await deps.tenants.find(caller.application.id);
  if (tenant === null) throw new WatchwordError('unavailable', 'The application is not there any more.');
  return tenant;
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

function isKnown(deps: ServiceDeps, tenant: Tenant, addressed: Addressed): Promise<boolean> {
  return deps.store.directory.has(tenant.application.id, addressed.toIndexes);
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
