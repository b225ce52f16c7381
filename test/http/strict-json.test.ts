import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from '../../src/http/strict-json.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('strict JSON', () => {
  it('reads what JSON.parse reads, as long as nothing is ambiguous', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: 'binary', maxDepth: 10 }),
        fc.constantFrom(undefined, 1),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          const result = parseStrictJson(text);
          if (result.ok) expect(result.value).toEqual(JSON.parse(text));
          else if (result.fault.code === 'too_deep') expect(depthOf(JSON.parse(text))).toBeGreaterThan(8);
          else expect([result.fault.code, text.includes('__proto__')]).toEqual(['forbidden_key', true]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds the second of two equal keys wherever they are and however they are written', () => {
    const escaped = (key: string): string =>
      `"${[...key].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z"\\/{}:,[\]]{1,6}$/), { minLength: 1, maxLength: 30 }),
        fc.nat(29),
        fc.boolean(),
        (names, pick, plain) => {
          const keys = [...new Set(names)];
          const twice = keys[pick % keys.length] ?? '';
          const members = [
            ...keys.map((key) => `${JSON.stringify(key)}:"x\\""`),
            `${plain ? JSON.stringify(twice) : escaped(twice)}:1`,
          ];
          const result = parseStrictJson(`[{"a":{${members.join(' , ')}}}]`);
          expect(result).toMatchObject({ ok: false, fault: { code: 'duplicate_key' } });
          const once = parseStrictJson(`[{"a":{${members.slice(0, -1).join(' , ')}}}]`);
          expect(once.ok).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('lets the same name stand in different objects', () => {
    expect(parseStrictJson('{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":"a"}}').ok).toBe(true);
  });

  it('takes whole surrogate pairs, escaped or not', () => {
    expect(parseStrictJson('{"😀":"\\ud83d\\ude00"}').ok).toBe(true);
  });
});
