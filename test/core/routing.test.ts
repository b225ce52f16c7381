import { describe, expect, it } from 'vitest';
import { answered, asking, type Breaker, failed, HEALTHY, mayAsk } from '../../src/core/breaker.ts';
import { ANYWHERE, askingOrder, routesFor, type Route } from '../../src/core/routing.ts';

const provider = (name: string, route: Partial<Route> = {}): { name: string; route: Route } => ({
  name,
  route: { ...ANYWHERE, ...route },
});
const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);
const british = { to: '+447911123456', country: 'GB', purpose: 'login' };

describe('a route', () => {
  it.each([
    ['any', {}, true],
    ['its country', { countries: ['US', 'GB'] }, true],
    ['another country', { countries: ['US'] }, false],
    ['its prefix', { prefixes: ['+1', '+4479'] }, true],
    ['another prefix', { prefixes: ['+4478'] }, false],
    ['its purpose', { purposes: ['login'] }, true],
    ['another purpose', { purposes: ['payment'] }, false],
    ['country but not purpose', { countries: ['GB'], purposes: ['payment'] }, false],
  ] satisfies [string, Partial<Route>, boolean][])('of %s', (_name, route, taken) => {
    expect(routesFor([provider('a', route)], british)).toHaveLength(taken ? 1 : 0);
  });

  it('by country never takes a number of no country', () => {
    expect(routesFor([provider('a', { countries: ['GB'] })], { ...british, country: null })).toEqual([]);
  });
});

describe('the order of asking', () => {
  const first = (): number => 0;

  it('is that of the list, with those that failed in this verification last', () => {
    const list = [provider('a'), provider('b'), provider('c')];
    expect(names(askingOrder(list, new Set(), first))).toEqual(['a', 'b', 'c']);
    expect(names(askingOrder(list, new Set(['a', 'b']), first))).toEqual(['c', 'a', 'b']);
    expect(names(askingOrder(list, new Set(['a', 'b', 'c']), first))).toEqual(['a', 'b', 'c']);
  });

  it('draws the weighted ones by lot, before all others', () => {
    const list = [provider('listed'), provider('one', { weight: 1 }), provider('three', { weight: 3 })];
    const orders = [0, 1, 2, 3].map((ticket) => {
      const tickets = [ticket, 0];
      return names(askingOrder(list, new Set(), (most) => Math.min(tickets.shift() ?? 0, most - 1)));
    });
    expect(orders).toEqual([
      ['one', 'three', 'listed'],
      ['three', 'one', 'listed'],
      ['three', 'one', 'listed'],
      ['three', 'one', 'listed'],
    ]);
  });
});

describe('a breaker', () => {
  const after = (count: number, now = 0): Breaker => {
    let breaker = HEALTHY;
    for (let i = 0; i < count; i++) breaker = failed(breaker, now);
    return breaker;
  };

  it('opens after five failures in a row, not after four', () => {
    expect(mayAsk(after(4), 0)).toBe(true);
    expect(mayAsk(after(5), 0)).toBe(false);
    expect(mayAsk(failed(answered(), 0), 0)).toBe(true);
  });

  it('lets one trial through after its rest, and holds the others until that is decided', () => {
    const resting = after(5);
    expect(mayAsk(resting, 4_999)).toBe(false);
    expect(mayAsk(resting, 5_000)).toBe(true);
    const trial = asking(resting, 5_000);
    expect(mayAsk(trial, 5_000)).toBe(false);
    expect(mayAsk(answered(), 5_001)).toBe(true);
  });

  it('rests longer each time a trial fails, a minute at most', () => {
    let breaker = after(5);
    const rests: number[] = [];
    for (let i = 0; i < 6; i++) {
      rests.push(breaker.restsUntil);
      breaker = failed(asking(breaker, 0), 0);
    }
    expect(rests).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });
});
