/**
 * Every limit has a name, a window, a default and a failure mode. `refuse` = when the counter cannot be read the start is
 * refused (503); there is no mode that lets a request through uncounted.
 */
export const LIMITS = {
  destination_sends: {
    max: 10,
    windowSeconds: 86_400,
    on: true,
    scope: 'destination',
    failure: 'refuse',
    doc: 'Messages to one destination.',
  },
  destination_failures: {
    max: 20,
    windowSeconds: 86_400,
    on: true,
    scope: 'destination',
    failure: 'refuse',
    doc: 'Failed checks for one destination; reaching it refuses new starts.',
  },
  destination_consecutive_failures: {
    max: 100,
    windowSeconds: null,
    on: true,
    scope: 'destination',
    failure: 'refuse',
    doc: 'Failed checks in a row for one destination; refuses new starts until an operator re-binds it.',
  },
  known_device_sends: {
    max: 5,
    windowSeconds: 86_400,
    on: true,
    scope: 'destination',
    failure: 'refuse',
    doc: 'Messages to a destination whose own limits are reached, asked for with a `signals.device_id` that was approved for it before.',
  },
  signal_ip: {
    max: 20,
    windowSeconds: 3_600,
    on: true,
    scope: 'ip',
    failure: 'refuse',
    doc: 'Starts by `signals.ip` (IPv6 by /64).',
  },
  hosted_ip: {
    max: 10,
    windowSeconds: 3_600,
    on: true,
    scope: 'ip',
    failure: 'refuse',
    doc: 'Starts by the browser’s address on hosted pages.',
  },
  suppressed_ip: {
    max: 20,
    windowSeconds: 3_600,
    on: true,
    scope: 'ip',
    failure: 'refuse',
    doc: 'Starts for suppressed destinations by one address, `signals.ip` or a browser’s; beyond them all its starts are refused.',
  },
  hook_ip: {
    max: 60,
    windowSeconds: 3_600,
    on: true,
    scope: 'ip',
    failure: 'refuse',
    doc: 'Questions to the risk hook about one address, `signals.ip` or a browser’s; beyond them starts are refused unasked.',
  },
  captcha_ip: {
    max: 30,
    windowSeconds: 3_600,
    on: true,
    scope: 'ip',
    failure: 'refuse',
    doc: 'Answers to a CAPTCHA by one browser’s address that its provider is asked about; beyond them starts are refused unasked.',
  },
  hook_key: {
    max: null,
    windowSeconds: 3_600,
    on: false,
    scope: 'api_key',
    failure: 'refuse',
    doc: 'Questions to the risk hook about starts by one API key.',
  },
  application_sends: {
    max: null,
    windowSeconds: 86_400,
    on: false,
    scope: 'application',
    failure: 'refuse',
    doc: 'Messages of one application.',
  },
  key_starts: {
    max: null,
    windowSeconds: 3_600,
    on: false,
    scope: 'api_key',
    failure: 'refuse',
    doc: 'Starts by one API key.',
  },
  country_sends: {
    max: null,
    windowSeconds: 86_400,
    on: false,
    scope: 'country',
    failure: 'refuse',
    doc: 'Messages to one calling code.',
  },
  range_unapproved: {
    max: null,
    windowSeconds: 86_400,
    on: false,
    scope: 'range',
    failure: 'refuse',
    doc: 'Starts for one block of a thousand phone numbers that no approval followed (SMS pumping); 30 is a good number.',
  },
  money_day: {
    max: null,
    windowSeconds: 86_400,
    on: false,
    scope: 'application',
    failure: 'refuse',
    doc: 'Money an application may spend in a day (UTC), in whole units of `currency`; answers 403 `budget_exhausted`.',
  },
} as const;

export type LimitName = keyof typeof LIMITS;
export const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[];

/** A limit as set by the operator: globally or per application. */
export interface LimitSetting {
  readonly max: number;
  readonly window_seconds?: number;
  /** Of `money_day`: ISO 4217, USD without it. */
  readonly currency?: string;
}
export type LimitSettings = Readonly<Partial<Record<LimitName, LimitSetting>>>;

/**
 * One reservation. `keys` name the counter under every key of the ring, newest first: the first is written, all are read,
 * so a rotation resets nothing. `windowMs` null = for ever. `amount` is 1 unless money is counted, in millionths; a negative one
 * gives back what was counted too much.
 */
export interface Hit {
  readonly name: LimitName;
  readonly scope: string;
  readonly keys: readonly string[];
  readonly max: number;
  readonly windowMs: number | null;
  readonly amount: number;
}

/** Which limit said no, and when it opens again (epoch ms; null = only an operator can open it). */
export interface Refusal {
  readonly name: LimitName;
  readonly scope: string;
  readonly resetAt: number | null;
}
