/** An amount in millionths of its currency: whole, so that sums are exact. Small parts of a cent are rounded up, never down. */
export interface Money {
  readonly micros: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** How many millionths are one whole unit. */
export const MICROS = 1_000_000;
const AMOUNT = /^(\d{1,9})(?:\.(\d{1,12}))?$/;

/** `0.0079` as 7,900 millionths; null for what is no plain amount. */
export function readAmount(text: string): number | null {
  const [, whole = '', part = ''] = AMOUNT.exec(text) ?? [];
  if (whole === '') return null;
  const digits = part.padEnd(6, '0');
  const rest = /[1-9]/.test(digits.slice(6)) ? 1 : 0;
  return Number(whole) * MICROS + Number(digits.slice(0, 6)) + rest;
}

/** `0.0075 USD`, as sends and reports carry it; null for anything else. */
export function readMoney(text: string): Money | null {
  const [amount = '', currency = '', ...rest] = text.split(' ');
  const micros = readAmount(amount);
  return micros === null || rest.length > 0 || !/^[A-Z]{3}$/.test(currency) ? null : { micros, currency };
}

/** `0.0075 USD`, at least two decimals. */
export function moneyText({ micros, currency }: Money): string {
  const part = String(micros % MICROS).padStart(6, '0');
  return `${Math.floor(micros / MICROS)}.${part.replace(/0{1,4}$/, '')} ${currency}`;
}
