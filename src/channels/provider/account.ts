import { type Dsn, hostAndPort, type Parsed, wrong } from '../dsn.ts';
import type { Account, AccountSpec } from './spec.ts';

/** Options every HTTP provider's DSN takes. */
export const COMMON_OPTIONS: readonly string[] = ['tls'];

/** What is wrong with a provider's DSN, or the account it names. A problem never quotes a value. */
export function readAccount(spec: AccountSpec, dsn: Dsn, now: () => number): Parsed<Account> {
  const problem = loginProblem(spec, dsn) ?? optionProblem(spec, dsn) ?? serverProblem(dsn);
  if (problem !== null) return wrong(problem);
  const option = (name: string): string | null => dsn.options.get(name)?.[0] ?? null;
  const isOverridden = dsn.host !== 'default' && dsn.host !== '';
  const own = typeof spec.host === 'string' ? spec.host : spec.host(option);
  const host = isOverridden ? dsn.host : own;
  const scheme = option('tls') === '0' ? 'http' : 'https';
  const baseUrl = `${scheme}://${dsn.port === null ? withBrackets(host) : hostAndPort(host, dsn.port)}`;
  if (!URL.canParse(baseUrl)) return wrong('the host is not valid');
  return {
    ok: true,
    value: { user: dsn.user ?? '', password: dsn.password ?? '', baseUrl, isOverridden, option, now },
  };
}

function loginProblem(spec: AccountSpec, { user, password }: Dsn): string | null {
  if (spec.user === null && user !== null) return 'it takes no user';
  if (spec.user !== null && (user === null || user === '')) return `the user is missing: the ${spec.user}`;
  if (spec.password === null && password !== null) return 'it takes no password';
  if (spec.password !== null && (password === null || password === ''))
    return `the password is missing: the ${spec.password}`;
  return null;
}

function optionProblem(spec: AccountSpec, { options }: Dsn): string | null {
  for (const [name, { required, pattern }] of Object.entries(spec.options)) {
    const value = options.get(name)?.[0];
    if (value === undefined && required) return `option ${name} is missing`;
    if (value !== undefined && pattern !== undefined && !pattern[0].test(value))
      return `option ${name} must be ${pattern[1]}`;
  }
  return null;
}

function serverProblem({ host, path, options }: Dsn): string | null {
  if (host === '') return 'the host is missing; write @default for the provider’s own';
  if (path.length > 1) return 'it takes no path';
  const tls = options.get('tls')?.[0];
  return tls === undefined || tls === '0' ? null : 'option tls may only be 0; encrypted is the default';
}

function withBrackets(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
