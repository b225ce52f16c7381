import { fakeClock } from './clock.ts';
import { type ContractTest, inWords, type OpenStore, type TestApi } from './contract-store.ts';
import { DESTINATIONS_CONTRACT } from './destinations-contract.ts';
import { DOCUMENTS_CONTRACT } from './documents-contract.ts';
import { FORGETTING_CONTRACT } from './forgetting-contract.ts';
import { LIMITS_CONTRACT } from './limits-contract.ts';
import { OUTBOX_CONTRACT } from './outbox-contract.ts';
import { RECORDS_CONTRACT } from './records-contract.ts';
import { SETTINGS_CONTRACT } from './settings-contract.ts';
import { SUPPRESSIONS_CONTRACT } from './suppressions-contract.ts';
import { VERDICT_CONTRACT } from './verdict-contract.ts';

/** Every promise of the store ports as a test; a driver that passes may carry the service. */
export const STORE_CONTRACT: readonly ContractTest[] = [
  ...VERDICT_CONTRACT,
  ...LIMITS_CONTRACT,
  ...DESTINATIONS_CONTRACT,
  ...OUTBOX_CONTRACT,
  ...RECORDS_CONTRACT,
  ...FORGETTING_CONTRACT,
  ...SETTINGS_CONTRACT,
  ...DOCUMENTS_CONTRACT,
  ...SUPPRESSIONS_CONTRACT,
];

/** Registers the contract suite for a driver with the caller's test runner; each test gets a store of its own. */
export function storeContract(driver: string, open: OpenStore, api: TestApi): void {
  register(`${driver} store`, STORE_CONTRACT, open, api);
}

/** The part of it about limits: what is reserved, counted and given back. For a store whose counters live elsewhere. */
export function countersContract(driver: string, open: OpenStore, api: TestApi): void {
  register(`${driver} counters`, [...LIMITS_CONTRACT, ...DESTINATIONS_CONTRACT], open, api);
}

function register(
  title: string,
  contract: readonly ContractTest[],
  open: OpenStore,
  { describe, it, expect }: TestApi,
): void {
  describe(title, () => {
    for (const { name, run } of contract) {
      it(name, async () => {
        const clock = fakeClock();
        const store = await open(clock);
        let isOpen = true;
        const close = async (): Promise<void> => {
          if (!isOpen) return;
          isOpen = false;
          await store.close();
        };
        try {
          await run({ store, clock, expect: inWords(expect), close });
        } finally {
          await close();
        }
      });
    }
  });
}
