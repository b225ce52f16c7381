import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createRiskHook, riskHookProblem } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import { verifyWebhook } from '../../src/client/index.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** A hook that is answered like this. */
async function hookTo(answer: (request: IncomingMessage, response: ServerResponse) => void, options = '') {
  const made = createServer(answer);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const { port } = made.address() as AddressInfo;
  const dsn = `webhook://127.0.0.1:${port}/assess?secret=${encodeURIComponent(SECRET)}&tls=0${options}`;
  return createRiskHook(secret(dsn), { now: () => Date.now() });
}

const say = (status: number, text: string) => (_request: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(status, { location: '/elsewhere' }).end(text);

describe('a risk hook over HTTP', () => {
  it('is a POST that is signed as webhooks are', async () => {
    const seen: Promise<{ headers: Record<string, string>; body: string }>[] = [];
    const hook = await hookTo((request, response) => {
      seen.push(
        (async () => {
          let body = '';
          for await (const chunk of request) body += String(chunk);
          response.end('{"decision":"deny","reason":"sim_swap"}');
          return { headers: request.headers as Record<string, string>, body };
        })(),
      );
    });
    expect(await hook.ask('rsk_1', '{"a":1}')).toEqual({ type: 'decided', decision: 'deny', reason: 'sim_swap' });
    const { headers = {}, body = '' } = (await seen[0]) ?? {};
    expect(body).toBe('{"a":1}');
    expect(await verifyWebhook(body, headers, SECRET)).toMatchObject({ valid: true });
  });

  it.each([
    ['an error', say(500, '{"decision":"allow"}'), 'it answered 500'],
    ['a redirect', say(302, '{"decision":"allow"}'), 'it answered 302'],
    ['a page in between', say(200, '<h1>Welcome</h1>'), 'no decision that is known'],
    ['a decision that is none', say(200, '{"decision":"maybe"}'), 'no decision that is known'],
    ['null', say(200, 'null'), 'no decision that is known'],
    ['silence', () => undefined, 'no answer within 100 ms'],
    ['a broken line', (request: IncomingMessage) => void request.socket.destroy(), 'no connection'],
  ] as const)('takes %s for a failure, never for a yes', async (what, answer, detail) => {
    const hook = await hookTo(answer, `&timeout_ms=${what === 'silence' ? 100 : 5000}`);
    expect(await hook.ask('rsk_1', '{}')).toEqual({ type: 'failed', detail: expect.stringContaining(detail) });
  });

  it.each([
    ['https://risk.example/', 'webhook://'],
    ['webhook://risk.example/', 'secret is missing'],
    [`webhook://risk.example/?secret=${SECRET}&on_failure=open`, 'on_failure must be allow, challenge, deny'],
    [`webhook://risk.example/?secret=${SECRET}&timeout_ms=60000`, 'timeout_ms must be 100 to 5000'],
    [`webhook://risk.example/?secret=${SECRET}&facts=all`, 'facts must be masked or full'],
    [`webhook://risk.example/?secret=${SECRET}&onfailure=deny`, 'an option it does not know'],
    [`webhook://risk.example/?secret=${SECRET}&facts=full&facts=masked`, 'given more than once'],
  ])('is not opened from %s', (dsn, problem) => {
    expect(riskHookProblem(dsn)).toContain(problem);
  });

  it('fails to a challenge, with masked facts, unless it is told otherwise', async () => {
    const hook = await hookTo(say(200, ''));
    expect([hook.onFailure, hook.facts]).toEqual(['challenge', 'masked']);
  });
});
