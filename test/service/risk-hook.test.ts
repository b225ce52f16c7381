import { afterEach, describe, expect, it } from 'vitest';
import type { RiskAnswer, RiskHook } from '../../src/ports/risk-hook.ts';
import { createHttpWorld } from '../support/world.ts';

const TO = '+61491570156';
type Given = Partial<Pick<RiskHook, 'onFailure' | 'facts'>> & { readonly answer: RiskAnswer };
let world: Awaited<ReturnType<typeof createHttpWorld>>;
afterEach(() => world.close());

/** Starts with a hook that answers so; what it was asked is kept. */
async function started({ answer, onFailure = 'challenge', facts = 'masked' }: Given, extra: object = {}) {
  const asked: { readonly id: string; readonly body: string }[] = [];
  const riskHook: RiskHook = {
    onFailure,
    facts,
    async ask(id, body) {
      asked.push({ id, body });
      return answer;
    },
  };
  world = await createHttpWorld({ riskHook });
  const reply = await world.call('POST', '/v1/verifications', { to: TO, signals: { ip: '203.0.113.9' }, ...extra });
  await world.service.worker.tick();
  return { asked, reply, messages: world.sink.messages.length };
}

const decided = (decision: 'allow' | 'challenge' | 'deny'): RiskAnswer => ({
  type: 'decided',
  decision,
  reason: 'sim_swap',
});
const SILENT: RiskAnswer = { type: 'failed', detail: 'no answer within 1500 ms' };

describe('A47: the risk hook', () => {
  it('is asked before anything is sent, with masked facts, and lets a start go', async () => {
    const { asked, reply, messages } = await started({ answer: decided('allow') });
    expect([reply.status, messages]).toEqual([201, 1]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.id).toMatch(/^rsk_[0-9A-Z]{20}$/);
    const { type, data } = JSON.parse(asked[0]?.body ?? '');
    expect([type, data.to, data.actor, data.purpose, data.channel]).toEqual([
      'start.assess',
      { type: 'phone', masked: expect.stringContaining('•'), country: 'AU', line_type: 'mobile' },
      'api_key',
      'login',
      'sms',
    ]);
    expect(asked[0]?.body).not.toMatch(/491570156|203\.0\.113/);
  });

  it('is told the number and the address where the operator wants that, to look for a swapped SIM', async () => {
    const { asked } = await started({ answer: decided('allow'), facts: 'full' });
    expect(JSON.parse(asked[0]?.body ?? '').data).toMatchObject({ to: { value: TO }, ip: '203.0.113.9' });
  });

  it('denies: a blocked verification is recorded and nothing is sent', async () => {
    const { reply, messages } = await started({ answer: decided('deny') });
    expect([reply.status, reply.body['status'], reply.body['status_reason'], messages]).toEqual([
      201,
      'blocked',
      'rule:risk_hook',
      0,
    ]);
  });

  it.each([
    ['blocked', 'deny', decided('deny'), 'sim_swap'],
    ['started', 'allow', decided('allow'), 'sim_swap'],
    ['started', 'allow', { type: 'decided', decision: 'allow', reason: null } as const, undefined],
    ['started', 'allow', SILENT, 'no_answer'],
  ] as const)('is on record in the event %s: %s', async (type, risk, answer, reason) => {
    const { reply } = await started({ answer, onFailure: 'allow' });
    const events = await world.call('GET', `/v1/verifications/${reply.body['id']}/events`);
    const [first] = events.body['data'];
    expect([first.type, first.data.risk, first.data.risk_reason]).toEqual([type, risk, reason]);
    expect(JSON.stringify(reply.body)).not.toContain('sim_swap');
  });

  it('asks for a challenge: refused where none can be shown', async () => {
    const { reply, messages } = await started({ answer: decided('challenge') });
    expect([reply.status, reply.body['code'], messages]).toEqual([403, 'challenge_required', 0]);
    expect((await world.call('GET', '/v1/verifications')).body['data']).toEqual([]);
  });

  it.each([
    ['allow', 201, 1],
    ['challenge', 403, 0],
    ['deny', 201, 0],
  ] as const)('that does not answer counts as the setting says: %s', async (onFailure, status, messages) => {
    const done = await started({ answer: SILENT, onFailure });
    expect([done.reply.status, done.messages]).toEqual([status, messages]);
    expect(world.logs.find(({ event }) => event === 'risk_hook.failed')).toMatchObject({
      level: 'error',
      decision: onFailure,
      detail: 'no answer within 1500 ms',
    });
  });

  it('is not asked about test keys, nor about what only looks', async () => {
    const { asked } = await started({ answer: decided('allow') });
    const test = { authorization: `Bearer ${world.keys.test}` };
    await world.call('POST', '/v1/verifications', { to: TO }, test);
    await world.call('POST', '/v1/preview', { to: TO });
    expect(asked).toHaveLength(1);
  });
});
