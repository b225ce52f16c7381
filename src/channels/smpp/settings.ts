import { type Dsn, hostAndPort, type Parsed, wrong } from '../dsn.ts';

/** How a text that needs several parts is sent: with a header in each part, with fields beside it, or whole in one field. */
export type LongForm = 'udh' | 'sar' | 'payload';

/** How receipts write the ids that the centre gave: the same way, or in decimal what was hex, or in hex what was decimal. */
export type ReceiptIds = 'same' | 'decimal' | 'hex';

/** Kind and plan of an address (SMPP 3.4 sections 5.2.5 and 5.2.6); null = by the look of the address. */
export interface AddressKind {
  readonly ton: number | null;
  readonly npi: number | null;
}

/** What an `smpp://` or `smpps://` DSN says. */
export interface SmppSettings {
  readonly host: string;
  readonly port: number;
  /** `host:port`, for display. */
  readonly server: string;
  readonly encrypted: boolean;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly serviceType: string;
  readonly from: string;
  readonly source: AddressKind;
  readonly destination: AddressKind;
  readonly long: LongForm;
  readonly receiptIds: ReceiptIds;
}

const NUMBERS = ['source_ton', 'source_npi', 'dest_ton', 'dest_npi'] as const;

/** Options of the DSN. */
export const SMPP_OPTIONS: readonly string[] = [
  'from',
  'system_type',
  'service_type',
  'long',
  'receipt_ids',
  ...NUMBERS,
];

/** Reads the DSN; a problem never quotes a value. */
export function readSmppSettings(dsn: Dsn): Parsed<SmppSettings> {
  const option = (name: string): string | null => dsn.options.get(name)?.[0] ?? null;
  const problem = loginProblem(dsn) ?? textProblem(option) ?? numberProblem(option);
  if (problem !== null) return wrong(problem);
  const from = option('from');
  if (from === null) return wrong('option from is missing (the sending number or name)');
  if (!isSender(from)) return wrong('option from must be a number or up to 11 letters, digits and blanks');
  const long = option('long') ?? 'udh';
  if (long !== 'udh' && long !== 'sar' && long !== 'payload') return wrong('option long must be udh, sar or payload');
  const receiptIds = option('receipt_ids') ?? 'same';
  if (receiptIds !== 'same' && receiptIds !== 'decimal' && receiptIds !== 'hex')
    return wrong('option receipt_ids must be same, decimal or hex');
  const encrypted = dsn.scheme === 'smpps';
  const port = dsn.port ?? (encrypted ? 3550 : 2775);
  const number = (name: (typeof NUMBERS)[number]): number | null => {
    const value = option(name);
    return value === null ? null : Number(value);
  };
  return {
    ok: true,
    value: {
      host: dsn.host,
      port,
      server: hostAndPort(dsn.host, port),
      encrypted,
      systemId: dsn.user ?? '',
      password: dsn.password ?? '',
      systemType: option('system_type') ?? '',
      serviceType: option('service_type') ?? '',
      from,
      source: { ton: number('source_ton'), npi: number('source_npi') },
      destination: { ton: number('dest_ton'), npi: number('dest_npi') },
      long,
      receiptIds,
    },
  };
}

/** A number with or without plus sign, or an alphanumeric sender. */
export function isSender(from: string): boolean {
  return /^\+?\d{1,20}$/.test(from) || /^[ -~]{1,11}$/.test(from);
}

function loginProblem({ host, path, user, password }: Dsn): string | null {
  if (host === '') return 'the host is missing';
  if (path.length > 1) return 'it takes no path';
  if (user === null || user === '') return 'the user is missing: the system id';
  if (password === null || password === '') return 'the password is missing';
  if (!/^[!-~]{1,15}$/.test(user)) return 'the user must be a system id of at most 15 ASCII characters';
  return /^[!-~]{1,64}$/.test(password) ? null : 'the password must be ASCII, at most 64 characters';
}

function textProblem(option: (name: string) => string | null): string | null {
  if (!/^[!-~]{0,12}$/.test(option('system_type') ?? ''))
    return 'option system_type must be at most 12 ASCII characters';
  return /^[!-~]{0,5}$/.test(option('service_type') ?? '')
    ? null
    : 'option service_type must be at most 5 ASCII characters';
}

function numberProblem(option: (name: string) => string | null): string | null {
  const bad = NUMBERS.find((name) => !/^(?:\d|1\d)$/.test(option(name) ?? '0'));
  return bad === undefined ? null : `option ${bad} must be a number from 0 to 19`;
}
