import { readFileSync } from 'node:fs';
import { WatchwordError } from '../../core/errors.ts';

/** Where to connect, and as whom. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** Path of a Unix socket instead of host and port; null = none. */
  readonly socketPath: string | null;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Null = in clear. */
  readonly tls: Tls | null;
}

interface Tls {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
  /** PEM of who may sign the server's certificate; without it those that Node trusts. */
  readonly ca?: string;
}

/** The values of `ssl-mode`, as MySQL's own programs mean them; `preferred` is missing, as it protects nobody. */
const TLS_MODES = {
  disabled: null,
  required: { rejectUnauthorized: false, verifyIdentity: false },
  verify_ca: { rejectUnauthorized: true, verifyIdentity: false },
  verify_identity: { rejectUnauthorized: true, verifyIdentity: true },
} as const;

const OPTIONS: readonly string[] = ['ssl-mode', 'ssl-ca', 'socket'];

/** Reads `mysql://user:password@host:port/database` and its options. Throws `unavailable` without showing it. */
export function placeOf(url: string): Place {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const database = decoded(parsed?.pathname.slice(1) ?? '');
  const [user, password] = [decoded(parsed?.username ?? ''), decoded(parsed?.password ?? '')];
  const isNamed = database !== null && /^[^/\0]{1,64}$/.test(database);
  if (parsed === null || !/^(mysql|mariadb):$/.test(parsed.protocol) || !isNamed || !user || password === null) {
    throw refusal('is not of the form mysql://user:password@host:3306/database');
  }
  const options = parsed.searchParams;
  const unknown = [...options.keys()].find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw refusal(`has an option that is not known here. Known are ${OPTIONS.join(', ')}`);
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(parsed.port || 3306),
    socketPath: options.get('socket'),
    user,
    password,
    database,
    tls: tlsOf(options),
  };
}

function tlsOf(options: URLSearchParams): Tls | null {
  const mode = (options.get('ssl-mode') ?? 'disabled').toLowerCase().replace('-', '_');
  if (!isTlsMode(mode)) throw refusal(`has an unknown ssl-mode. It is one of ${Object.keys(TLS_MODES).join(', ')}`);
  const wanted = TLS_MODES[mode];
  const path = options.get('ssl-ca');
  return wanted === null ? null : { ...wanted, ...(path === null ? {} : { ca: fileAt(path) }) };
}

function isTlsMode(mode: string): mode is keyof typeof TLS_MODES {
  return Object.hasOwn(TLS_MODES, mode);
}

function fileAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw refusal('names an ssl-ca that cannot be read. Correct the path, or let the service read the file', cause);
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function refusal(problem: string, cause?: unknown): WatchwordError {
  return new WatchwordError('unavailable', `DATABASE_URL ${problem}.`, { cause });
}
