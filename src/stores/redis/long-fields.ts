import type { StringMap, Verification } from '../../core/verification.ts';

/** What does not fit into the short fields. Null where it does, or where there is nothing. */
export interface LongFields {
  readonly sealedTo: string | null;
  readonly masked: string | null;
  readonly country: string | null;
  readonly context: StringMap | null;
  readonly metadata: StringMap;
  readonly reference: string | null;
  /** Absent in what an older release wrote. */
  readonly reason?: string | null;
  readonly returnUrl: string | null;
  readonly deviceIndex: string | null;
  readonly indexes: readonly [to: string | null, limit: string] | null;
  readonly digest: string | null;
  readonly statusReason: string | null;
  /** These are absent in what an older release wrote. */
  readonly sealedText?: string | null;
  readonly channelWaitSeconds?: readonly number[] | null;
  readonly ownCode?: true | null;
}

/** Which fields the state of a record holds already. */
export interface Fitting {
  readonly mask: boolean;
  readonly country: boolean;
  readonly indexes: boolean;
  readonly digest: boolean;
  readonly reason: boolean;
}

/** The long fields of a record, or all of them when nothing is said to fit. */
export function longFieldsOf(record: Verification, fits: Fitting = NOTHING_FITS): LongFields {
  return {
    sealedTo: record.sealedTo?.reveal() ?? null,
    masked: fits.mask ? null : record.to.masked,
    country: fits.country ? null : record.to.country,
    context: record.context,
    metadata: record.metadata,
    reference: record.reference,
    reason: record.reason,
    returnUrl: record.returnUrl,
    deviceIndex: record.deviceIndex,
    indexes: fits.indexes ? null : [record.toIndex, record.limitIndex],
    digest: fits.digest ? null : (record.digest?.reveal() ?? null),
    statusReason: fits.reason ? null : record.statusReason,
    sealedText: record.sealedText?.reveal() ?? null,
    channelWaitSeconds: record.channelWaitSeconds,
    ownCode: record.ownCode ? true : null,
  };
}

/** True when there is more than the sealed address. */
export function hasExtras({ sealedTo: _, metadata, ...texts }: LongFields): boolean {
  return Object.keys(metadata).length > 0 || Object.values(texts).some((value) => value !== null);
}

/** Long fields of a record that has no more than a sealed address. */
export function onlyAddress(sealedTo: string | null): LongFields {
  return { ...NOTHING, sealedTo };
}

const NOTHING_FITS: Fitting = { mask: false, country: false, indexes: false, digest: false, reason: false };
const NOTHING: LongFields = {
  sealedTo: null,
  masked: null,
  country: null,
  context: null,
  metadata: {},
  reference: null,
  reason: null,
  returnUrl: null,
  deviceIndex: null,
  indexes: null,
  digest: null,
  statusReason: null,
  sealedText: null,
  channelWaitSeconds: null,
  ownCode: null,
};
