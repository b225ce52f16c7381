import { describe, expect, it, vi } from 'vitest';
import { ApiError, createClient } from '../../src/client/index.ts';
import { clientWorld, json, scripted, URL_OF_SERVICE } from './world.ts';

const problem = (status: number, code: string, retryAfter?: string): Response =>
  json(
    status,
    { code, title: 'No', detail: 'Not now.', limit: { name: 'max_sends', scope: 'verification', reset_at: null } },
    { 'x-request-id': 'req_1', ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) },
  );
const down = (): Error => new TypeError('fetch failed');
const open = (ask: typeof fetch, options: object = {}) =>
  createClient({ url: URL_OF_SERVICE, key: 'ww_live_secret', fetch: ask, ...options });

async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error(`no ApiError but ${String(error)}`);
  return error;
}

describe('a call that failed', () => {
  it.each([
    ['without an answer', down()],
    ['with 502 of a proxy', new Response('<html>', { status: 502 })],
    ['with 503 and a time to come back', problem(503, 'unavailable', '0')],
    ['with 429 and a short wait', problem(429, 'limit_exceeded', '0')],
    ['while the first try still runs', problem(409, 'idempotency_in_progress', '0')],
  ])('%s is repeated with the same key and body', async (_name, first) => {
    const { ask, asked } = scripted(first, json(201, { id: 'vrf_1' }));
    expect(await open(ask).verifications.start({ to: 'a@b.example' })).toEqual({ id: 'vrf_1' });
    expect(asked).toHaveLength(2);
    expect(asked[1]?.headers.get('idempotency-key')).toMatch(/^[0-9a-f]{32}$/);
    expect(asked[1]?.headers.get('idempotency-key')).toBe(asked[0]?.headers.get('idempotency-key'));
    expect(asked[1]?.body).toBe(asked[0]?.body);
    expect(asked.every(({ redirect }) => redirect === 'error')).toBe(true);
  });

  it('gets another key for every call, and the caller’s where given', async () => {
    const { ask, asked } = scripted(json(201, {}));
    const { verifications } = open(ask);
    for (let i = 0; i < 2; i++) await verifications.start({ to: 'a@b.example' });
    await verifications.start({ to: 'a@b.example' }, { idempotencyKey: 'order-17' });
    const keys = asked.map(({ headers }) => headers.get('idempotency-key'));
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe('order-17');
  });

  it('for good is not repeated', async () => {
    for (const status of [400, 401, 403, 404, 409, 413, 422, 500]) {
      const { ask, asked } = scripted(problem(status, 'invalid_request'));
      expect((await failureOf(open(ask).verifications.get('vrf_1'))).status).toBe(status);
      expect(asked).toHaveLength(1);
    }
  });

  it('without an answer is not repeated when it may not happen twice', async () => {
    const { ask, asked } = scripted(down());
    expect((await failureOf(open(ask).webhooks.remove('whk_1'))).code).toBe('network_error');
    expect((await failureOf(open(ask).webhooks.update('whk_1', { enabled: true }))).code).toBe('network_error');
    expect(asked).toHaveLength(2);
  });

  it('is not waited for longer than asked for, nor more often', async () => {
    const late = scripted(problem(429, 'send_cooldown', '30'));
    const refused = await failureOf(open(late.ask).verifications.resend('vrf_1'));
    expect(late.asked).toHaveLength(1);
    expect(refused).toMatchObject({
      code: 'send_cooldown',
      status: 429,
      requestId: 'req_1',
      retryAfter: 30,
      limit: { name: 'max_sends', scope: 'verification', reset_at: null },
    });
    const never = scripted(problem(503, 'unavailable', '0'));
    expect((await failureOf(open(never.ask, { retries: 2 }).verifications.get('vrf_1'))).code).toBe('unavailable');
    expect(never.asked).toHaveLength(3);
    const none = scripted(down());
    await failureOf(open(none.ask).verifications.get('vrf_1', { retries: 0 }));
    expect(none.asked).toHaveLength(1);
  });

  it('waits as long as it is told, or longer each time', async () => {
    vi.useFakeTimers();
    try {
      const { ask, asked } = scripted(problem(503, 'unavailable', '2'), down(), down(), json(200, {}));
      const done = open(ask).verifications.get('vrf_1');
      for (const [wait, tries] of [
        [1_999, 1],
        [500, 2],
        [623, 3],
        [377, 3],
        [873, 4],
      ] as const) {
        await vi.advanceTimersByTimeAsync(wait);
        expect([wait, asked.length]).toEqual([wait, tries]);
      }
      await done;
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a call that is given up', () => {
  it('by its signal rejects with the signal’s reason, also while it waits, and is not repeated', async () => {
    const stop = new AbortController();
    const { ask, asked } = scripted(problem(503, 'unavailable', '5'));
    const call = open(ask).verifications.get('vrf_1', { signal: stop.signal });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    stop.abort(new Error('the person left'));
    await expect(call).rejects.toThrow('the person left');
    await expect(open(ask).verifications.get('vrf_1', { signal: stop.signal })).rejects.toThrow('the person left');
    expect(asked).toHaveLength(1);
  });

  it('by its deadline says so', async () => {
    const ask: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      });
    const error = await failureOf(open(ask).verifications.get('vrf_1', { timeoutMs: 20, retries: 0 }));
    expect([error.code, error.status]).toEqual(['timeout', 0]);
  });
});

describe('an odd answer', () => {
  it.each([
    [200, '<html>Sign in to the Wi-Fi</html>'],
    [403, '<html>Forbidden</html>'],
    [500, '{"code":7}'],
    [400, 'null'],
  ])('%s %s is bad_answer, with its status', async (status, text) => {
    const { ask } = scripted(new Response(text, { status }));
    expect(await failureOf(open(ask).verifications.get('vrf_1'))).toMatchObject({ code: 'bad_answer', status });
  });

  it('shows no key, code or address in its error', async () => {
    const { ask } = scripted(down());
    const error = await failureOf(open(ask, { retries: 0 }).verifications.check('vrf_1', '987654'));
    expect(`${error.message} ${String(error.stack)} ${JSON.stringify(error)}`).not.toMatch(/ww_live_secret|987654/);
  });
});

describe('against the real service', () => {
  it('a start whose answer was lost is started once', async () => {
    const { ask, clientOf, close } = await clientWorld();
    let lost = 1;
    const client = clientOf({
      fetch: async (input, init) => {
        const answer = await ask(input, init);
        if (lost-- > 0) throw down();
        return answer;
      },
    });
    const started = await client.verifications.start({ to: 'ann@example.com' });
    const { data } = await client.verifications.list().page();
    expect(data.map(({ id }) => id)).toEqual([started.id]);
    await close();
  });

  it('start, resend, check, cancel, lists over pages, and refusals are what the API says', async () => {
    const { client, service, inbox, clock, close } = await clientWorld();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      clock.now += 1;
      ids.unshift((await client.verifications.start({ to: `p${i}@example.com` })).id);
    }
    await service.worker.tick();
    const walked: string[] = [];
    for await (const { id } of client.verifications.list({ limit: 2 })) walked.push(id);
    expect(walked).toEqual(ids);
    const id = ids[0] ?? '';
    expect(await failureOf(client.verifications.resend(id))).toMatchObject({ code: 'send_cooldown', retryAfter: 30 });
    clock.now += 31_000;
    expect(await client.verifications.resend(id)).toMatchObject({ sends: 2 });
    const code = inbox.messages.find(({ verification }) => verification === id)?.code.reveal() ?? '';
    expect(await client.verifications.check(id, code)).toMatchObject({ result: 'approved' });
    expect(await failureOf(client.verifications.cancel(id))).toMatchObject({
      code: 'verification_closed',
      status: 409,
    });
    expect(await client.verifications.cancel(ids[1] ?? '')).toMatchObject({ status: 'canceled' });
    const types: string[] = [];
    for await (const { type } of client.verifications.events(id)) types.push(type);
    expect(types).toContain('approved');
    expect((await client.verifications.sends(id).page()).data.length).toBeGreaterThan(0);
    expect((await client.testing.inbox('p4@example.com')).data.length).toBeGreaterThan(0);
    const refused = await failureOf(client.verifications.start({ to: 'no address' }));
    expect(refused).toMatchObject({
      code: 'invalid_destination',
      status: 422,
      requestId: expect.stringMatching(/^req_/),
    });
    expect(await failureOf(client.verifications.list({ limit: 1_000 }).page())).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '#query/limit' }],
    });
    expect((await client.system.readiness()).checks).toBeTypeOf('object');
    expect(await client.system.metrics()).toContain('http_requests_total');
    await close();
  });
});
