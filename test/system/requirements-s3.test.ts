import { afterEach, describe, expect, it } from 'vitest';
import { wrongCode } from '../support/world.ts';
import { createFlow, type Flow } from './flow.ts';

const PHONE = '+14155552671';
const DAY = 86_400_000;
let flow: Flow;
afterEach(() => flow.close());

describe('what S3 (django-phone-verify) asks for', () => {
  it('S3.1: numbers are verified by SMS', async () => {
    flow = await createFlow();
    const one = await flow.begin(PHONE);
    expect(one.message).toMatchObject({ channel: 'sms', to: PHONE });
    expect(await flow.verdict(one, one.code)).toBe('approved');
  });

  it.each([4, 6, 8, 10])('S3.2: codes of %i digits can be configured', async (length) => {
    flow = await createFlow();
    expect((await flow.call('PUT', '/v1/policies/login', { code: { length } })).status).toBe(200);
    flow.pass(1_000);
    const one = await flow.begin(PHONE);
    expect(one.code).toMatch(new RegExp(`^[0-9]{${length}}$`));
    expect(await flow.verdict(one, one.code)).toBe('approved');
  });

  it.each([30, 3_600, 86_400])('S3.5: a life of %i seconds can be configured', async (seconds) => {
    flow = await createFlow();
    await flow.call('PUT', '/v1/policies/login', { ttl_seconds: seconds });
    flow.pass(1_000);
    const [early, late] = [await flow.begin(PHONE), await flow.begin(PHONE)];
    // D3.1: no unit of time wraps round.
    flow.pass(seconds * 1_000 - 1);
    expect(await flow.verdict(early, early.code)).toBe('approved');
    flow.pass(1 + DAY);
    expect(await flow.verdict(late, late.code)).toBe('expired');
  });

  it('S3.7: no user is needed: the caller’s own reference and metadata come back untouched', async () => {
    flow = await createFlow();
    const one = await flow.begin(PHONE, { reference: 'user-1042', metadata: { plan: 'free' } });
    const verified = await flow.submit(one, one.code);
    expect(verified.body['verification']).toMatchObject({ reference: 'user-1042', metadata: { plan: 'free' } });
    expect((await flow.call('GET', '/v1/verifications?reference=user-1042')).body['data']).toHaveLength(1);
  });

  it.each(['login', 'signup', 'payment', 'recovery', 'caller_check', 'anything.else'])(
    'S3.8: %s is a use with words and rules of its own',
    async (purpose) => {
      flow = await createFlow({ policies: { payment: { max_checks: 1 } } });
      const one = await flow.begin(PHONE, { purpose });
      expect(one.answer.body['purpose']).toBe(purpose);
      expect(one.answer.body['checks_remaining']).toBe(purpose === 'payment' ? 1 : 5);
      expect(await flow.verdict(one, one.code)).toBe('approved');
    },
  );

  it('S3.9: the endpoints are there, and described', async () => {
    flow = await createFlow();
    const { paths } = (await flow.call('GET', '/openapi.json')).body;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/v1/verifications',
        '/v1/verifications/{id}/checks',
        '/v1/verifications/{id}/sends',
        '/v1/checks',
      ]),
    );
  });

  it('S3.15: valid, invalid, expired, already verified, unknown and too many attempts are told apart', async () => {
    flow = await createFlow({ policies: { login: { max_checks: 2 } } });
    const [valid, spent, late] = [await flow.begin(PHONE), await flow.begin(PHONE), await flow.begin(PHONE)];
    const words = [
      await flow.verdict(valid, wrongCode(valid.code)),
      await flow.verdict(valid, valid.code),
      await flow.verdict(valid, valid.code),
    ];
    for (let i = 0; i < 3; i++) words.push(await flow.verdict(spent, wrongCode(spent.code)));
    flow.pass(600_000);
    words.push(await flow.verdict(late, late.code));
    words.push(await flow.verdict({ path: `/v1/verifications/vrf_${'0'.repeat(30)}` }, '123456'));
    expect(words).toEqual([
      'incorrect',
      'approved',
      'closed',
      'incorrect',
      'incorrect',
      'exhausted',
      'expired',
      'verification_not_found',
    ]);
  });

  it('S3.30: a code shorter than the minimum is refused where it is configured', async () => {
    flow = await createFlow();
    for (const length of [3, 0, -1, 11]) {
      const answer = await flow.call('PUT', '/v1/policies/login', { code: { length } });
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ pointer: '/code/length' }] },
      });
    }
    expect((await flow.begin(PHONE)).code).toHaveLength(6);
  });

  it('S3.32: records are kept thirty days unless the policy says otherwise', async () => {
    flow = await createFlow({ policies: { payment: { retention_days: 1 }, desk: { preset: 'desk' } } });
    for (const purpose of ['login', 'payment', 'desk']) {
      const one = await flow.begin(PHONE, { purpose });
      await flow.verdict(one, one.code);
    }
    const purged: number[] = [];
    for (const days of [1, 28, 1, 3_000]) {
      flow.pass(days * DAY);
      purged.push(await flow.store.records.purge(flow.clock.now, 100));
    }
    expect(purged).toEqual([1, 0, 1, 0]);
  });

  it('S3.33: expiry and failed attempts are fields and filters', async () => {
    flow = await createFlow();
    const one = await flow.begin(PHONE);
    await flow.verdict(one, wrongCode(one.code));
    flow.pass(600_000);
    const listed = await flow.call('GET', '/v1/verifications?status=expired');
    expect(listed.body['data']).toMatchObject([{ id: one.id, status: 'expired', checks: 1, approved_at: null }]);
    expect((await flow.call('GET', '/v1/verifications?created_before=2026-01-01T00:00:00Z')).body['data']).toEqual([]);
  });

  it('S3.50: an application can narrow the countries', async () => {
    flow = await createFlow();
    await flow.call('PATCH', `/v1/applications/${flow.application.id}`, { countries: ['US', 'CA'] });
    flow.pass(1_000);
    expect(await flow.refusal({ to: '+442079460123' })).toBe('403 country_not_allowed');
    expect((await flow.begin(PHONE)).answer.status).toBe(201);
    expect(flow.sink.messages.map(({ to }) => to)).toEqual([PHONE]);
  });

  it('S3.51: numbers are masked in answers, and not in the log at all', async () => {
    flow = await createFlow();
    const one = await flow.begin(PHONE);
    expect(one.answer.body['to'].masked).toBe('+1 415 ••• ••71');
    expect(one.answer.text).not.toContain('5552671');
    expect(JSON.stringify(flow.logs)).not.toContain('5552671');
    expect(flow.logs.length).toBeGreaterThan(0);
  });

  it('S3.52: nothing tells whether a number is registered', async () => {
    flow = await createFlow({ policies: { login: { preset: 'customer-login' } } });
    await flow.call('POST', '/v1/directory', { to: PHONE });
    const [known, unknown] = [
      await flow.call('POST', '/v1/verifications', { to: PHONE }),
      await flow.call('POST', '/v1/verifications', { to: '+14155553671' }),
    ];
    const bare = (text: string): string => text.replaceAll(/(vrf|req)_\w+/g, '$1');
    expect(bare(unknown.text)).toBe(bare(known.text));
    expect(unknown.status).toBe(known.status);
  });

  it.each(['<b>Acme</b>', 'Acme <script>', 'evil.tk/x', 'Ac\u202eme', 'x'.repeat(41)])(
    'S3.54: %j is no brand for a message',
    async (brand) => {
      flow = await createFlow();
      expect((await flow.call('PATCH', `/v1/applications/${flow.application.id}`, { brand })).status).toBe(400);
    },
  );

  it('S3.54: what callers send along never becomes part of the message', async () => {
    flow = await createFlow();
    const text = '<a href="https://evil.example">{{code}}</a>';
    const { message } = await flow.begin('ann@example.com', {
      metadata: { name: text },
      reference: text,
      context: { name: text },
    });
    expect(`${message.subject} ${message.text} ${message.html}`).not.toMatch(/evil|\{\{/);
  });
});
