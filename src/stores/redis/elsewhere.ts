import { sealed } from '../../core/redacted.ts';
import type { Verification } from '../../core/verification.ts';

/** Stands for a sealed value that only the records have; a commit leaves such a value as it is. Opens under no key. */
export const ELSEWHERE = sealed('elsewhere');

/** What the commit script and the recorder take for "as it is". */
export const AS_IT_IS = '=';

/** True for a record that was read for its verdict alone: its sealed values are elsewhere. */
export function isPartial(record: Verification): boolean {
  return record.sealedTo === ELSEWHERE || record.sealedCode === ELSEWHERE;
}

/** The record with the sealed values that the records have for it. */
export function completed(record: Verification, whole: Verification): Verification {
  return {
    ...record,
    sealedTo: record.sealedTo === ELSEWHERE ? whole.sealedTo : record.sealedTo,
    sealedCode: record.sealedCode === ELSEWHERE ? whole.sealedCode : record.sealedCode,
  };
}
