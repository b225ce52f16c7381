import { describe, expect, it } from 'vitest';
import { rows, createFakeService, createWorld, VERIFICATION } from './fake-service.ts';
import { csvCell } from '../../src/core/csv.ts';

const LIST = '/v1/verifications';

describe('filters', () => {
  it('reach the service parsed', async () => {
    const world = createWorld();
    const query =
      '?status=pending&channel=sms&purpose=login&country=US&to=%2B14155552671&actor=api_key:key_1&reference=o%2F1&created_after=2027-01-01T00:00:00Z&created_before=2027-01-02T00:00:00%2B02:00&limit=100&cursor=abc';
    expect((await world.fetch('GET', LIST + query)).status).toBe(200);
    expect(world.asked[0]?.args[1]).toEqual({
      status: 'pending',
      channel: 'sms',
      purpose: 'login',
      country: 'US',
      to: '+14155552671',
      actor: 'api_key:key_1',
      reference: 'o/1',
      created_after: Date.UTC(2027, 0, 1),
      created_before: Date.UTC(2027, 0, 1, 22),
      limit: 100,
      cursor: 'abc',
    });
  });

  it('read an unescaped plus as the plus that was meant', async () => {
    const world = createWorld();
    await world.fetch('GET', `${LIST}?to=+14155552671&created_after=2027-01-01T02:00:00+02:00`);
    expect(world.asked[0]?.args[1]).toEqual({ to: '+14155552671', created_after: Date.UTC(2027, 0, 1) });
  });

  it.each([
    ['unknown=1', 'unknown', 'unknown_field'],
    ['Status=pending', 'Status', 'unknown_field'],
    ['__proto__=1', '__proto__', 'unknown_field'],
    ['status=pending&status=approved', 'status', 'repeated'],
    ['status[]=pending', 'status[]', 'unknown_field'],
    ['status=open', 'status', 'invalid_value'],
    ['status=', 'status', 'invalid_value'],
    ['limit=0', 'limit', 'invalid_format'],
    ['limit=101', 'limit', 'invalid_format'],
    ['limit=1e1', 'limit', 'invalid_format'],
    ['limit=-1', 'limit', 'invalid_format'],
    ['limit=', 'limit', 'invalid_format'],
    ['cursor=', 'cursor', 'invalid_format'],
    ["cursor=1'%20OR%201", 'cursor', 'invalid_format'],
    ['country=us', 'country', 'invalid_format'],
    ['country=ZZ', 'country', 'invalid_value'],
    ['actor=root', 'actor', 'invalid_format'],
    ['actor=agent:%00', 'actor', 'invalid_format'],
    ['reference=%00', 'reference', 'invalid_format'],
    ['purpose=DROP%20TABLE', 'purpose', 'invalid_format'],
    ['created_after=yesterday', 'created_after', 'invalid_format'],
    ['created_after=2027-01-01', 'created_after', 'invalid_format'],
    ['created_after=2027-02-30T00:00:00Z', 'created_after', 'invalid_value'],
    ['created_before=1700000000', 'created_before', 'invalid_format'],
  ])('?%s is 400 and points there', async (query, name, code) => {
    const world = createWorld();
    const response = await world.fetch('GET', `${LIST}?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: `#query/${name}`, code }],
    });
    expect(world.asked).toEqual([]);
  });

  it('A43: no payload in any filter is a 5xx', async () => {
    const payloads = [
      "'",
      '" OR 1=1',
      '1; DROP TABLE x',
      '%00',
      '${7*7}',
      '{"$gt":""}',
      '../../etc',
      '%',
      '%ff',
      '\u202e',
      '😀',
      'x'.repeat(5_000),
    ];
    const names = [
      'status',
      'channel',
      'purpose',
      'country',
      'to',
      'actor',
      'reference',
      'created_after',
      'created_before',
      'limit',
      'cursor',
    ];
    const world = createWorld();
    for (const name of names) {
      for (const payload of payloads) {
        const response = await world.fetch(
          'GET',
          `${LIST}?${name}=${payload.startsWith('%') ? payload : encodeURIComponent(payload)}`,
        );
        expect(response.status, `${name}=${payload}`).toBeLessThan(500);
      }
    }
  });

  it('a purpose that cannot be one is 400 at the path', async () => {
    const response = await createWorld().fetch('GET', '/v1/policies/Not%20One');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer: '#path' }] });
  });
});

describe('CSV', () => {
  const csv = { headers: { accept: 'text/csv' } };

  it('streams every match under a header row of field names, without limit and cursor', async () => {
    const world = createWorld();
    const response = await world.fetch('GET', `${LIST}?status=approved&limit=5&cursor=abc`, csv);
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(world.asked).toMatchObject([{ use: 'exportRows', args: [{}, { status: 'approved' }] }]);
    const [head, row, end] = (await response.text()).split('\r\n');
    expect(head?.split(',').slice(0, 6)).toEqual([
      'id',
      'application',
      'status',
      'status_reason',
      'to.type',
      'to.masked',
    ]);
    expect(row).toContain("vrf_01JB0M9S6V4T2K8R5XQZ3N7WYAHCDE,app_1,pending,,phone,'+1 415 ••• ••71,US,mobile,login");
    expect(end).toBe('');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', '"\'\rx"'],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
    ['plain = text', 'plain = text'],
    [null, ''],
    [true, 'true'],
    [3, '3'],
  ])('A22: %j is written %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('is read page by page, and given up when the client goes away', async () => {
    let read = 0;
    let ended = false;
    async function* endless(): AsyncGenerator<typeof VERIFICATION> {
      try {
        for (;;) {
          read++;
          yield VERIFICATION;
        }
      } finally {
        ended = true;
      }
    }
    const world = createWorld(undefined, (service) => ({
      ...service,
      records: { ...service.records, exportRows: async () => ({ ok: true, value: endless() }) },
    }));
    const response = await world.fetch('GET', LIST, csv);
    expect(read).toBe(0);
    const reader = response.body?.getReader();
    await reader?.read();
    expect(read).toBeLessThanOrEqual(201);
    await reader?.cancel();
    expect(ended).toBe(true);
  });

  it.each([
    ['text/csv', true],
    ['text/csv, application/json;q=0.5', true],
    ['application/json, text/csv;q=0.5', false],
    ['text/csv;q=0', false],
    ['*/*', false],
    ['text/html', false],
  ])('Accept: %s asks for CSV: %s', async (accept, expected) => {
    const response = await createWorld().fetch('GET', LIST, { headers: { accept } });
    expect(response.headers.get('content-type')?.startsWith('text/csv')).toBe(expected);
  });

  it('has only a header row when nothing matches', async () => {
    const service = createFakeService();
    expect(service).toBeDefined();
    const world = createWorld(undefined, (inner) => ({
      ...inner,
      records: { ...inner.records, exportRows: async () => ({ ok: true, value: rows([]) }) },
    }));
    expect((await (await world.fetch('GET', LIST, csv)).text()).split('\r\n')).toHaveLength(2);
  });
});

describe('Idempotency-Key', () => {
  const json = { to: 'a@b.example' };

  it('reaches the use case with the route, the id and the exact body', async () => {
    const world = createWorld();
    const body = '{ "code" : "123456" }';
    await world.fetch('POST', '/v1/verifications/vrf_1/checks', { body, headers: { 'idempotency-key': 'k 1' } });
    expect(world.asked[0]?.args[3]).toEqual({ key: 'k 1', path: 'POST /v1/verifications/vrf_1/checks', body });
  });

  it('goes through `once` where the use case takes none', async () => {
    const world = createWorld();
    await world.fetch('POST', '/v1/directory', { json, headers: { 'idempotency-key': 'k' } });
    expect(world.asked.map(({ use }) => use)).toEqual(['once', 'put']);
    expect(world.asked[0]?.args[0]).toEqual({ key: 'k', path: 'POST /v1/directory', body: JSON.stringify(json) });
  });

  it.each(['', 'x'.repeat(256), 'é', 'a\tb'])('%j is 400', async (key) => {
    const world = createWorld();
    const response = await world.fetch('POST', '/v1/verifications', { json, headers: { 'idempotency-key': key } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer: '#header/Idempotency-Key' }] });
    expect(world.asked).toEqual([]);
  });

  it('is taken by every POST that needs a key', async () => {
    const { ROUTES } = await import('../../src/http/index.ts');
    expect(
      ROUTES.filter(({ method, idempotent, scope }) => method === 'POST' && scope !== null && idempotent !== true),
    ).toEqual([]);
  });
});
