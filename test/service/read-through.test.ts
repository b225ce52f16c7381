import { describe, expect, it } from 'vitest';
import { readThrough } from '../../src/service/read-through.ts';

/** A clock and loads that the test ends one by one. */
function world(options: { readonly oldIfFailed?: boolean } = {}) {
  let now = 1_000;
  const asked: { end: (value: string) => void; fail: () => void; before: string | null }[] = [];
  const cache = readThrough<string>({ now: () => now }, { forMs: 100, ...options });
  const of = (name = 'a'): Promise<string> =>
    cache.of(
      name,
      (before) =>
        new Promise((resolve, reject) => {
          asked.push({ end: resolve, fail: () => reject(new Error('away')), before });
        }),
    );
  return { cache, of, asked, pass: (ms: number) => (now += ms) };
}

describe('reading through a cache', () => {
  it('loads once for all who ask, and again when the answer is too old', async () => {
    const { of, asked, pass } = world();
    const both = Promise.all([of(), of()]);
    asked[0]?.end('one');
    expect(await both).toEqual(['one', 'one']);
    pass(99);
    expect(await of()).toBe('one');
    expect(asked.length).toBe(1);
    pass(1);
    const later = of();
    const second = asked[1];
    expect(second?.before).toBe('one');
    second?.end('two');
    expect(await later).toBe('two');
  });

  it('reads again when the clock stepped back', async () => {
    const { of, asked, pass } = world();
    const first = of();
    asked[0]?.end('one');
    await first;
    pass(-1);
    const second = of();
    asked[1]?.end('two');
    expect(await second).toBe('two');
  });

  it('does not let a read that began before a write stand for what it wrote', async () => {
    const { cache, of, asked } = world();
    const early = of();
    const first = asked[0];
    cache.forget();
    const late = of();
    first?.end('old');
    asked[1]?.end('new');
    expect([await early, await late, await of()]).toEqual(['old', 'new', 'new']);
  });

  it('tells a failure, and asks again next time', async () => {
    const { of, asked } = world();
    const first = of();
    asked[0]?.fail();
    await expect(first).rejects.toThrow('away');
    const second = of();
    asked[1]?.end('one');
    expect(await second).toBe('one');
  });

  it('keeps a newer answer when an older read fails late', async () => {
    const { cache, of, asked } = world();
    const begun = of();
    const first = asked[0];
    cache.forget('a');
    const second = of();
    asked[1]?.end('new');
    expect(await second).toBe('new');
    first?.fail();
    await expect(begun).rejects.toThrow('away');
    expect(await of()).toBe('new');
    expect(asked.length).toBe(2);
  });

  it('gives the old answer for one that cannot be read where that is asked for, and tries again', async () => {
    const { of, asked, pass } = world({ oldIfFailed: true });
    const first = of();
    asked[0]?.end('one');
    await first;
    pass(100);
    const second = of();
    asked[1]?.fail();
    expect(await second).toBe('one');
    pass(100);
    const third = of();
    asked[2]?.end('three');
    expect(await third).toBe('three');
  });

  it('keeps names apart, and forgets one without the others', async () => {
    const { cache, of, asked } = world();
    const both = Promise.all([of('a'), of('b')]);
    asked[0]?.end('A');
    asked[1]?.end('B');
    await both;
    cache.forget('b');
    expect(await of('a')).toBe('A');
    expect(asked.length).toBe(2);
    const again = of('b');
    asked[2]?.end('B2');
    expect(await again).toBe('B2');
  });
});
