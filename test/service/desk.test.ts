import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/service/index.ts';
import { createWorld, type World } from '../support/world.ts';

const PHONE = '+14155552671';
const SKIP = {
  cause: 'in_store',
  confirmation: 'photo_identity',
  note: 'Passport seen, Ann Lee, in the store',
} as const;

let world: World;
let agent: Caller;

beforeEach(async () => {
  world = await createWorld({
    policies: {
      caller_check: { preset: 'desk' },
      reviewed: { preset: 'desk', override: 'with_review' },
      short: { preset: 'desk', retention_days: 1 },
      login: { override: 'never' },
    },
  });
  agent = { ...world.caller(), actor: { type: 'agent', id: 'agt_1' } };
});
afterEach(() => world.close());

async function start(extra: Record<string, unknown> = {}, as = agent) {
  return world.service.verify.start(as, { to: PHONE, purpose: 'caller_check', reason: 'SIM swap', ...extra });
}

async function started(extra: Record<string, unknown> = {}): Promise<string> {
  const result = await start(extra);
  if (!result.ok) throw new Error(result.problem.code);
  return result.value.verification.id;
}

describe('a reason (S0.53, S0.54)', () => {
  it('is asked of agents where the policy says so, and must be one of the list', async () => {
    const { reason: _, ...none } = { reason: null };
    expect(await world.service.verify.start(agent, { to: PHONE, purpose: 'caller_check', ...none })).toMatchObject({
      ok: false,
      problem: { code: 'invalid_request', errors: [{ pointer: '/reason', code: 'missing' }] },
    });
    expect(await start({ reason: 'because' })).toMatchObject({
      ok: false,
      problem: { errors: [{ pointer: '/reason', code: 'unknown_reason' }] },
    });
    expect((await start()).ok).toBe(true);
  });

  it('is not asked of programs, which may say what they like', async () => {
    expect((await start({ reason: 'order 7' }, world.caller())).ok).toBe(true);
    expect((await world.service.verify.start(world.caller(), { to: PHONE, purpose: 'caller_check' })).ok).toBe(true);
  });

  it('filters the records of the desk, which name who asked and why', async () => {
    const id = await started();
    await started({ reason: 'Activation' });
    const found = await world.service.desk.search(agent, { reason: 'SIM swap' });
    expect(found).toMatchObject({
      ok: true,
      value: { data: [{ id, reason: 'SIM swap', actor: { type: 'agent', id: 'agt_1' }, override: 'with_note' }] },
    });
  });
});

describe('going on without a code (S0.17)', () => {
  it('ends the verification as skipped, never as verified, and keeps the note sealed', async () => {
    const { id, code } = await world.startAndRead(PHONE, { purpose: 'caller_check', reason: 'SIM swap' }, agent);
    const skipped = await world.service.desk.skip(agent, id, SKIP);
    expect(skipped).toMatchObject({
      ok: true,
      value: { status: 'skipped', status_reason: 'override', approved_at: null },
    });
    expect(await world.service.verify.check(agent, id, { code })).toMatchObject({
      ok: true,
      value: { result: 'closed' },
    });
    const notes = await world.service.desk.notes(agent, id);
    expect(notes).toMatchObject({ ok: true, value: [{ text: SKIP.note, actor: { id: 'agt_1' } }] });
    const stored = await world.store.documents.list({ kind: 'note', index: id, limit: 9 });
    expect(stored[0]?.body).not.toContain('Passport');
    const events = await world.service.records.events(agent, id);
    expect(JSON.stringify(events)).not.toContain('Passport');
    expect(events.ok && events.value.data.at(-1)).toMatchObject({
      type: 'skipped',
      data: { cause: 'in_store', confirmation: 'photo_identity' },
    });
  });

  it.each(['', '   too short   ', 'x'.repeat(501)])(
    'is refused without notes that say something: "%s"',
    async (note) => {
      const id = await started();
      expect(await world.service.desk.skip(agent, id, { ...SKIP, note })).toMatchObject({
        ok: false,
        problem: { errors: [{ pointer: '/note' }] },
      });
      expect(await world.service.verify.get(agent, id)).toMatchObject({ value: { status: 'pending' } });
    },
  );

  it('is forbidden where the policy lets nobody, and of another tenant’s there is nothing', async () => {
    const id = await started({ purpose: 'login', reason: 'SIM swap' });
    expect(await world.service.desk.skip(agent, id, SKIP)).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
    const other = { ...agent, application: { ...agent.application, id: 'app_other' } };
    const foreign = await world.service.desk.skip(other, id, SKIP);
    expect(foreign).toMatchObject({ ok: false, problem: { code: 'verification_not_found' } });
    expect(await world.service.desk.notes(other, id)).toMatchObject({ ok: false });
  });

  it('of a closed one answers that it is closed, and of an expired one too', async () => {
    const id = await started();
    await world.service.verify.cancel(agent, id);
    expect(await world.service.desk.skip(agent, id, SKIP)).toMatchObject({ problem: { code: 'verification_closed' } });
    const late = await started();
    world.clock.now += 301_000;
    expect(await world.service.desk.skip(agent, late, SKIP)).toMatchObject({
      problem: { code: 'verification_closed' },
    });
  });

  it('may be recorded without sending anything: no message, no limit used', async () => {
    const skipped = await world.service.desk.skipWithoutSending(agent, {
      to: PHONE,
      purpose: 'caller_check',
      reason: 'SIM swap',
      reference: 'HM-1',
      ...SKIP,
    });
    expect(skipped).toMatchObject({
      ok: true,
      value: { status: 'skipped', sends: 0, reference: 'HM-1', to: { masked: '+1 415 ••• ••71' } },
    });
    await world.service.worker.tick();
    expect(world.sink.messages).toEqual([]);
    const bad = { purpose: 'caller_check', reason: 'SIM swap', ...SKIP };
    expect(await world.service.desk.skipWithoutSending(agent, { ...bad, to: '+1' })).toMatchObject({
      problem: { code: 'invalid_destination' },
    });
    const { note: _, ...rest } = bad;
    expect(await world.service.desk.skipWithoutSending(agent, { ...rest, to: PHONE, note: '' })).toMatchObject({
      ok: false,
    });
  });

  it('and a right code at the same moment: one of them wins', async () => {
    const { id, code } = await world.startAndRead(PHONE, { purpose: 'caller_check', reason: 'SIM swap' }, agent);
    const [skipped, checked] = await Promise.all([
      world.service.desk.skip(agent, id, SKIP),
      world.service.verify.check(agent, id, { code }),
    ]);
    const approved = checked.ok && checked.value.result === 'approved';
    expect(skipped.ok).toBe(!approved);
  });
});

describe('notes', () => {
  it('are at most 200, and the next one is refused and not kept', async () => {
    const id = await started();
    for (let i = 0; i < 200; i++) {
      world.clock.now += 1;
      expect((await world.service.desk.addNote(agent, id, `Note ${i}`)).ok).toBe(true);
    }
    const refused = await world.service.desk.addNote(agent, id, 'One too many');
    expect(refused).toMatchObject({ ok: false, problem: { code: 'conflict' } });
    expect(await world.store.documents.list({ kind: 'note', index: id, limit: 300 })).toHaveLength(200);
  });

  it('can be added to a closed record, in order, and go with it or with the person', async () => {
    const id = await started({ purpose: 'short' });
    await world.service.verify.cancel(agent, id);
    expect((await world.service.desk.addNote(agent, id, 'Rang off')).ok).toBe(true);
    world.clock.now += 1;
    expect((await world.service.desk.addNote(agent, id, 'Rang again')).ok).toBe(true);
    const notes = await world.service.desk.notes(agent, id);
    expect(notes.ok && notes.value.map(({ text }) => text)).toEqual(['Rang off', 'Rang again']);
    const [stored] = await world.store.documents.list({ kind: 'note', index: id, limit: 1 });
    expect(stored?.endsAt).toBeGreaterThan(world.clock.now);
    await world.service.records.erase(agent, PHONE);
    expect(await world.service.desk.notes(agent, id)).toEqual({ ok: true, value: [] });
  });
});
