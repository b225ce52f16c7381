export { contentNumber } from './content-number.ts';
export { defaultApplication } from './default-application.ts';
export { DOCUMENT_COLUMNS, documentFrom, documentValues, type DocumentRow } from './document-row.ts';
export { erasedEvents, packEvents, unpackEvents } from './event-row.ts';
export {
  counterName,
  isDestinationHit,
  refusalOf,
  type CounterRow,
  type Counts,
  type FailureCounts,
} from './limits.ts';
export { placeholders, searchCondition, searchScope, tallyFrom, tallyOf, type Condition } from './search-filter.ts';
export { progressFrom, SEND_COLUMNS, sendBody, sendFrom, sendValues, type SendRow } from './send-row.ts';
export { TotalDeltas, utcDay, type TotalDelta } from './totals.ts';
export {
  erased,
  VERIFICATION_COLUMNS,
  rowFromValues,
  STATE_COLUMNS,
  stateValues,
  verificationFrom,
  verificationValues,
  type SqlValue,
  type VerificationLinks,
  type VerificationRow,
} from './verification-row.ts';
