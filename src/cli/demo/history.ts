import { parseDestination, maskedDestination } from '../../core/address.ts';
import { drawCode } from '../../core/code.ts';
import { newId } from '../../core/id.ts';
import type { StartFields } from '../../core/machine/index.ts';
import type { Policy } from '../../core/policy.ts';
import { BUILT_IN_REASONS } from '../../core/reasons.ts';
import type { Actor, ChannelName } from '../../core/verification.ts';
import type { KeyRing } from '../../crypto/index.ts';
import type { Application } from '../../ports/settings.ts';
import { CLIENTS, type Client } from './cast.ts';
import type { Chance } from './chance.ts';
import { Teller, type Plot, type Story } from './story.ts';

export const DAY_MS = 86_400_000;
/** Days before today that have records. */
export const DAYS = 30;
/** Calls a day: more on workdays. */
const WORKDAY = { low: 34, high: 52 };
const WEEKEND = { low: 9, high: 17 };
/** Of 1,000 calls. */
const PLOTS: readonly (readonly [Plot, number])[] = [
  ['approved', 640],
  ['fumbled', 90],
  ['resent', 70],
  ['expired', 75],
  ['exhausted', 25],
  ['undelivered', 30],
  ['failed', 12],
  ['canceled', 18],
  ['skipped', 30],
  ['blocked', 10],
];

export interface HistoryOptions {
  readonly chance: Chance;
  readonly ring: KeyRing;
  readonly application: Application;
  readonly policy: Policy;
  readonly agents: readonly [Actor, ...Actor[]];
  readonly now: number;
}

/** Thirty days of calls up to now, oldest first; the last few still wait for their codes. */
export function* history(options: HistoryOptions): Generator<Story> {
  const { chance, now } = options;
  for (let day = DAYS; day >= 1; day--) {
    const from = now - day * DAY_MS;
    const weekend = [0, 6].includes(new Date(from).getUTCDay());
    const { low, high } = weekend ? WEEKEND : WORKDAY;
    const times = Array.from({ length: chance.between(low, high) }, () => from + chance.whole(DAY_MS - 3_600_000));
    for (const at of times.toSorted((a, b) => a - b)) yield tell(options, plotOf(chance), at);
  }
  for (const seconds of [140, 65, 20]) yield tell(options, 'pending', now - seconds * 1000);
}

function plotOf(chance: Chance): Plot {
  let drawn = chance.whole(1000);
  for (const [plot, share] of PLOTS) {
    if (drawn < share) return plot;
    drawn -= share;
  }
  return 'approved';
}

function tell(options: HistoryOptions, plot: Plot, at: number): Story {
  const { chance } = options;
  const fields = fieldsOf(options, chance.pick(CLIENTS), at);
  return plot === 'blocked' ? Teller.blocked(chance, fields, at) : new Teller(chance, fields, at).tell(plot);
}

/** A start as the desk makes it. Codes are drawn and digested like any, and told to nobody. */
function fieldsOf(options: HistoryOptions, client: Client, at: number): StartFields {
  const { chance, ring, application, policy, agents } = options;
  const parsed = parseDestination(client.to, { defaultCountry: application.default_country });
  if (!parsed.ok) throw new Error(`${client.name} has no address.`);
  const { destination } = parsed;
  const id = newId('vrf', at, chance.text(20));
  const [toIndex = ''] = ring.indexes('address', destination.value);
  const channel: ChannelName = destination.type === 'email' ? 'email' : chance.percent(8) ? 'voice' : 'sms';
  const purpose = 'caller_check';
  const code = drawCode(policy.code, (below) => chance.whole(below));
  const binding = { application: application.id, verification: id, generation: 1, to: toIndex, purpose, context: null };
  return {
    id,
    application: application.id,
    mode: 'live',
    purpose,
    to: maskedDestination(destination),
    sealedTo: ring.seal('address', destination.value, id),
    toIndex,
    limitIndex: ring.indexes('limit', destination.fold)[0] ?? '',
    channel,
    channels: [channel],
    locale: 'en',
    policy,
    digest: ring.digestCode(code, binding),
    sealedCode: ring.seal('code', code.reveal(), id),
    sealedText: null,
    ownCode: false,
    channelWaitSeconds: null,
    context: null,
    metadata: {},
    reference: `INC-${chance.between(41_000, 48_999)}`,
    reason: BUILT_IN_REASONS[chance.whole(BUILT_IN_REASONS.length)] ?? null,
    returnUrl: null,
    actor: chance.pick(agents),
    deviceIndex: null,
    silent: false,
  };
}
