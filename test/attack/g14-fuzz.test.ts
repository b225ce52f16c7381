import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/core/errors.ts';
import type { HttpAnswer } from '../support/client.ts';
import { createKey, killAll, launch, newPlace, type Place, type Server, startServer } from '../support/process.ts';
import { type FuzzRequest, type OpenApi, requests } from './request-fuzz.ts';

const REQUESTS = Number(process.env['WATCHWORD_FUZZ'] ?? (process.env['WATCHWORD_ROUNDS'] === 'small' ? 500 : 2_000));
const LOOP_P99_MS = 50;
const LOOP_DELAY = fileURLToPath(new URL('../support/loop-delay.mjs', import.meta.url));

let place: Place;
let server: Server;
let key: string;
beforeAll(async () => {
  place = newPlace();
  key = await createKey(place, 'test');
  server = await startServer({
    env: { ...place.env, WATCHWORD_LOG_LEVEL: 'error', NODE_OPTIONS: `--import=${LOOP_DELAY}` },
  });
});
afterAll(async () => {
  await killAll();
  place.remove();
});

/** What is wrong with an answer to whatever was sent; null = nothing. */
export function complaint({
  status,
  headers,
  body,
  text,
}: Pick<HttpAnswer, 'status' | 'headers' | 'body' | 'text'>): string | null {
  if (status >= 500) return `${status}: ${text}`;
  if (status < 400) return null;
  if (headers['content-type'] !== 'application/problem+json') return `${status} as ${String(headers['content-type'])}`;
  if (!Object.hasOwn(ERRORS, String(body['code']))) return `unknown code ${String(body['code'])}`;
  if (ERRORS[body['code'] as keyof typeof ERRORS].status !== status || body['status'] !== status)
    return `status ${status} for ${String(body['code'])}`;
  if (body['request_id'] !== headers['x-request-id']) return 'no request id';
  return /\bat [\w.<>]+ \(|file:\/\/|node_modules|\.[jt]s:\d/.test(text) ? `a stack trace: ${text}` : null;
}

function send({ method, path, headers, raw }: FuzzRequest): Promise<HttpAnswer> {
  return server.call(method, path, { key, headers, ...(raw === null ? {} : { raw }) });
}

/** What `loop-delay.mjs` told at the end, ms. */
function heldUp(text: string): { readonly p99: number; readonly max: number } {
  return JSON.parse(/^loop-delay (.+)$/m.exec(text)?.[1] ?? '{}') as { p99: number; max: number };
}

/** Things to aim at: a verification, an application, a key that is not the one in use. */
async function realIds(): Promise<string[]> {
  const ids: string[] = [];
  for (const to of ['+14155552671', 'ann@example.com', 'bob@example.com']) {
    ids.push(String((await server.call('POST', '/v1/verifications', { key, body: { to } })).body['id']));
  }
  const other = await server.call('POST', '/v1/applications', { key, body: { name: 'fuzzed' } });
  ids.push(String(other.body['id']));
  return ids;
}

describe('G14: requests made from the OpenAPI document, bent in every way', () => {
  it(
    'never get a 5xx, always a problem of the table, and never hold up the event loop',
    async () => {
      const document = (await server.call('GET', '/openapi.json')).body as unknown as OpenApi;
      const counts: Record<string, number> = {};
      await fc.assert(
        fc.asyncProperty(requests(document, await realIds()), async (request) => {
          const answer = await send(request);
          const kind = `${Math.floor(answer.status / 100)}xx`;
          counts[kind] = (counts[kind] ?? 0) + 1;
          expect(complaint(answer)).toBeNull();
        }),
        { numRuns: REQUESTS, endOnFailure: false },
      );
      expect((await server.call('GET', '/readyz')).status).toBe(200);
      const { exit } = await server.kill('SIGTERM');
      expect(exit).toBe(0);
      const delay = heldUp(server.err());
      process.stdout.write(
        `fuzz: ${JSON.stringify(counts)}, event loop p99 ${delay.p99.toFixed(1)} ms, max ${delay.max.toFixed(1)} ms\n`,
      );
      // Half of them get past the door: a fuzzer that is only ever turned away at once shows nothing.
      expect(counts['2xx']).toBeGreaterThan(REQUESTS / 10);
      expect(counts['4xx']).toBeGreaterThan(REQUESTS / 4);
      expect(delay.p99).toBeLessThan(LOOP_P99_MS);
      expect(server.err()).not.toContain('request_failed');
    },
    20_000 + REQUESTS * 20,
  );

  it('would see an event loop that is held up', async () => {
    const script = place.path('stall.mjs');
    // In time of the processor: what other programs take away of it is no stall, and is not counted as one.
    const used = 'Object.values(process.cpuUsage(from)).reduce((sum, one) => sum + one, 0)';
    const stall = `for (const from = process.cpuUsage(); ${used} < 90_000; );`;
    writeFileSync(
      script,
      `setTimeout(() => { let left = 10; const timer = setInterval(() => { ${stall} if (--left === 0) clearInterval(timer); }, 100); }, 600);`,
    );
    const stalled = launch([], { script, env: { NODE_OPTIONS: `--import=${LOOP_DELAY}` } });
    expect((await stalled.ended).exit).toBe(0);
    expect(heldUp(stalled.err()).p99).toBeGreaterThan(LOOP_P99_MS);
  });

  it('would be told of a 5xx, a wrong content type, an unknown code and a stack trace', () => {
    const headers = { 'content-type': 'application/problem+json', 'x-request-id': 'r' };
    const fine = { status: 400, headers, body: { code: 'invalid_request', status: 400, request_id: 'r' }, text: '' };
    expect(complaint(fine)).toBeNull();
    expect(complaint({ ...fine, status: 503 })).not.toBeNull();
    expect(complaint({ ...fine, headers: { ...headers, 'content-type': 'text/html' } })).not.toBeNull();
    expect(complaint({ ...fine, body: { ...fine.body, code: 'oops' } })).not.toBeNull();
    expect(complaint({ ...fine, body: { ...fine.body, code: 'not_found' } })).not.toBeNull();
    expect(complaint({ ...fine, text: 'Error\n    at handle (file:///x/dist/a.js:1:2)' })).not.toBeNull();
  });
});
