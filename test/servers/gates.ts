import type { Store } from '../../src/ports/store.ts';
import { recordWithCode, submitCode, testChanges } from '../../src/testing/index.ts';
import type { HttpClient } from '../support/client.ts';
import type { Gate } from './ledger.ts';

const CODES = { right: '271828', wrong: '314159' } as const;

/** The store and the state machine, without a service around them. */
export function storeGate(store: Store): Gate {
  return {
    async start() {
      const record = recordWithCode(await store.verifications.time(), CODES.right);
      await store.verifications.insert(record, testChanges());
      return record.id;
    },
    check: (id, guess) => submitCode(store, id, CODES[guess]),
    read: async (id) => (await store.verifications.get(id)).record,
  };
}

/** The real service over HTTP, by a test key whose application has a fixed code. What is refused or gets no answer is told. */
export function httpGate(
  server: Pick<HttpClient, 'call'>,
  key: string,
  told: (what: string, wasAnswered: boolean) => void,
): Gate {
  const ask = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown> | null> => {
    const answer = await server
      .call(method, path, { key, ...(body === undefined ? {} : { body }) })
      .catch((error: unknown) => {
        told(`${method} ${path}: ${String(error)}`, false);
        throw error;
      });
    if (answer.status < 300) return answer.body;
    if (answer.status === 404) return null;
    told(`${method} ${path}: ${answer.status} ${answer.text}`, true);
    throw new Error(answer.text);
  };
  return {
    async start() {
      const started = await ask('POST', '/v1/verifications', { to: 'someone@load.example' });
      return String(started?.['id']);
    },
    check: async (id, guess) =>
      String((await ask('POST', `/v1/verifications/${id}/checks`, { code: CODES[guess] }))?.['result']),
    async read(id) {
      const record = await ask('GET', `/v1/verifications/${id}`);
      return record === null ? null : { status: String(record['status']), checks: Number(record['checks']) };
    },
  };
}

/** The code that {@link httpGate} takes for the right one; the application's `test_code` must be it. */
export const TEST_CODE = CODES.right;
