import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moneyText, readAmount, readMoney } from '../../src/core/money.ts';
import { messagePrice, type Prices, ratesText, readRates, unitPrice } from '../../src/core/prices.ts';

const prices = (text: string, currency = 'USD'): Prices => ({ currency, rates: readRates(text) ?? [] });
const british = { to: '+447911123456', country: 'GB' };

describe('an amount', () => {
  it.each([
    ['0.0079', 7_900],
    ['12', 12_000_000],
    ['0.00000001', 1],
    ['0.0000015', 2],
    ['-1', null],
    ['1e3', null],
    ['1,5', null],
    ['', null],
    ['9999999999', null],
  ])('%s is %s millionths', (text, micros) => {
    expect(readAmount(text)).toBe(micros);
  });

  it('is written as it is read', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (micros) => {
        expect(readMoney(moneyText({ micros, currency: 'EUR' }))).toEqual({ micros, currency: 'EUR' });
      }),
    );
    expect(moneyText({ micros: 50_000, currency: 'USD' })).toBe('0.05 USD');
    expect(moneyText({ micros: 12_000_000, currency: 'USD' })).toBe('12.00 USD');
    for (const odd of ['0.05', '0.05 usd', '0.05 USD EUR', 'USD 1']) expect(readMoney(odd)).toBeNull();
  });
});

describe('a price list', () => {
  it('goes by the longest beginning of the number, then the country, then the rest', () => {
    const list = prices('GB:0.04,+44:0.05,+4479:0.06,*:0.1');
    expect(unitPrice(list, british)?.micros).toBe(60_000);
    expect(unitPrice(list, { to: '+441632960001', country: 'GB' })?.micros).toBe(50_000);
    expect(unitPrice(prices('GB:0.04,*:0.1'), british)?.micros).toBe(40_000);
    expect(unitPrice(list, { to: '+4915123456789', country: 'DE' })?.micros).toBe(100_000);
    expect(unitPrice(list, { to: 'a@b.example', country: null })?.micros).toBe(100_000);
  });

  it('says nothing of places it does not name', () => {
    expect(unitPrice(prices('GB:0.04'), { to: '+4915123456789', country: 'DE' })).toBeNull();
    expect(unitPrice(undefined, british)).toBeNull();
  });

  it('counts every part of a message, and one where there are no parts', () => {
    expect(messagePrice(prices('*:0.04'), british, 3)).toEqual({ micros: 120_000, currency: 'USD' });
    expect(messagePrice(prices('*:0.04'), british, null)?.micros).toBe(40_000);
  });

  it.each(['', 'US', 'US:', 'us:0.1', 'US:0.1,US:0.2', 'US:-1', 'US:0.1;GB:0.2', 'USA:1', '+0:1', 'US:0.1,'])(
    'is not %j',
    (text) => {
      expect(readRates(text)).toBeNull();
    },
  );

  it('is written as it is read', () => {
    expect(ratesText(prices('US:0.0079,+4479:0.05,*:1'))).toBe('US:0.0079,+4479:0.05,*:1');
  });
});
