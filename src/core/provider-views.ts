import { ratesText } from './prices.ts';
import { ANYWHERE, type Carrier } from './routing.ts';
import { addTallies, conversionOf, type Measure, meanSeconds, NOTHING, type Tally } from './statistics.ts';
import type { ChannelName, MaskedDestination } from './verification.ts';
import { timestamp } from './views.ts';

/** What was measured: messages, and the part of them that led to an approval. Means in seconds; null over nothing. */
export interface MeasuredView {
  readonly sent: number;
  readonly delivered: number;
  readonly undelivered: number;
  readonly approved: number;
  readonly conversion: number | null;
  readonly seconds_to_accept: number | null;
  readonly seconds_to_approve: number | null;
}

/** One line of a channel, as it works and as it was measured in the last seven days. */
export interface ProviderView {
  readonly object: 'provider';
  readonly name: string;
  readonly channel: ChannelName;
  /** As the answering process knows it: each learns by itself which providers do not answer. */
  readonly state: 'working' | 'resting';
  readonly resting_until: string | null;
  readonly receipts: 'callback' | 'connection' | 'question' | 'none';
  readonly price: string | null;
  readonly price_currency: string | null;
  readonly route: {
    readonly countries: readonly string[];
    readonly prefixes: readonly string[];
    readonly purposes: readonly string[];
    readonly weight: number | null;
    readonly adaptive: number | null;
    readonly by_price: boolean;
    readonly max_price: number | null;
  };
  readonly measured: MeasuredView;
  /** Of an adaptive line: the messages that kept the configured weights, and the others. */
  readonly compared: Readonly<
    Record<'held_out' | 'adapted', Pick<MeasuredView, 'sent' | 'approved' | 'conversion'>>
  > | null;
  readonly countries: readonly (MeasuredView & { readonly country: string | null })[];
}

/** What became of a message that tried a provider. */
export interface ProviderTestView {
  readonly object: 'provider_test';
  readonly provider: string;
  readonly channel: ChannelName;
  readonly to: MaskedDestination;
  readonly accepted: boolean;
  readonly message_id: string | null;
  /** Why it was not taken. */
  readonly detail: string | null;
}

/** A sum over days and applications. */
export interface ProviderTotal extends Pick<Measure, 'provider' | 'channel' | 'country'> {
  readonly tally: Tally;
  readonly resting: boolean;
}

export interface Observed {
  readonly measure: Measure;
  readonly tally: Tally;
}

export function measuredView(tally: Tally): MeasuredView {
  return {
    sent: tally.sent,
    delivered: tally.delivered,
    undelivered: tally.undelivered,
    approved: Math.round(tally.approved),
    conversion: conversionOf(tally),
    seconds_to_accept: meanSeconds(tally.acceptMs, tally.sent),
    seconds_to_approve: meanSeconds(tally.approveMs, tally.approved),
  };
}

/** How a line is shown; `observed` is what was measured of it, day by day. */
export function providerView(
  carrier: Carrier & { readonly channel: ChannelName; readonly receipts: ProviderView['receipts'] },
  observed: readonly Observed[],
  restsUntil: number | null,
): ProviderView {
  const { name, channel, receipts, route = ANYWHERE, prices } = carrier;
  const total = sum(observed);
  return {
    object: 'provider',
    name,
    channel,
    state: restsUntil === null ? 'working' : 'resting',
    resting_until: restsUntil === null ? null : timestamp(restsUntil),
    receipts,
    price: prices === undefined ? null : ratesText(prices),
    price_currency: prices?.currency ?? null,
    route: {
      countries: route.countries,
      prefixes: route.prefixes,
      purposes: route.purposes,
      weight: route.weight,
      adaptive: route.holdOut,
      by_price: route.byPrice,
      max_price: route.maxMicros === null ? null : route.maxMicros / 1_000_000,
    },
    measured: measuredView(total),
    compared: route.holdOut === null ? null : comparedView(total),
    countries: countriesView(observed),
  };
}

function comparedView({ sent, approved, heldOutSent, heldOutApproved }: Tally): NonNullable<ProviderView['compared']> {
  const view = (part: Pick<Tally, 'sent' | 'approved'>) => ({
    sent: part.sent,
    approved: Math.round(part.approved),
    conversion: conversionOf(part),
  });
  return {
    held_out: view({ sent: heldOutSent, approved: heldOutApproved }),
    adapted: view({ sent: sent - heldOutSent, approved: Math.max(0, approved - heldOutApproved) }),
  };
}

/** Most messages first, then by name. */
function countriesView(observed: readonly Observed[]): ProviderView['countries'] {
  const names = [...new Set(observed.map(({ measure }) => measure.country))];
  return names
    .map((name) => ({
      country: name === '-' ? null : name,
      ...measuredView(sum(observed.filter(({ measure }) => measure.country === name))),
    }))
    .toSorted((a, b) => b.sent - a.sent || (a.country ?? '').localeCompare(b.country ?? ''));
}

function sum(observed: readonly Observed[]): Tally {
  return observed.reduce((total, { tally }) => addTallies(total, tally), NOTHING);
}
