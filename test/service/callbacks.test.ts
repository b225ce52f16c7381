import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryReport, ReportReading, ReportRequest } from '../../src/ports/channel.ts';
import { createHttpWorld, Sink } from '../support/world.ts';

const REPORT: DeliveryReport = {
  messageId: 'm1',
  status: 'delivered',
  at: null,
  error: null,
  segments: 2,
  price: '0.0150 USD',
  suppress: null,
};

/** A provider whose signature is a header, and whose report is its body. */
class Reporter extends Sink {
  readonly secret: string;
  readonly asked: ReportRequest[] = [];
  ids = 0;

  constructor(name: string, secret: string) {
    super(name);
    this.secret = secret;
    this.answer = () => ({ type: 'accepted', messageId: `m${++this.ids}` });
  }

  async report(request: ReportRequest): Promise<ReportReading> {
    this.asked.push(request);
    if (request.header('signature') !== this.secret) return { type: 'refused', reason: 'the signature is not right' };
    if (request.method === 'GET') return { type: 'answer', body: 'challenge' };
    return { type: 'reports', reports: JSON.parse(request.body) as DeliveryReport[] };
  }
}

let world: Awaited<ReturnType<typeof createHttpWorld>>;
let reporter: Reporter;
beforeEach(async () => {
  reporter = new Reporter('acme:+1', 'right');
  world = await createHttpWorld({ providers: { sms: [reporter] } });
  world.env.sleep = async () => undefined;
});
afterEach(() => world.close());

async function begin(to = '+14155552671'): Promise<string> {
  const started = await world.service.verify.start(world.caller(), { to });
  await world.service.worker.tick();
  return started.ok ? started.value.verification.id : '';
}

const report = (reports: readonly Partial<DeliveryReport>[], signature = 'right', path = '/callbacks/acme') =>
  world.call('POST', path, JSON.stringify(reports.map((one) => ({ ...REPORT, ...one }))), {
    signature,
    authorization: '',
  });

const sendOf = async (id: string) => (await world.store.records.sends(id))[0];

describe('a delivery report', () => {
  it('shows in the send and as an event, with price and segments, and tells webhooks', async () => {
    const id = await begin();
    await world.call('POST', '/v1/webhooks', { url: 'https://shop.example/', events: ['send.delivered'] });
    world.clock.now += 1_000;
    expect((await report([{}])).status).toBe(200);
    const sends = await world.call('GET', `/v1/verifications/${id}/sends`);
    expect(sends.body['data'][0]).toMatchObject({ status: 'delivered', cost: '0.0150 USD', segments: 2 });
    const events = await world.call('GET', `/v1/verifications/${id}/events`);
    expect(events.body['data'].map(({ type }: { type: string }) => type)).toContain('delivered');
    await world.service.worker.tick();
    expect(JSON.parse(world.posts[0]?.body ?? '{}')).toMatchObject({
      type: 'send.delivered',
      data: { verification: id },
    });
  });

  it('never takes parts away: some providers tell of each by itself', async () => {
    const id = await begin();
    for (const [segments, shown] of [
      [3, 3],
      [1, 3],
      [null, 3],
    ] as const) {
      await report([{ segments }]);
      expect(await sendOf(id)).toMatchObject({ segments: shown });
    }
  });

  it('A41: without the right signature changes nothing', async () => {
    const id = await begin();
    const refused = await report([{}], 'wrong');
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ code: 'unauthenticated', detail: expect.stringContaining('signature') });
    expect(await sendOf(id)).toMatchObject({ status: 'accepted' });
  });

  it('is asked for what proves it, which some clients send only then (RFC 9110 section 15.5.2)', async () => {
    const { headers } = await report([{}], 'wrong');
    expect(headers.get('www-authenticate')).toBe('Basic realm="callbacks"');
  });

  it('about a message nobody knows, or of a provider that is not there, is told apart and harmless', async () => {
    await begin();
    expect((await report([{ messageId: 'nobody' }])).status).toBe(200);
    expect((await report([{}], 'right', '/callbacks/other')).status).toBe(404);
    expect((await report([{}], 'right', '/callbacks/constructor')).status).toBe(404);
  });

  it('is read by the account it was signed for', async () => {
    await world.close();
    const [first, second] = [new Reporter('acme:+1', 'one'), new Reporter('acme:+2', 'two')];
    first.answer = () => ({ type: 'failure', kind: 'rejected', retry: 'final', detail: 'no' });
    world = await createHttpWorld({ providers: { sms: [first, second] } });
    const id = await begin();
    expect((await report([{}], 'two')).status).toBe(200);
    expect(await sendOf(id)).toMatchObject({ status: 'delivered' });
  });

  it('that a message did not arrive has its provider asked last for the next one of the verification', async () => {
    await world.close();
    const [first, second] = [new Reporter('acme:one', 'one'), new Reporter('acme:two', 'two')];
    world = await createHttpWorld({ providers: { sms: [first, second] } });
    const id = await begin();
    await report([{ status: 'undelivered' }], 'one');
    world.clock.now += 31_000;
    expect((await world.service.verify.resend(world.caller(), id, {})).ok).toBe(true);
    await world.service.worker.tick();
    expect([first.messages.length, second.messages.length]).toEqual([1, 1]);
    await begin('+14155552672');
    expect([first.messages.length, second.messages.length]).toEqual([2, 1]);
  });

  it('A41: cannot approve, close or open a verification, also after its end', async () => {
    const id = await begin();
    await report([{ status: 'failed' }]);
    expect((await world.call('GET', `/v1/verifications/${id}`)).body).toMatchObject({ status: 'pending', checks: 0 });
    const other = await begin('+14155552672');
    await world.service.verify.cancel(world.caller(), other);
    await report([{ messageId: 'm2' }]);
    expect((await world.call('GET', `/v1/verifications/${other}`)).body).toMatchObject({ status: 'canceled' });
    expect(await sendOf(other)).toMatchObject({ status: 'delivered' });
  });

  it('finds its message though it came before our own commit', async () => {
    const { get } = world.store.documents;
    let asked = 0;
    world.store.documents.get = async (kind, id) => (asked++ === 0 ? null : get(kind, id));
    const id = await begin();
    await report([{}]);
    expect(await sendOf(id)).toMatchObject({ status: 'delivered' });
  });

  it('A41, F8: in any order and number leads only forward', async () => {
    let line = 2_000;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('sent', 'delivered', 'undelivered', 'failed'), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (news, together) => {
          const id = await begin(`+1415555${line++}`);
          const messageId = `m${reporter.ids}`;
          const reports = news.map((status) => ({ messageId, status }) as Partial<DeliveryReport>);
          if (together) await Promise.all(reports.map((one) => report([one])));
          else for (const one of reports) await report([one]);
          const ends = news.filter((status) => status !== 'sent');
          const status = (await sendOf(id))?.status ?? '';
          if (ends.length === 0) expect(status).toBe('sent');
          else if (together) expect(ends).toContain(status);
          else expect(status).toBe(ends[0]);
          const events = await world.store.records.events(id);
          expect(events.filter(({ type }) => type === 'delivered' || type === 'undelivered').length).toBe(
            Math.min(1, ends.length),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});

it('a channel that hears of deliveries itself tells them the same way', async () => {
  await world.close();
  const centre = Object.assign(new Sink('smpp:1'), { tellsReports: true as const });
  centre.answer = () => ({ type: 'accepted', messageId: 'm1' });
  world = await createHttpWorld({ providers: { sms: [centre] } });
  world.env.sleep = async () => undefined;
  const id = await begin();
  await world.service.report('smpp:2', REPORT);
  expect(await sendOf(id)).toMatchObject({ status: 'accepted' });
  await world.service.report('smpp:1', REPORT);
  expect(await sendOf(id)).toMatchObject({ status: 'delivered' });
});

describe('the callback address', () => {
  it('answers the provider’s handshake and passes on the exact body, query and public address', async () => {
    const answer = await world.call('GET', '/callbacks/acme?hub=1', undefined, {
      signature: 'right',
      authorization: '',
    });
    expect([answer.status, answer.text]).toEqual([200, 'challenge']);
    expect(reporter.asked.at(-1)?.url).toMatch(/\/callbacks\/acme\?hub=1$/);
  });

  it('takes no more than a megabyte', async () => {
    const answer = await world.call('POST', '/callbacks/acme', 'x'.repeat(1_048_577), { signature: 'right' });
    expect(answer.status).toBe(413);
    expect(reporter.asked).toEqual([]);
  });
});
