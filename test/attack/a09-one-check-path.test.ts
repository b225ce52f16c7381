import { afterEach, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/index.ts';
import { createHttpWorld, wrongCode } from '../support/world.ts';

type HttpWorld = Awaited<ReturnType<typeof createHttpWorld>>;
const worlds: HttpWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** Every route that takes a code to compare. A new one must be added here, and then runs A1. */
const CHECKING = ['/v1/verifications/{id}/checks', '/v1/checks'];

describe('A9: every way to check a code', () => {
  it('is one of the routes tried here', () => {
    const taking = ROUTES.filter((route) => route.method === 'POST' && route.path.endsWith('checks')).map(
      (route) => route.path,
    );
    expect(taking.toSorted()).toEqual(CHECKING.toSorted());
  });

  it.each(CHECKING)('%s shares one count of five under 500 parallel wrong codes', async (path) => {
    const world = await createHttpWorld({ policies: { login: { preset: 'ephemeral' } } });
    worlds.push(world);
    const start = await world.call('POST', '/v1/verifications', { to: '+14155552671' });
    await world.service.worker.tick();
    const code = wrongCode(world.sink.last().code.reveal());
    const body = path === '/v1/checks' ? { to: '+1 415 555 2671', code } : { code };
    const url = path.replace('{id}', start.body['id']);
    const answers = await Promise.all(Array.from({ length: 500 }, () => world.call('POST', url, body)));
    expect(answers.filter((answer) => answer.body['result'] === 'incorrect')).toHaveLength(5);
    expect(answers.every((answer) => answer.status === 200 || answer.status === 404)).toBe(true);
  });
});
