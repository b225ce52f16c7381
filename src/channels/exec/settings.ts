import type { Dsn } from '../dsn.ts';

/** What is wrong with an `exec://` DSN, null when fine. Looks at no file. */
export function execProblem({ host, user, port, path }: Dsn): string | null {
  if (host !== '' || user !== null || port !== null) return 'the path must be absolute: exec:///path/to/program';
  if (path.length < 2 || path.endsWith('/')) return 'the path of a program is missing: exec:///path/to/program';
  return path.includes('\0') ? 'the path holds a control character' : null;
}
