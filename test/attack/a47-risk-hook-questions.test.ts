import { afterEach, describe, expect, it } from 'vitest';
import type { RiskHook } from '../../src/ports/risk-hook.ts';
import type { LimitSettings } from '../../src/core/limits.ts';
import { createHttpWorld } from '../support/world.ts';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
afterEach(() => world.close());

let asked = 0;
/** A hook that refuses everybody: nothing of what it is asked about would count otherwise. */
const riskHook: RiskHook = {
  onFailure: 'challenge',
  facts: 'masked',
  ask: async () => {
    asked += 1;
    return { type: 'decided', decision: 'challenge', reason: null };
  },
};

async function open(limits: LimitSettings = {}): Promise<void> {
  asked = 0;
  world = await createHttpWorld({ riskHook, limits });
}

/** The problem codes of starts for different people, all at once. */
function starts(count: number, signals?: { readonly ip: string }): Promise<readonly unknown[]> {
  const one = async (index: number): Promise<unknown> => {
    const to = `+1415555${2000 + index}`;
    const { body } = await world.call('POST', '/v1/verifications', { to, ...(signals ? { signals } : {}) });
    return body['code'];
  };
  return Promise.all(Array.from({ length: count }, (_, index) => one(index)));
}

const refused = (answers: readonly unknown[]): number => answers.filter((code) => code === 'limit_exceeded').length;

describe('A47: nobody makes us ask the risk hook without end', () => {
  it('one address has 60 questions an hour, however many starts come at once', async () => {
    await open();
    expect(refused(await starts(100, { ip: '203.0.113.9' }))).toBe(40);
    expect(asked).toBe(60);
    // IPv6 counts by /64, and another address has its own.
    await starts(70, { ip: '2001:db8::1' });
    await starts(70, { ip: '2001:db8::2' });
    expect(asked).toBe(120);
    world.clock.now += 3_600_000;
    expect(refused(await starts(1, { ip: '203.0.113.9' }))).toBe(0);
  });

  it('one key as many as the operator says', async () => {
    await open({ hook_key: { max: 5 } });
    expect(refused(await starts(20))).toBe(15);
    expect(asked).toBe(5);
  });

  it('is refused where it cannot be counted', async () => {
    asked = 0;
    const mutate: NonNullable<Parameters<typeof createHttpWorld>[0]>['mutate'] = (store) => ({
      ...store,
      documents: {
        ...store.documents,
        put: async (document) => document.kind !== 'counted' && store.documents.put(document),
      },
    });
    world = await createHttpWorld({ riskHook, mutate });
    expect(await starts(2, { ip: '203.0.113.9' })).toEqual(['unavailable', 'unavailable']);
    expect(asked).toBe(0);
  });
});
