import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiError, createClient } from '../../src/client/index.ts';
import { clientWorld, URL_OF_SERVICE } from './world.ts';

const textOf = (stream: ReadableStream<Uint8Array>): Promise<string> => new Response(stream).text();

describe('a download', () => {
  let world: Awaited<ReturnType<typeof clientWorld>>;
  beforeEach(async () => {
    world = await clientWorld();
  });
  afterEach(() => world.close());

  it('of verifications is CSV of all that match, with the words of the API when it is refused', async () => {
    for (const name of ['ann', 'bob', 'cyd']) await world.client.verifications.start({ to: `${name}@example.com` });
    const lines = (await textOf(await world.client.verifications.csv({ status: 'pending' }))).trim().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^id,/);
    for (const masked of ['a•••', 'b•••', 'c•••']) expect(lines.join()).toContain(`${masked}@example.com`);
    const refused = world.client.verifications.csv({ status: 'nothing' as 'pending' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', status: 400 });
    await expect(refused).rejects.toBeInstanceOf(ApiError);
  });

  it('of the audit log is lines of JSON', async () => {
    await world.client.apiKeys.create({ mode: 'test', scopes: ['read'] });
    const lines = (await textOf(await world.client.audit.export())).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown).length).toBeGreaterThan(0);
    expect(await world.client.audit.verify()).toMatchObject({ object: 'audit_verdict', intact: true });
  });

  it('has its deadline for the beginning only, and ends with its signal', async () => {
    let stopped: unknown = null;
    const slow: typeof fetch = async (_url, init) => {
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 60));
          if (init?.signal?.aborted === true) controller.error((stopped = init.signal.reason));
          else controller.enqueue(new TextEncoder().encode('row\r\n'));
        },
      });
      return new Response(body);
    };
    const { verifications } = createClient({ url: URL_OF_SERVICE, fetch: slow, timeoutMs: 20 });
    const stop = new AbortController();
    const reader = (await verifications.csv({}, { signal: stop.signal })).getReader();
    for (let row = 0; row < 2; row++) expect((await reader.read()).done).toBe(false);
    stop.abort(new Error('enough'));
    // What was read ahead may still come.
    await expect(reader.read().then(() => reader.read())).rejects.toThrow('enough');
    expect(stopped).toMatchObject({ message: 'enough' });
  });
});
