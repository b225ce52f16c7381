import { afterEach, expect, it } from 'vitest';
import { createHttpWorld } from '../support/world.ts';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
afterEach(() => world.close());

it('a preview says which language stands in for one without texts, and nothing for one that has them', async () => {
  world = await createHttpWorld();
  const preview = async (locale: string): Promise<{ text: string; warnings: readonly string[] }> => {
    const { body } = await world.call('POST', '/v1/preview', { to: '+14155552671', locale });
    return body as unknown as { text: string; warnings: readonly string[] };
  };
  expect((await preview('pt-BR')).warnings).toEqual([]);
  expect((await preview('pt-BR')).text).toContain('minutos');
  const { text, warnings } = await preview('tlh');
  expect(text).toContain('minutes');
  expect(warnings).toEqual(['There are no texts in the requested language: the message is in English.']);
});
