import { CHANNELS, type ChannelName } from '../core/verification.ts';
import { type Dsn, dsnScheme, isLoopback, parseDsn } from './dsn.ts';
import { execProblem } from './exec/settings.ts';
import { COMMON_OPTIONS, readAccount } from './provider/account.ts';
import type { ProviderSpec } from './provider/spec.ts';
import { PROVIDERS } from './providers/index.ts';
import { readTerms, ROUTE_OPTIONS } from './route.ts';
import { readSmppSettings, SMPP_OPTIONS } from './smpp/settings.ts';
import { readSmtpSettings } from './smtp/settings.ts';
import { readWebhookSettings } from './webhook/settings.ts';

interface Scheme {
  readonly channels: readonly ChannelName[];
  /** Options the DSN may carry; any other is refused. */
  readonly options: readonly string[];
  /** Options that may be given more than once. */
  readonly repeatable: readonly string[];
  /** What else is wrong with it, null when fine. */
  check(dsn: Dsn): string | null;
}

const SMTP: Scheme = {
  channels: ['email'],
  options: ['from', 'tls', 'ca', 'dkim_domain', 'dkim_selector', 'dkim_key'],
  repeatable: [],
  check: (dsn) => problemOf(readSmtpSettings(dsn)),
};

const SMPP: Scheme = {
  channels: ['sms'],
  options: SMPP_OPTIONS,
  repeatable: [],
  check: (dsn) => problemOf(readSmppSettings(dsn)),
};

const SCHEMES: Readonly<Record<string, Scheme>> = {
  inbox: { channels: CHANNELS, options: [], repeatable: [], check: bare },
  sandbox: { channels: CHANNELS, options: [], repeatable: [], check: bare },
  console: { channels: CHANNELS, options: [], repeatable: [], check: bare },
  file: { channels: CHANNELS, options: [], repeatable: [], check: checkFile },
  webhook: {
    channels: CHANNELS,
    options: ['secret', 'tls'],
    repeatable: ['secret'],
    check: (dsn) => problemOf(readWebhookSettings(dsn)),
  },
  smtp: SMTP,
  smtps: SMTP,
  smpp: SMPP,
  smpps: SMPP,
  exec: { channels: CHANNELS, options: [], repeatable: [], check: execProblem },
  ...Object.fromEntries(Object.entries(PROVIDERS).map(([scheme, spec]) => [scheme, schemeOf(spec)])),
};

function schemeOf(spec: ProviderSpec): Scheme {
  return {
    channels: spec.channels,
    options: [...COMMON_OPTIONS, ...Object.keys(spec.options)],
    repeatable: [],
    check: (dsn) => problemOf(readAccount(spec, dsn, () => 0)),
  };
}

/** Schemes that production refuses: messages stay inside Watchword. */
export const DEVELOPMENT_SCHEMES: readonly string[] = ['inbox', 'sandbox'];
/** Schemes that production warns about: messages stay on this machine. */
export const WARNED_SCHEMES: readonly string[] = ['console', 'file'];

/** Null when the DSN can carry messages of `kind`, else what is wrong with it; never quotes a value of the DSN. Opens no file. */
export function checkDsn(dsn: string, kind: ChannelName): string | null {
  const name = dsnScheme(dsn);
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
  if (!scheme) return `the scheme is not known; known are ${Object.keys(SCHEMES).join(', ')}`;
  if (!scheme.channels.includes(kind)) return `${name}:// cannot carry ${kind}, only ${scheme.channels.join(', ')}`;
  const parsed = parseDsn(dsn);
  if (!parsed.ok) return parsed.problem;
  return checkOptions(parsed.value, scheme) ?? problemOf(readTerms(parsed.value)) ?? scheme.check(parsed.value);
}

function checkOptions(dsn: Dsn, scheme: Scheme): string | null {
  for (const [name, values] of dsn.options) {
    if (!scheme.options.includes(name) && !isRouteOption(name)) {
      const known = scheme.options.length > 0 ? `it takes ${scheme.options.join(', ')}` : 'it takes none';
      return `${dsn.scheme}:// has an option it does not know; ${known}`;
    }
    if (values.length > 1 && !scheme.repeatable.includes(name)) return `option ${name} is given more than once`;
    if (values.includes('')) return `option ${name} is empty`;
  }
  return null;
}

function isRouteOption(name: string): boolean {
  return ROUTE_OPTIONS.some((option) => option === name);
}

/** Sentences for a production log: each says what is risky about the DSN, without its values. Expects a DSN that passed {@link checkDsn}. */
export function dsnWarnings(dsn: string): string[] {
  const parsed = parseDsn(dsn);
  if (!parsed.ok) return [];
  const { scheme, host, options } = parsed.value;
  const warnings: string[] = [];
  if (WARNED_SCHEMES.includes(scheme))
    warnings.push(`${scheme}:// writes codes in clear to this machine and delivers to nobody`);
  if (options.get('tls')?.[0] === '0')
    warnings.push(`${scheme}:// with tls=0 carries codes and credentials unencrypted`);
  else if (isOpportunistic(parsed.value)) {
    warnings.push('smtp:// encrypts only if the server offers it; add tls=required or use smtps://');
  }
  if (scheme === 'smpp' && !isLoopback(host))
    warnings.push('smpp:// carries codes and credentials unencrypted; use smpps:// or a tunnel');
  if (isLoopback(host)) warnings.push(`${scheme}:// points at this machine (loopback)`);
  return warnings;
}

function isOpportunistic(dsn: Dsn): boolean {
  const settings = dsn.scheme === 'smtp' ? readSmtpSettings(dsn) : null;
  return settings !== null && settings.ok && settings.value.encryption === 'offered';
}

function bare(dsn: Dsn): string | null {
  const extra = dsn.host !== '' || dsn.user !== null || dsn.port !== null || dsn.path.length > 1;
  return extra ? `write just ${dsn.scheme}://` : null;
}

function checkFile(dsn: Dsn): string | null {
  if (dsn.host !== '' || dsn.user !== null || dsn.port !== null)
    return 'the path must be absolute: file:///path/to/file';
  return dsn.path.length < 2 || dsn.path.endsWith('/') ? 'the path of a file is missing: file:///path/to/file' : null;
}

function problemOf(read: { readonly ok: true } | { readonly ok: false; readonly problem: string }): string | null {
  return read.ok ? null : read.problem;
}
