import type { z } from 'zod';
import type { FieldError } from '../core/errors.ts';

const MOST = 20;
const LONGEST_NAME = 64;

type Issue = z.core.$ZodIssue;

/**
 * What is wrong, place by place (at most twenty): JSON pointers below `root`, our own codes, and details that never
 * repeat a value. `value` is what was parsed; it only tells missing from wrong.
 */
export function fieldErrors(issues: readonly Issue[], value: unknown, root = ''): readonly FieldError[] {
  const errors = new Map<string, FieldError>();
  for (const error of issues.flatMap((issue) => describe(issue, value, root))) {
    // A later rule on the same place only says the first fault in other words.
    if (!errors.has(error.pointer)) errors.set(error.pointer, error);
  }
  return [...errors.values()].slice(0, MOST);
}

/** A JSON pointer (RFC 6901) from path segments; very long names are cut. */
export function pointer(path: readonly PropertyKey[], root = ''): string {
  return root + path.map((segment) => `/${escape(String(segment))}`).join('');
}

function describe(issue: Issue, value: unknown, root: string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointer([...issue.path, key], root),
      code: 'unknown_field',
      detail: 'is not a field here',
    }));
  }
  if (issue.code === 'invalid_union') {
    const branch = closestBranch(issue.errors);
    if (branch !== null)
      return branch.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }, value, root));
  }
  if (at(value, issue.path) === undefined) {
    return [{ pointer: pointer(issue.path, root), code: 'missing', detail: 'is required' }];
  }
  return [{ pointer: pointer(issue.path, root), code: CODES[issue.code] ?? 'invalid_value', detail: detail(issue) }];
}

const CODES: Readonly<Record<string, string>> = {
  invalid_type: 'invalid_type',
  invalid_union: 'invalid_type',
  invalid_format: 'invalid_format',
  too_big: 'out_of_range',
  too_small: 'out_of_range',
};

function detail(issue: Issue): string {
  if (issue.code === 'invalid_type') return `must be ${ARTICLES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_union') return 'has the wrong type';
  if (issue.code === 'invalid_value')
    return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'is no valid name';
  return issue.message;
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  record: 'an object',
};

const UNITS: Readonly<Record<string, string>> = { string: ' characters long', array: ' items long' };

/** The branch whose type the value has; of several the one with the fewest faults. Null when it has none's. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const fitting = branches.filter(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  return fitting.toSorted((a, b) => a.length - b.length)[0] ?? null;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const segment of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.getOwnPropertyDescriptor(here, segment)?.value;
  }
  return here;
}

function escape(name: string): string {
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  return short.replaceAll('~', '~0').replaceAll('/', '~1');
}
