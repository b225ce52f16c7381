export { defaultApplication } from './default-application.ts';
export { erasedEvents, packEvents, unpackEvents } from './event-row.ts';
export { placeholders, searchCondition, type Condition } from './search-filter.ts';
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
