import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

describe('A11: replay', () => {
  it('refuses a right code the second time, in any spelling (A12)', async () => {
    world = await createWorld();
    const { id, code } = await world.startAndRead();
    const first = await world.service.verify.check(world.caller(), id, { code });
    expect(first).toMatchObject({ ok: true, value: { result: 'approved' } });
    for (const spelling of [
      code,
      ` ${code} `,
      `${code.slice(0, 3)} ${code.slice(3)}`,
      `${code.slice(0, 3)}-${code.slice(3)}`,
    ]) {
      const again = await world.service.verify.check(world.caller(), id, { code: spelling });
      expect(again).toMatchObject({ ok: true, value: { result: 'closed' } });
    }
  });

  it('takes an old code after a resend of a new one as wrong, and counts it', async () => {
    world = await createWorld({ policies: { login: { resend_code: 'new' } } });
    const { id, code: old } = await world.startAndRead();
    world.clock.now += 30_000;
    await world.service.verify.resend(world.caller(), id, {});
    await world.service.worker.tick();
    const fresh = world.sink.last().code.reveal();
    // One run in a million draws the same code again.
    expect(fresh).not.toBe(old);
    const replayed = await world.service.verify.check(world.caller(), id, { code: old });
    expect(replayed).toMatchObject({ ok: true, value: { result: 'incorrect', verification: { checks: 1 } } });
    const right = await world.service.verify.check(world.caller(), id, { code: fresh });
    expect(right).toMatchObject({ ok: true, value: { result: 'approved' } });
  });

  it('sends the same code again under resend_code same, and it still works', async () => {
    world = await createWorld();
    const { id, code } = await world.startAndRead();
    world.clock.now += 30_000;
    await world.service.verify.resend(world.caller(), id, {});
    await world.service.worker.tick();
    expect(world.sink.messages.map((message) => message.code.reveal())).toEqual([code, code]);
    const right = await world.service.verify.check(world.caller(), id, { code });
    expect(right).toMatchObject({ ok: true, value: { result: 'approved' } });
  });

  it('answers an approved check again for its own idempotency key, and a second guess only for itself', async () => {
    world = await createWorld();
    const { id, code } = await world.startAndRead();
    const request = { key: 'k1', path: `POST /v1/verifications/${id}/checks`, body: JSON.stringify({ code }) };
    const first = await world.service.verify.check(world.caller(), id, { code, receipt: true }, request);
    const again = await world.service.verify.check(world.caller(), id, { code, receipt: true }, request);
    expect(again).toEqual(first);
    const other = await world.service.verify.check(world.caller(), id, { code }, { ...request, key: 'k2' });
    expect(other).toMatchObject({ ok: true, value: { result: 'closed', receipt: null } });
    // Nothing was committed for it, and still its answer is kept.
    expect(await world.service.verify.check(world.caller(), id, { code }, { ...request, key: 'k2' })).toEqual(other);
    const changed = await world.service.verify.check(world.caller(), id, { code }, { ...request, body: '{}' });
    expect(changed).toMatchObject({ ok: false, problem: { code: 'idempotency_mismatch' } });
  });

  it('answers an approved check by destination again for its own idempotency key', async () => {
    world = await createWorld({ policies: { login: { on_open: 'replace', check_by_destination: true } } });
    const { code } = await world.startAndRead();
    const request = { key: 'k1', path: 'POST /v1/checks', body: JSON.stringify({ code }) };
    const input = { to: '+14155552671', code };
    const first = await world.service.verify.checkByDestination(world.caller(), input, request);
    expect(first).toMatchObject({ ok: true, value: { result: 'approved' } });
    expect(await world.service.verify.checkByDestination(world.caller(), input, request)).toEqual(first);
    const other = await world.service.verify.checkByDestination(world.caller(), input);
    expect(other).toMatchObject({ ok: false, problem: { code: 'verification_not_found' } });
  });
});
