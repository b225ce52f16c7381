import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeskWorld, type DeskBrowser, type DeskWorld, ORIGIN } from '../support/desk.ts';

const MANY = 1_000;
let world: DeskWorld;
let browser: DeskBrowser;
beforeEach(async () => {
  world = await createDeskWorld();
  await world.hire('agent');
  browser = world.browser();
  await browser.signIn('agent@acme.example');
});
afterEach(() => world.close());

/** Opens a stream of events, as a page that stays open does. */
async function open(path: string): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await world.pages.fetch(new Request(`${ORIGIN}${path}`, { headers: { cookie } }));
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  if (answer.body === null) throw new Error('no stream');
  return answer.body.getReader();
}

async function nextText(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  return new TextDecoder().decode((await reader.read()).value);
}

describe('pages that stay open', () => {
  it('share one poller, which asks the store once for all that show the same', { timeout: 60_000 }, async () => {
    const sleep = vi.spyOn(world.env, 'sleep');
    const search = vi.spyOn(world.store.records, 'search');
    const get = vi.spyOn(world.store.verifications, 'get');
    const { id } = await world.startAndRead();
    const streams = await Promise.all(
      Array.from({ length: MANY }, (_, at) => open(at % 4 === 0 ? `/desk/verifications/${id}/events` : '/desk/events')),
    );
    for (const stream of streams) expect(await nextText(stream)).toContain('retry:');
    const pollers = sleep.mock.calls.filter(([ms]) => ms === 1_000);
    expect(pollers).toHaveLength(1);
    search.mockClear();
    get.mockClear();
    await world.service.desk.live.look();
    expect([search.mock.calls.length, get.mock.calls.length]).toEqual([1, 1]);
    for (const stream of streams) expect(await nextText(stream)).toContain('event: changed');
    expect(pollers[0]?.[1]?.aborted).toBe(false);
    await Promise.all(streams.map((stream) => stream.cancel()));
    expect(pollers[0]?.[1]?.aborted).toBe(true);
  });
});
