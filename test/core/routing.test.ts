import { describe, expect, it } from 'vitest';
import { answered, asking, type Breaker, failed, HEALTHY, mayAsk } from '../../src/core/breaker.ts';
import { readRates } from '../../src/core/prices.ts';
import { ANYWHERE, askingOrder, type Carrier, routesFor, type Route } from '../../src/core/routing.ts';

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
  const order = (
    list: readonly Carrier[],
    failedBefore: ReadonlySet<string>,
    randomInt: (most: number) => number = first,
  ): readonly Carrier[] => askingOrder(list, { message: british, failedBefore, randomInt });

  it('is that of the list, with those that failed in this verification last', () => {
    const list = [provider('a'), provider('b'), provider('c')];
    expect(names(order(list, new Set()))).toEqual(['a', 'b', 'c']);
    expect(names(order(list, new Set(['a', 'b'])))).toEqual(['c', 'a', 'b']);
    expect(names(order(list, new Set(['a', 'b', 'c'])))).toEqual(['a', 'b', 'c']);
  });

  it('draws the weighted ones by lot, before all others', () => {
    const list = [provider('listed'), provider('one', { weight: 1 }), provider('three', { weight: 3 })];
    const orders = [0, 1, 2, 3].map((ticket) => {
      const tickets = [ticket, 0];
      return names(order(list, new Set(), (most) => Math.min(tickets.shift() ?? 0, most - 1)));
    });
    expect(orders).toEqual([
      ['one', 'three', 'listed'],
      ['three', 'one', 'listed'],
      ['three', 'one', 'listed'],
      ['three', 'one', 'listed'],
    ]);
  });
});

describe('routes by price', () => {
  const priced = (name: string, text: string, route: Partial<Route> = {}, currency = 'USD'): Carrier => ({
    ...provider(name, route),
    prices: { currency, rates: readRates(text) ?? [] },
  });
  const order = (list: readonly Carrier[], tickets: readonly number[] = []): readonly string[] => {
    const left = [...tickets];
    const randomInt = (): number => left.shift() ?? 0;
    return names(askingOrder(list, { message: british, failedBefore: new Set(), randomInt }));
  };
  const byPrice = { byPrice: true };

  it('ask the cheapest first, those of unknown or incomparable price after them, the others last', () => {
    const list = [
      priced('listed', '*:0.001'),
      priced('dear', 'GB:0.06', byPrice),
      priced('elsewhere', 'US:0.01', byPrice),
      priced('euro', '*:0.001', byPrice, 'EUR'),
      priced('cheap', '*:0.04', byPrice),
    ];
    expect(order(list)).toEqual(['cheap', 'dear', 'elsewhere', 'euro', 'listed']);
  });

  it('let weights decide among equal prices', () => {
    const list = [
      priced('a', '*:0.04', { ...byPrice, weight: 1 }),
      priced('b', '*:0.04', { ...byPrice, weight: 3 }),
      priced('c', '*:0.03', { ...byPrice, weight: 1 }),
    ];
    expect(order(list, [4, 0])).toEqual(['c', 'a', 'b']);
    expect(order(list, [1, 0])).toEqual(['c', 'b', 'a']);
  });

  it('take no message that costs more than their most, nor one of unknown price', () => {
    const limited = { maxMicros: 50_000 };
    const list = [
      priced('cheap', 'GB:0.05', limited),
      priced('dear', '*:0.051', limited),
      priced('us', 'US:0.01', limited),
    ];
    expect(names(routesFor(list, british) as readonly Carrier[])).toEqual(['cheap']);
  });

  it('combine with country, prefix and purpose', () => {
    const all = { countries: ['GB'], prefixes: ['+4479'], purposes: ['login'], maxMicros: 50_000, ...byPrice };
    expect(routesFor([priced('a', '*:0.04', all)], british)).toHaveLength(1);
    expect(routesFor([priced('a', '*:0.04', all)], { ...british, purpose: 'payment' })).toEqual([]);
    expect(routesFor([priced('a', '*:0.06', all)], british)).toEqual([]);
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

  it('rests no longer than that where the clock steps back an hour', () => {
    const hour = 3_600_000;
    expect(mayAsk(after(5, hour), 0)).toBe(true);
    expect(mayAsk(after(10, hour), hour)).toBe(false);
  });
});
