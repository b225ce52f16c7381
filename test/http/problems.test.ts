import { describe, expect, it } from 'vitest';
import { ERRORS, WatchwordError, refuse } from '../../src/core/errors.ts';
import type { ErrorCode, Problem } from '../../src/core/errors.ts';
import { problemSchema } from '../../src/schema/index.ts';
import { NOW, createWorld } from './fake-service.ts';

const CODES = Object.keys(ERRORS) as ErrorCode[];
const START = { to: '+14155552671' };

async function startRefused(problem: Problem): Promise<Response> {
  return createWorld(() => refuse(problem)).fetch('POST', '/v1/verifications', { json: START });
}

describe('a refusal', () => {
  it.each(CODES)('%s becomes a problem with the status of the table', async (code) => {
    const response = await startRefused({ code, detail: 'Because.' });
    const body = problemSchema.parse(await response.json());
    expect(response.status).toBe(ERRORS[code].status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.has('content-language')).toBe(false);
    expect(body).toMatchObject({
      type: `/docs/errors#${code}`,
      title: ERRORS[code].title,
      status: ERRORS[code].status,
      code,
      request_id: 'req_1',
    });
  });

  it('names the limit and when it opens again', async () => {
    const response = await startRefused({
      code: 'limit_exceeded',
      detail: 'Reached.',
      limit: { name: 'signal_ip', scope: 'ip', resetAt: NOW + 90_500 },
    });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('91');
    expect(response.headers.get('ratelimit')).toBe('"signal_ip";r=0;t=91');
    expect(await response.json()).toMatchObject({
      limit: { name: 'signal_ip', scope: 'ip', reset_at: '2027-01-31T09:31:30.500Z' },
    });
  });

  it('says when the next message may go', async () => {
    const response = await startRefused({ code: 'send_cooldown', detail: 'Wait.', nextSendAt: NOW + 29_001 });
    expect(response.headers.get('retry-after')).toBe('30');
    expect(response.headers.get('ratelimit')).toBe('"send_cooldown";r=0;t=30');
    expect(await response.json()).toMatchObject({ next_send_at: '2027-01-31T09:30:29.001Z' });
  });

  it.each([
    ['limit_exceeded', { limit: { name: 'x', scope: 'destination', resetAt: null } }],
    ['limit_exceeded', {}],
    ['send_cooldown', { nextSendAt: NOW - 5_000 }],
    ['unavailable', {}],
    ['idempotency_in_progress', {}],
  ] as const)('%s always has a Retry-After of at least a second', async (code, extra) => {
    const response = await startRefused({ code, detail: 'x', ...extra });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  it('has the public address in its type when there is one', async () => {
    const world = createWorld();
    Object.assign(world.options, { publicUrl: 'https://otp.example/base' });
    const response = await world.fetch('GET', '/nowhere');
    expect(await response.json()).toMatchObject({ type: 'https://otp.example/base/docs/errors#not_found' });
  });
});

describe('what is not found', () => {
  it('answers byte for byte the same for an unknown id and another tenant’s, but for the request id', async () => {
    const bytes: string[] = [];
    for (const detail of ['There is no such verification.', 'It belongs to application app_2.']) {
      const world = createWorld(() => refuse({ code: 'verification_not_found', detail }));
      const response = await world.fetch('GET', '/v1/verifications/vrf_1');
      bytes.push(`${JSON.stringify([...response.headers])}${await response.text()}`);
    }
    expect(bytes[0]).toBe(bytes[1]);
  });
});

describe('an id that cannot be one', () => {
  it.each(['%00', 'vrf_1%27', '..%2f', '%ff', 'x'.repeat(129), '%F0%9F%98%80'])(
    '%s is unknown like any other, and asks no store',
    async (id) => {
      const world = createWorld();
      const response = await world.fetch('GET', `/v1/verifications/${id}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        code: 'verification_not_found',
        detail: 'There is no such verification.',
      });
      expect(world.asked).toEqual([]);
      expect(await (await world.fetch('DELETE', `/v1/api-keys/${id}`)).json()).toMatchObject({ code: 'not_found' });
    },
  );
});

describe('a failure', () => {
  it('of the store is 503 with its safe reason', async () => {
    const world = createWorld(() => {
      throw new WatchwordError('unavailable', 'The store is locked.', { cause: new Error('disk sda1') });
    });
    const response = await world.fetch('POST', '/v1/verifications', { json: START });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ code: 'unavailable', detail: 'The store is locked.' });
  });

  it('nobody foresaw tells nothing of itself, in the answer or in the log', async () => {
    const world = createWorld(() => {
      throw new TypeError('cannot read +14155552671 of /srv/secret');
    });
    const response = await world.fetch('POST', '/v1/verifications', { json: START });
    expect(response.status).toBe(503);
    expect(await response.text()).not.toMatch(/1415|srv|TypeError|at /);
    const line = world.log.find(({ event }) => event === 'request_failed');
    expect(line).toMatchObject({ level: 'error', error: 'TypeError', request_id: 'req_1' });
    expect(JSON.stringify(world.log)).not.toMatch(/1415|srv\/secret/);
  });

  it('of authentication is 503, never an open door', async () => {
    const world = createWorld(undefined, (service) => ({
      ...service,
      keys: {
        ...service.keys,
        authenticate: async () => {
          throw new WatchwordError('unavailable', 'The store is away.');
        },
      },
    }));
    expect((await world.fetch('POST', '/v1/verifications', { json: START })).status).toBe(503);
    expect(world.asked).toEqual([]);
  });
});
