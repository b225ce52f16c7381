import { expect, it, vi } from 'vitest';
import { onFirstUse } from '../../src/runtime/on-first-use.ts';

it('makes once for all who ask at the same time, and remembers no failure', async () => {
  const make = vi.fn<(name: string) => Promise<string>>().mockRejectedValueOnce(new Error('EMFILE'));
  make.mockImplementation(async (name) => `made for ${name}`);
  const use = onFirstUse(make);
  const refused = await Promise.allSettled([use('ann'), use('bob')]);
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await Promise.all([use('cyd'), use('dan')])).toEqual(['made for cyd', 'made for cyd']);
  expect(await use('eve')).toBe('made for cyd');
  expect(make).toHaveBeenCalledTimes(2);
});
