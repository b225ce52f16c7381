import { describe, expect, it } from 'vitest';
import { createWorld } from './fake-service.ts';

const START = '/v1/verifications';
const CHECK = '/v1/verifications/vrf_1/checks';
const JSON_TYPE = { 'content-type': 'application/json' };

interface FieldError {
  readonly pointer: string;
  readonly code: string;
}

/** Posts a raw body and returns what is wrong with it; the service must not have been asked. */
async function refused(
  path: string,
  body: BodyInit,
  headers: Record<string, string> = JSON_TYPE,
): Promise<{ status: number; errors: FieldError[]; text: string }> {
  const world = createWorld();
  const response = await world.fetch('POST', path, { body, headers, duplex: 'half' } as RequestInit);
  const text = await response.text();
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(world.asked).toEqual([]);
  return { status: response.status, errors: (JSON.parse(text) as { errors?: FieldError[] }).errors ?? [], text };
}

/** CPU time of this process, ms: the machine may be busy with something else. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const nested = (depth: number): string => `{"to":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

describe('A48: bodies that two readers would understand differently are refused', () => {
  it.each([
    ['a duplicate key', '{"to":"+14155552671","to":"a@b.example"}', '/to', 'duplicate_key'],
    [
      'a duplicate key written with an escape',
      '{"to":"+14155552671","\\u0074o":"a@b.example"}',
      '/to',
      'duplicate_key',
    ],
    ['a duplicate key far below', '{"to":"x","metadata":{"a":"1","a":"2"}}', '/metadata/a', 'duplicate_key'],
    [
      'a duplicate key after many others',
      `{"to":"x","metadata":{${Array.from({ length: 30 }, (_, i) => `"k${i}":""`).join(',')},"k3":""}}`,
      '/metadata/k3',
      'duplicate_key',
    ],
    ['__proto__', '{"to":"x","__proto__":{"admin":true}}', '/__proto__', 'forbidden_key'],
    [
      '__proto__ written with an escape',
      '{"to":"x","metadata":{"__pr\\u006fto__":"1"}}',
      '/metadata/__proto__',
      'forbidden_key',
    ],
    ['half a surrogate pair', '{"to":"x","reference":"\\ud800"}', '/reference', 'lone_surrogate'],
    ['half a surrogate pair in a key', '{"to":"x","metadata":{"\\udc00":"1"}}', '/metadata/\ufffd', 'lone_surrogate'],
    ['nesting beyond eight', nested(9), '/to/0/0/0/0/0/0/0', 'too_deep'],
  ])('%s', async (_, body, pointer, code) => {
    const { status, errors } = await refused(START, body);
    expect(status).toBe(400);
    expect(errors).toEqual([{ pointer, code, detail: expect.any(String) }]);
  });

  it.each([
    ['constructor.prototype', '{"to":"x","constructor":{"prototype":{"admin":true}}}', '/constructor'],
    ['mass assignment', '{"to":"x","status":"approved"}', '/status'],
    ['an unknown field beside the limit key (A8)', '{"to":"x","email":"victim@b.example"}', '/email'],
    ['an unknown field inside `to`', '{"to":{"phone":"1","bcc":"2"}}', '/to/bcc'],
    ['an unknown field with JSON pointer characters', '{"to":"x","a/b~c":1}', '/a~1b~0c'],
  ])('unknown fields are refused where they stand: %s', async (_, body, pointer) => {
    const { status, errors } = await refused(START, body);
    expect(status).toBe(400);
    expect(errors).toEqual([{ pointer, code: 'unknown_field', detail: 'is not a field here' }]);
  });

  it('leaves Object.prototype clean', async () => {
    await refused(START, '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    expect('polluted' in {}).toBe(false);
  });

  it('accepts the deepest allowed nesting as JSON', async () => {
    const { errors } = await refused(START, nested(8));
    expect(errors).toEqual([{ pointer: '/to', code: 'invalid_type', detail: 'has the wrong type' }]);
  });
});

describe('A8: an address that is no string or known object is 400, not another bucket', () => {
  it.each([
    '["+14155552671"]',
    '14155552671',
    'true',
    'null',
    '{}',
    '{"phone":1}',
    '{"phone":"1","email":"a@b.example"}',
    '{"phone":"1","country":"usa"}',
  ])('to: %s', async (to) => {
    const { status, errors } = await refused(START, `{"to":${to}}`);
    expect(status).toBe(400);
    expect(errors[0]?.pointer).toMatch(/^\/to/);
  });

  it('passes a string that is no address on: the service says 422', async () => {
    const world = createWorld();
    for (const to of ['', 'nobody', '+1 (555) x', 'a@b.example,c@d.example']) {
      expect((await world.fetch('POST', START, { json: { to } })).status).toBe(201);
    }
    expect(world.asked).toHaveLength(4);
  });
});

describe('A13: a code that is no string of a sane length is 400', () => {
  it.each(['""', 'null', '0', '123456', '[]', '{"$ne":""}', '["1","2"]', 'true', `"${'1'.repeat(65)}"`])(
    'code: %s',
    async (code) => {
      const { status, errors } = await refused(CHECK, `{"code":${code}}`);
      expect(status).toBe(400);
      expect(errors).toEqual([{ pointer: '/code', code: expect.any(String), detail: expect.any(String) }]);
    },
  );

  it('a missing code is named', async () => {
    expect((await refused(CHECK, '{}')).errors).toEqual([{ pointer: '/code', code: 'missing', detail: 'is required' }]);
  });
});

describe('A12: how a code is written is for the policy to judge', () => {
  it.each([' 123 456', '123-456', '１２３４５６', '١٢٣٤٥٦', '+123456', '1.23456e5', '123456\t', '123456\u0000', '1'])(
    '%j reaches the service as sent',
    async (code) => {
      const world = createWorld();
      expect((await world.fetch('POST', CHECK, { json: { code } })).status).toBe(200);
      expect(world.asked[0]).toMatchObject({ use: 'check', args: [{}, 'vrf_1', { code }, null] });
    },
  );
});

describe('A49: large, encoded, foreign and broken bodies', () => {
  const large = JSON.stringify({ to: 'x', reference: 'y'.repeat(1_000_000) });

  it('a megabyte is 413, announced or not', async () => {
    expect((await refused(START, large)).status).toBe(413);
    expect((await refused(START, large, { ...JSON_TYPE, 'content-length': String(large.length) })).status).toBe(413);
  });

  it('an endless stream is cut at the limit', async () => {
    let chunks = 0;
    const endless = new ReadableStream({
      pull(controller) {
        chunks++;
        controller.enqueue(new TextEncoder().encode(' '.repeat(4_096)));
      },
    });
    expect((await refused(START, endless)).status).toBe(413);
    expect(chunks).toBeLessThan(10);
  });

  it('a body that lies about its length is still measured', async () => {
    expect((await refused(START, large, { ...JSON_TYPE, 'content-length': '20' })).status).toBe(413);
  });

  it('exactly 16 kB pass, one byte more does not', async () => {
    const body = (bytes: number): string => `{"to":"x"${' '.repeat(bytes - 10)}}`;
    const world = createWorld();
    expect((await world.fetch('POST', START, { body: body(16_384) })).status).toBe(201);
    expect((await refused(START, body(16_385))).status).toBe(413);
  });

  it.each(['gzip', 'br', 'deflate', 'gzip, identity', 'x'])('content encoding %s is 415', async (encoding) => {
    expect((await refused(START, '{"to":"x"}', { ...JSON_TYPE, 'content-encoding': encoding })).status).toBe(415);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'application/jsonp',
    'application/json, text/plain',
  ])('content type %s is 415', async (type) => {
    expect((await refused(START, '{"to":"x"}', { 'content-type': type })).status).toBe(415);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'content type %s is fine',
    async (type) => {
      const world = createWorld();
      const response = await world.fetch('POST', START, {
        body: '{"to":"x"}',
        headers: { 'content-type': type, 'content-encoding': 'identity' },
      });
      expect(response.status).toBe(201);
    },
  );

  it.each([
    ['nothing', ''],
    ['half an object', '{"to":'],
    ['two values', '{"to":"x"}{"to":"y"}'],
    ['a comment', '{"to":"x"}//'],
    ['single quotes', "{'to':'x'}"],
    ['NaN', '{"to":NaN}'],
    ['a byte order mark', '\ufeff{"to":"x"}'],
    ['a list', '[]'],
    ['a string', '"x"'],
    ['null', 'null'],
  ])('%s is 400', async (_, body) => {
    expect((await refused(START, body)).status).toBe(400);
  });

  it('bytes that are no UTF-8 are 400', async () => {
    expect((await refused(START, new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]))).status).toBe(400);
  });
});

describe('A24: nasty texts are refused by length before anything else looks at them', () => {
  it.each(['purpose', 'locale', 'reference', 'return_url', 'to', 'channel', 'code'])('%s', async (field) => {
    const started = cpuMs();
    for (const piece of ['a', '-a', '+', '.', '@', ' ', '1-', 'é', '\\']) {
      const body = JSON.stringify({ to: 'x', [field]: piece.repeat(Math.floor(15_000 / (piece.length + 1))) });
      const { status, text } = await refused(START, body);
      expect(status).toBe(400);
      expect(text.length).toBeLessThan(1_000);
    }
    expect(cpuMs() - started).toBeLessThan(300);
  });

  it('fifteen kilobytes of keys are scanned in no time', async () => {
    const keys = Array.from({ length: 2_000 }, (_, i) => `"${i.toString(36)}":1`);
    const started = cpuMs();
    const { errors } = await refused(START, `{${keys.join(',')}}`);
    expect(cpuMs() - started).toBeLessThan(100);
    expect(errors).toHaveLength(20);
  });

  it('a body of quotes and backslashes is scanned in no time', async () => {
    const started = cpuMs();
    await refused(START, JSON.stringify({ to: 'x', reference: '\\"'.repeat(4_000) }));
    await refused(START, JSON.stringify({ to: 'x', reference: '\\'.repeat(8_000) }));
    expect(cpuMs() - started).toBeLessThan(100);
  });
});

describe('limits on fields', () => {
  const map = (count: number, length: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'x'.repeat(length)]));

  it.each([
    ['purpose', 'Login'],
    ['purpose', `a${'b'.repeat(40)}`],
    ['reference', 'x'.repeat(129)],
    ['reference', ''],
    ['reference', 'a\nb'],
    ['metadata', map(21, 1)],
    ['metadata', map(1, 501)],
    ['metadata', { ['k'.repeat(41)]: '' }],
    ['metadata', { a: 1 }],
    ['metadata', { a: 'x\u0000' }],
    ['metadata', { 'a\n': 'x' }],
    ['context', map(11, 1)],
    ['context', map(1, 141)],
    ['context', ['a']],
    ['return_url', `https://a.example/${'x'.repeat(2_048)}`],
    ['signals', { ip: '1.2.3' }],
    ['signals', { ip: '1.2.3.4, 5.6.7.8' }],
    ['signals', { user_agent: 'x'.repeat(513) }],
    ['signals', { device_id: 'x'.repeat(129) }],
    ['signals', { referer: 'x' }],
    ['locale', 'en_US'],
    ['channels', []],
    ['channels', ['sms', 'sms']],
    ['channel', 'pigeon'],
  ])('%s: %j is 400', async (field, value) => {
    const { status, errors } = await refused(START, JSON.stringify({ to: 'x', [field]: value }));
    expect(status).toBe(400);
    expect(errors[0]?.pointer.startsWith(`/${field}`)).toBe(true);
  });

  it('takes the largest of everything', async () => {
    const json = {
      to: { phone: '415 555 2671', country: 'US' },
      channel: 'sms',
      channels: ['sms', 'voice'],
      purpose: `a${'b'.repeat(39)}`,
      locale: 'zh-Hant-TW',
      context: map(10, 140),
      metadata: map(20, 500),
      reference: 'é'.repeat(128),
      return_url: 'https://a.example/done',
      signals: { ip: '2001:db8::1', user_agent: 'x'.repeat(512), device_id: 'x'.repeat(128) },
      code: '123456',
    };
    const world = createWorld();
    expect((await world.fetch('POST', START, { json })).status).toBe(201);
    expect(world.asked[0]?.args[1]).toEqual(json);
  });

  it('never repeats a value in an answer', async () => {
    const secret = 'hunter2-424242';
    const { text } = await refused(
      START,
      JSON.stringify({
        to: [secret],
        purpose: secret.toUpperCase(),
        metadata: { a: [secret] },
        signals: { ip: secret },
      }),
    );
    expect(text).not.toMatch(/hunter2|424242/i);
  });
});

describe('bodies that may be absent', () => {
  it.each([
    ['POST', '/v1/verifications/vrf_1/cancel'],
    ['POST', '/v1/verifications/vrf_1/sends'],
  ])('%s %s needs neither a body nor a content type', async (method, path) => {
    const world = createWorld();
    expect((await world.fetch(method, path)).status).toBeLessThan(300);
    expect(
      (await world.fetch(method, path, { body: '', headers: { 'content-type': 'text/plain' } })).status,
    ).toBeLessThan(300);
    expect((await world.fetch(method, path, { json: {} })).status).toBeLessThan(300);
    expect((await world.fetch(method, path, { json: { x: 1 } })).status).toBe(400);
  });

  it('DELETE /v1/directory takes the address from the body or the query, not from both or neither', async () => {
    const world = createWorld();
    expect((await world.fetch('DELETE', '/v1/directory', { json: { to: 'a@b.example' } })).status).toBe(200);
    expect((await world.fetch('DELETE', '/v1/directory?to=+14155552671')).status).toBe(200);
    expect(world.asked.map(({ args }) => args[1])).toEqual(['a@b.example', '+14155552671']);
    expect((await world.fetch('DELETE', '/v1/directory')).status).toBe(400);
    expect((await world.fetch('DELETE', '/v1/directory?to=a@b.example', { json: { to: 'a@b.example' } })).status).toBe(
      400,
    );
  });
});
