import type { Problem } from './errors.ts';

/** Why an address is refused. `code` is the stable word of the field error, `detail` a sentence that names the cure. */
export interface AddressFault {
  readonly code: string;
  readonly detail: string;
}

/** 422 `invalid_destination` at a place of the request. Never repeats the address. */
export function invalidDestination(
  pointer: string,
  fault: AddressFault,
): { readonly ok: false; readonly problem: Problem } {
  return refusal('invalid_destination', pointer, fault);
}

/** 422 `unreachable_destination`: a sound number in a range that never receives codes. */
export function unreachableDestination(
  pointer: string,
  fault: AddressFault,
): { readonly ok: false; readonly problem: Problem } {
  return refusal('unreachable_destination', pointer, fault);
}

function refusal(
  code: 'invalid_destination' | 'unreachable_destination',
  pointer: string,
  fault: AddressFault,
): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { code, detail: fault.detail, errors: [{ pointer, ...fault }] } };
}
