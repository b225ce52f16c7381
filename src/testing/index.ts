export { ATTACKS, attackSuite, type AttackOptions, type AttackTest } from './attack-suite.ts';
export { channelContract, type ChannelUnderTest, testMessage } from './channel-contract.ts';
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
export { isLinearizable, type Action, type Operation, type Register } from './linear-history.ts';
export { findBadHistory, linearizabilitySuite, type BadHistory, type HistoryOptions } from './linearizability.ts';
export { runRaces, type RaceOptions, type RaceReport } from './races.ts';
export { seeded } from './seeded.ts';
export { onFreshData, type FreshData, type InstancesContext, type SharedData } from './shared-data.ts';
export { countersContract, STORE_CONTRACT, storeContract } from './store-contract.ts';
export { type InboxPlace, type TestInbox, testInbox } from './test-inbox.ts';
export { cancelRecord, recordWithCode, resendWithCode, submitCode, sweep } from './submit.ts';
