export { fakeClock, type FakeClock } from './clock.ts';
export type { ContractTest, OpenStore, TestApi } from './contract-store.ts';
export {
  APPLICATION,
  closedRecord,
  nextRecord,
  sendsHit,
  testChanges,
  testEvent,
  testHit,
  testId,
  testRecord,
  testSend,
} from './factories.ts';
export { INJECTIONS } from './injections.ts';
export { STORE_CONTRACT, storeContract } from './store-contract.ts';
