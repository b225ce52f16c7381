import { describe, expect, it } from 'vitest';
import { encoder } from '../../src/stores/redis/commands.ts';

/** The protocol's own words for it, written the plain way. */
function plain(name: string, values: readonly (string | Buffer)[]): Buffer {
  const bulks = [name, ...values]
    .map((value) => Buffer.from(value))
    .flatMap((bytes) => [Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]);
  return Buffer.concat([Buffer.from(`*${values.length + 1}\r\n`), ...bulks]);
}

const CASES: readonly (readonly [string, readonly (string | Buffer)[]])[] = [
  ['ping', []],
  ['set', ['key', '']],
  ['set', [Buffer.from([0, 13, 10, 255]), 'ключ', '👩‍👩‍👧 𝒳']],
  ['set', [Buffer.alloc(0), 'lone \ud800 surrogate']],
  ['evalsha', Array.from({ length: 300 }, (_, i) => 'x'.repeat(i))],
  ['set', ['large', 'ü'.repeat(200_000), Buffer.alloc(100_000, 1)]],
];

describe('commands for Redis', () => {
  it('are encoded as the protocol says, one behind the other, whatever their size', () => {
    const encode = encoder();
    for (let round = 0; round < 30; round++) {
      const pieces = CASES.map(([name, values]) => encode(name, values));
      // All together: a later one must not overwrite an earlier one that still waits.
      pieces.forEach((piece, at) => {
        const [name = '', values = []] = CASES[at] ?? [];
        expect(piece.equals(plain(name, values))).toBe(true);
      });
    }
  });
});
