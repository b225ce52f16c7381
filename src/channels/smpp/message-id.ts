import type { ReceiptIds } from './settings.ts';

/** The id of a taken message as it is kept, so that its receipt finds it: as the centre wrote it, or in decimal where it writes two ways. */
export function takenId(id: string, receiptIds: ReceiptIds): string {
  if (receiptIds === 'same') return id;
  return receiptIds === 'decimal' ? fromHex(id) : fromDecimal(id);
}

/** The same of the id in a receipt. */
export function receiptId(id: string, receiptIds: ReceiptIds): string {
  if (receiptIds === 'same') return id;
  return receiptIds === 'decimal' ? fromDecimal(id) : fromHex(id);
}

/** What is no number stays as it is. */
function fromHex(id: string): string {
  return /^[0-9a-f]{1,64}$/i.test(id) ? BigInt(`0x${id}`).toString() : id;
}

function fromDecimal(id: string): string {
  return /^\d{1,64}$/.test(id) ? BigInt(id).toString() : id;
}
