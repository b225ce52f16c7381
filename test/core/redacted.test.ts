import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { code, digest, type Redacted, sealed, secret } from '../../src/core/redacted.ts';

const CANARY = 'canary-042137';
const MADE = { code, digest, sealed, secret };

/** Every ordinary way a value ends up as text. */
const WAYS: Readonly<Record<string, (value: Redacted<string>) => string>> = {
  String: (value) => String(value),
  'a template literal': (value) => `code ${value}`,
  concatenation: (value) => 'code ' + value,
  'a property key': (value) => Object.keys({ [String(value)]: 1 }).join(),
  'Array.join': (value) => [value, value].join(', '),
  JSON: (value) => JSON.stringify(value),
  'JSON of something around it': (value) => JSON.stringify({ deep: [{ value }] }),
  inspect: (value) => inspect(value),
  'inspect with everything shown': (value) => inspect({ value }, { showHidden: true, depth: 9, getters: true }),
  'inspect with compact off and colours': (value) => inspect([value], { compact: false, colors: true }),
  'format %s': (value) => format('%s', value),
  'format %o': (value) => format('%o', { value }),
  'format %j': (value) => format('%j', { value }),
  'an Error message': (value) => new Error(`failed for ${value}`).message,
  'an inspected Error cause': (value) => inspect(new Error('failed', { cause: { value } })),
  'a Map': (value) => inspect(new Map([['value', value]])),
};

describe.each(Object.entries(MADE))('a redacted %s', (kind, make) => {
  it.each(Object.entries(WAYS))('says [redacted] in %s', (_, print) => {
    const text = print(make(CANARY));
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(CANARY);
  });

  it('gives the value back by reveal only', () => {
    const value = make(CANARY);
    expect(value.reveal()).toBe(CANARY);
    expect(value.kind).toBe(kind);
    expect(Object.values(value)).not.toContain(CANARY);
    expect(Object.entries({ ...value })).toEqual([['kind', kind]]);
  });

  it('loses the value when cloned, as into a worker', () => {
    expect(JSON.stringify(structuredClone({ ...make(CANARY) }))).not.toContain(CANARY);
    expect(inspect(structuredClone(make(CANARY)))).not.toContain(CANARY);
  });
});
