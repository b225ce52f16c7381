/** One provider line, taken apart and percent-decoded. Absent parts are null; `path` is '' or starts with `/`. */
export interface Dsn {
  readonly scheme: string;
  readonly user: string | null;
  readonly password: string | null;
  /** Lower case, IPv6 without brackets, '' when the DSN names none. */
  readonly host: string;
  readonly port: number | null;
  readonly path: string;
  /** Every parameter with its values in order; `a=1&a=2` gives two. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/** What was read, or what is wrong. A problem names parts of the DSN and never quotes a value. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export function wrong(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

const SHAPE = /^([a-z][a-z0-9+.-]*):\/\/([^/?]*)(\/[^?]*)?(?:\?(.*))?$/is;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const UNPRINTABLE = /[\s\u0000-\u001f\u007f]/;

/** The scheme in lower case, or '' when the text has none. */
export function dsnScheme(dsn: string): string {
  return (/^([a-z][a-z0-9+.-]*):\/\//i.exec(dsn)?.[1] ?? '').toLowerCase();
}

/** Reads `scheme://user:pass@host:port/path?name=value`. A `+` is a plus sign, a space is `%20`. */
export function parseDsn(dsn: string): Parsed<Dsn> {
  if (UNPRINTABLE.test(dsn)) return wrong('it holds a space or a control character; write a space as %20');
  const shape = SHAPE.exec(dsn);
  if (!shape) return wrong('it must look like scheme://user:password@host:port/path?name=value');
  const [, scheme = '', authority = '', path = '', query = ''] = shape;
  try {
    const server = parseAuthority(authority);
    if (!server.ok) return server;
    const options = parseOptions(query);
    if (!options.ok) return options;
    const value = {
      scheme: scheme.toLowerCase(),
      ...server.value,
      path: decodeURIComponent(path),
      options: options.value,
    };
    return { ok: true, value };
  } catch {
    return wrong('its percent-encoding is broken; write a literal % as %25');
  }
}

function parseAuthority(authority: string): Parsed<Pick<Dsn, 'user' | 'password' | 'host' | 'port'>> {
  // The last @ ends the credentials, so a user name that is an e-mail address may be written as it is.
  const at = authority.lastIndexOf('@');
  const login = at < 0 ? null : authority.slice(0, at);
  const server = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/i.exec(authority.slice(at + 1));
  const port = server?.[3] === undefined ? null : Number(server[3]);
  if (!server || (port !== null && (port < 1 || port > 65535))) {
    return wrong('the host or port is not valid; write / ? # @ : inside a user name or password percent-encoded');
  }
  const host = decodeURIComponent(server[1] ?? server[2] ?? '').toLowerCase();
  if (host !== '' && !/^[a-z0-9_.:-]+$/.test(host)) return wrong('the host has characters that no host name has');
  const colon = login === null ? -1 : login.indexOf(':');
  const user = login === null ? null : decodeURIComponent(colon < 0 ? login : login.slice(0, colon));
  const password = login === null || colon < 0 ? null : decodeURIComponent(login.slice(colon + 1));
  return { ok: true, value: { user, password, host, port } };
}

function parseOptions(query: string): Parsed<ReadonlyMap<string, readonly string[]>> {
  const options = new Map<string, readonly string[]>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals < 1) return wrong('every option after the ? must be name=value');
    const name = decodeURIComponent(pair.slice(0, equals));
    options.set(name, [...(options.get(name) ?? []), decodeURIComponent(pair.slice(equals + 1))]);
  }
  return { ok: true, value: options };
}

/** True for names and addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** `host:port` as shown to people, IPv6 in brackets. */
export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What is wrong with the names of options: one that is not among `known`, or one given twice; null = nothing. Never quotes a value. */
export function optionsProblem(
  options: Dsn['options'],
  known: readonly string[],
  repeatable: readonly string[] = [],
): string | null {
  for (const [name, values] of options) {
    if (!known.includes(name)) return `it has an option it does not know; it takes ${known.join(', ')}`;
    if (values.length > 1 && !repeatable.includes(name)) return `option ${name} is given more than once`;
  }
  return null;
}

/** The option `timeout_ms` within its bounds, `usual` where it is not given. */
export function readTimeout(
  options: Dsn['options'],
  { least, usual, most }: { readonly least: number; readonly usual: number; readonly most: number },
): Parsed<number> {
  const text = options.get('timeout_ms')?.[0] ?? String(usual);
  const ms = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return ms >= least && ms <= most ? { ok: true, value: ms } : wrong(`option timeout_ms must be ${least} to ${most}`);
}
